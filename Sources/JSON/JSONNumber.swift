/// A number as it was written.
public struct JSONNumber: Hashable, Sendable {
  /// The text in the document, for instance `1.50e3`.
  public let source: JSONString

  init(source: JSONString) {
    self.source = source
  }

  /// The value of a number written without fraction and exponent that fits; `-0` is 0.
  public var int64: Int64? { Self.int64(source.utf8) }

  static func int64(_ text: some Collection<UInt8>) -> Int64? {
    let isNegative = text.first == Ascii.minus
    guard text.count > (isNegative ? 1 : 0) else { return nil }
    var value: Int64 = 0
    for byte in text.dropFirst(isNegative ? 1 : 0) {
      guard Ascii.isDigit(byte) else { return nil }
      // Built from negative digits, since the least integer has no positive counterpart.
      let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
      let (next, second) = tenfold.subtractingReportingOverflow(Int64(byte &- Ascii.zero))
      if overflow || second { return nil }
      value = next
    }
    if isNegative { return value }
    return value == Int64.min ? nil : -value
  }

  /// The nearest double; nil when there is none (`1e400`).
  public var double: Double? {
    guard let value = Double(source.string), value.isFinite else { return nil }
    return value
  }

  /// Whether the shortest decimal that reads as the nearest double is this very number. False for
  /// `9007199254740993`, `1e400` and `0.10000000000000000555`: each shares its double with another.
  public var isExactInDouble: Bool {
    guard let double else { return false }
    return Decimal(source.utf8) == Decimal(Array(double.description.utf8))
  }

  /// The longest number, in bytes, that is read. No double needs more digits than 767; other readers
  /// give up on long integers (Python at 4,300 digits) or take a time that grows with their square.
  public static let longest = 1200
}
