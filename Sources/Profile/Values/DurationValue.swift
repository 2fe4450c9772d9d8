/// A length of time, written as a whole number and a unit: `90s`, `5min`.
public struct DurationValue: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let seconds: Int

  public init(seconds: Int) {
    self.seconds = seconds
  }

  public static func < (first: DurationValue, second: DurationValue) -> Bool {
    first.seconds < second.seconds
  }

  /// In the largest unit that leaves a whole number.
  public var description: String {
    for unit in Self.units.reversed() where seconds > 0 && seconds.isMultiple(of: unit.seconds) {
      return "\(seconds / unit.seconds)\(unit.name)"
    }
    return "\(seconds)s"
  }

  static let units: [(name: String, seconds: Int)] = [("s", 1), ("min", 60), ("h", 3600)]

  /// - Throws: `badDuration` for anything but digits without a leading zero and one of the units.
  static func parse(_ text: String) throws(ValueFault) -> DurationValue {
    let digits = text.utf8.prefix(while: \.isDigit)
    let unit = text.utf8.dropFirst(digits.count)
    if let known = units.first(where: { $0.name.utf8.elementsEqual(unit) }),
      digits.first != UInt8(ascii: "0"),
      let number = Int(String(decoding: digits, as: UTF8.self))
    {
      let (seconds, overflow) = number.multipliedReportingOverflow(by: known.seconds)
      if !overflow { return DurationValue(seconds: seconds) }
    }
    throw ValueFault(
      .badDuration, "\(Printable.quoted(text)) is not a length of time",
      hint: "write a whole number and s, min or h without a space, as in \"90s\"")
  }
}
