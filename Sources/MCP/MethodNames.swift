import JSON

/// Finds a method by the bytes of its name: one probe of a small table and one comparison.
struct MethodNames: Sendable {
  static let shared = MethodNames()

  private let methods = Method.allCases
  private let names: [JSONString]
  /// By hash; the index of a method, or `none`. Three quarters are empty, so that a search ends soon.
  private let slots: [UInt8]
  /// The longest name in bytes: nothing longer is looked at.
  private let longest: Int
  private static let slotCount = 128
  private static let none = UInt8.max

  private init() {
    names = Method.allCases.map { JSONString($0.rawValue) }
    longest = names.map(\.utf8.count).max() ?? 0
    var slots = [UInt8](repeating: Self.none, count: Self.slotCount)
    for (index, name) in names.enumerated() {
      var slot = Self.hash(name.utf8)
      while slots[slot] != Self.none { slot = (slot &+ 1) % Self.slotCount }
      slots[slot] = UInt8(index)
    }
    self.slots = slots
  }

  func find(_ name: [UInt8]) -> Method? {
    guard !name.isEmpty, name.count <= longest else { return nil }
    var slot = Self.hash(name)
    while slots[slot] != Self.none {
      let index = Int(slots[slot])
      if names[index].utf8 == name { return methods[index] }
      slot = (slot &+ 1) % Self.slotCount
    }
    return nil
  }

  /// The names differ in their lengths and near their ends.
  private static func hash(_ name: [UInt8]) -> Int {
    var hash = UInt32(truncatingIfNeeded: name.count)
    for byte in name.suffix(6) { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
    return Int(truncatingIfNeeded: (hash ^ (hash >> 15)) % UInt32(slotCount))
  }
}
