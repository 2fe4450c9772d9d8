/// Why a document was refused, and where.
public struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Bytes from the start of the source.
  public let offset: Int
  public let reason: Reason

  /// Raw values are stable words for the audit log.
  public enum Reason: String, Equatable, Sendable, CaseIterable {
    case byteOrderMark = "byte-order-mark"
    case controlCharacter = "control-character"
    case duplicateKey = "duplicate-key"
    case invalidEscape = "invalid-escape"
    case invalidNumber = "invalid-number"
    case invalidUTF8 = "invalid-utf8"
    case loneSurrogate = "lone-surrogate"
    case numberTooLong = "number-too-long"
    case tooDeep = "too-deep"
    case tooLarge = "too-large"
    case tooManyValues = "too-many-values"
    case trailingContent = "trailing-content"
    case unexpectedByte = "unexpected-byte"
    case unexpectedEnd = "unexpected-end"
  }

  init(_ reason: Reason, at offset: Int) {
    self.offset = offset
    self.reason = reason
  }

  public var description: String {
    switch reason {
    case .byteOrderMark: "a byte order mark before the value"
    case .controlCharacter: "a raw control character"
    case .duplicateKey: "a key that the object already has"
    case .invalidEscape: "an escape that JSON does not have"
    case .invalidNumber: "not a JSON number"
    case .invalidUTF8: "not UTF-8"
    case .loneSurrogate: "half of a surrogate pair"
    case .numberTooLong: "a number longer than any that counts"
    case .tooDeep: "nested too deeply"
    case .tooLarge: "too large"
    case .tooManyValues: "too many values"
    case .trailingContent: "more after the end of the value"
    case .unexpectedByte: "not the start of what JSON allows here"
    case .unexpectedEnd: "ends before the value does"
    }
  }

  /// Line and column, both from 1; a column is one Unicode scalar.
  public func position(in source: [UInt8]) -> (line: Int, column: Int) {
    JSONError.position(of: offset, in: source)
  }

  /// Line and column of any offset in a source, both from 1; a column is one Unicode scalar.
  public static func position(of offset: Int, in source: [UInt8]) -> (line: Int, column: Int) {
    var line = 1
    var column = 1
    for byte in source.prefix(max(0, offset)) {
      if byte == 0x0A {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    return (line, column)
  }
}
