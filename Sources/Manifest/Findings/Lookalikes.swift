import JSON

/// Which names of a kind look like another's.
struct Lookalikes {
  private let names: [JSONString]
  private let others: [JSONString]
  /// Made at the first question: most listings need none.
  private var groups: [[UInt8]: Set<JSONString>]?

  /// - Parameters:
  ///   - names: those of one listing.
  ///   - others: names beside them, such as those approved before.
  init(of names: [JSONString], beside others: [JSONString]) {
    self.names = names
    self.others = others
  }

  /// Whether another name, of other bytes, looks like this one.
  ///
  /// Asked for each name of a listing, of which all may look alike: it goes through no group.
  mutating func has(_ name: JSONString) -> Bool {
    let group = group(of: name)
    return group.count > (group.contains(name) ? 1 : 0)
  }

  /// The other names, ascending.
  mutating func alike(_ name: JSONString) -> [JSONString] {
    group(of: name).subtracting([name]).sorted()
  }

  private mutating func group(of name: JSONString) -> Set<JSONString> {
    let groups = groups ?? Lookalikes.grouped(names + others)
    self.groups = groups
    return groups[Lookalikes.shape(of: name)] ?? []
  }

  private static func grouped(_ names: [JSONString]) -> [[UInt8]: Set<JSONString>] {
    var groups: [[UInt8]: Set<JSONString>] = [:]
    for name in names { groups[shape(of: name), default: []].insert(name) }
    return groups
  }

  /// What is left of a name where case, invisible characters, and the difference between letters that
  /// look alike are left aside: equal for two names that a person might take for one.
  static func shape(of name: JSONString) -> [UInt8] {
    var shape: [UInt8] = []
    shape.reserveCapacity(name.utf8.count)
    for scalar in name.string.unicodeScalars {
      let alike = Confusables.ascii(scalar)
      if scalar.isASCII || alike != nil {
        append(Letters.small(alike ?? UInt8(scalar.value)), to: &shape)
      } else if !Confusables.isUnseen(scalar) && !Confusables.isMark(scalar) {
        shape += scalar.properties.lowercaseMapping.utf8
      }
    }
    return shape
  }

  private static func append(_ byte: UInt8, to shape: inout [UInt8]) {
    switch byte {
    case UInt8(ascii: "i"), UInt8(ascii: "l"), UInt8(ascii: "1"), UInt8(ascii: "|"):
      shape.append(UInt8(ascii: "l"))
    case UInt8(ascii: "0"): shape.append(UInt8(ascii: "o"))
    case UInt8(ascii: "n") where shape.last == UInt8(ascii: "r"):
      shape[shape.count - 1] = UInt8(ascii: "m")
    case UInt8(ascii: "v") where shape.last == UInt8(ascii: "v"):
      shape[shape.count - 1] = UInt8(ascii: "w")
    case ..<0x20, 0x7F: break
    default: shape.append(byte)
    }
  }
}
