/// Finds a method by the bytes of its name: one probe of a small table and one comparison.
///
/// Every message comes by here, so that the table is two flat arrays and a lookup touches few of
/// their bytes.
struct MethodNames: Sendable {
  private static let shared = MethodNames()

  /// A method and where its name stands in `text`.
  private struct Slot: Sendable {
    var method: Method?
    var start: UInt16 = 0
    var end: UInt16 = 0
  }

  /// By hash. Three quarters are empty, so that a search ends soon.
  private let slots: [Slot]
  private let text: [UInt8]
  private static let slotCount = 128
  /// No name is shorter.
  private static let shortest = 4

  private init() {
    var text: [UInt8] = []
    var slots = [Slot](repeating: Slot(), count: Self.slotCount)
    for method in Method.allCases {
      let name = Array(method.rawValue.utf8)
      var at = Self.hash(name.span)
      while slots[at].method != nil { at = (at &+ 1) % Self.slotCount }
      slots[at] = Slot(
        method: method, start: UInt16(text.count), end: UInt16(text.count + name.count))
      text += name
    }
    self.slots = slots
    self.text = text
  }

  static func find(_ name: [UInt8]) -> Method? {
    shared.find(name.span)
  }

  @inline(__always)
  private func find(_ name: Span<UInt8>) -> Method? {
    guard name.count >= Self.shortest else { return nil }
    let slots = slots.span
    let text = text.span
    var at = Self.hash(name)
    while let method = slots[at].method {
      let start = Int(slots[at].start)
      if Int(slots[at].end) &- start == name.count {
        // Backwards: the names differ near their ends.
        var index = name.count &- 1
        while index >= 0, name[index] == text[start &+ index] { index &-= 1 }
        if index < 0 { return method }
      }
      at = (at &+ 1) % Self.slotCount
    }
    return nil
  }

  /// Of the length and three bytes: enough to tell most of the names apart.
  @inline(__always)
  private static func hash(_ name: Span<UInt8>) -> Int {
    let last = Int(name[name.count &- 1])
    let late = Int(name[name.count &- shortest])
    let middle = Int(name[name.count / 2])
    return (name.count &* 5 &+ last &* 3 &+ late &* 7 &+ middle &* 11) % slotCount
  }
}
