/// A SHA-256 value: 32 bytes, written as 64 lower-case hexadecimal digits.
public struct Digest: Hashable, Comparable, Sendable, CustomStringConvertible {
  public static let size = 32

  /// Always `size` bytes.
  public let bytes: [UInt8]

  /// Nil unless there are exactly `size` bytes.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == Digest.size else { return nil }
    self.bytes = Array(bytes)
  }

  /// Nil unless the text is exactly 64 hexadecimal digits in lower case: one digest has one
  /// spelling, so that texts can be compared too.
  public init?(hex: String) {
    let digits = Array(hex.utf8)
    guard digits.count == 2 * Digest.size else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Digest.size)
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let high = Digest.value(ofDigit: digits[index]),
        let low = Digest.value(ofDigit: digits[index + 1])
      else { return nil }
      bytes.append(high << 4 | low)
    }
    self.bytes = bytes
  }

  init(finished bytes: [UInt8]) {
    self.bytes = bytes
  }

  public var hex: String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(2 * bytes.count)
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  public var description: String { hex }

  /// The order of the bytes, which is also that of the spellings.
  public static func < (left: Digest, right: Digest) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }

  private static func value(ofDigit digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}
