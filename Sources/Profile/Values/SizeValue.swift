/// A number of bytes, written as a whole number and a unit: `64MiB`.
public struct SizeValue: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let bytes: Int

  public init(bytes: Int) {
    self.bytes = bytes
  }

  public static func < (first: SizeValue, second: SizeValue) -> Bool {
    first.bytes < second.bytes
  }

  /// In the largest unit that leaves a whole number.
  public var description: String {
    for unit in Self.units.reversed() where bytes > 0 && bytes.isMultiple(of: unit.bytes) {
      return "\(bytes / unit.bytes)\(unit.name)"
    }
    return "\(bytes) bytes"
  }

  static let units: [(name: String, bytes: Int)] = [
    ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40),
  ]

  /// - Throws: `badSize` for anything but digits without a leading zero and one of the units.
  static func parse(_ text: String) throws(ValueFault) -> SizeValue {
    let digits = text.utf8.prefix(while: \.isDigit)
    let unit = text.utf8.dropFirst(digits.count)
    if let known = units.first(where: { $0.name.utf8.elementsEqual(unit) }),
      digits.first != UInt8(ascii: "0"),
      let number = Int(String(decoding: digits, as: UTF8.self))
    {
      let (bytes, overflow) = number.multipliedReportingOverflow(by: known.bytes)
      if !overflow { return SizeValue(bytes: bytes) }
    }
    throw ValueFault(
      .badSize, "\(Printable.quoted(text)) is not a size", hint: hint(digits: digits, unit: unit))
  }

  private static func hint(digits: Substring.UTF8View, unit: Substring.UTF8View) -> String {
    let letter = String(decoding: unit.drop { $0 == 0x20 }.prefix(1), as: UTF8.self).uppercased()
    if let number = Int(String(decoding: digits, as: UTF8.self)), number > 0,
      let meant = units.first(where: { $0.name.hasPrefix(letter) && !letter.isEmpty })
    {
      return "did you mean \"\(number)\(meant.name)\""
    }
    return "write a whole number and KiB, MiB, GiB or TiB without a space, as in \"64MiB\""
  }
}
