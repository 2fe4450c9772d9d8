import Glibc
import Kernel

/// An address in every form that a C library takes for one: whatever is written, the address is
/// meant, and never a name that only looks different.
enum AddressText {
  /// - Returns: nil for what is no address. A mapped one is the one that it stands for.
  /// - Throws: for what looks like a number and is none, and for what two readers read differently.
  static func parse(_ text: String) throws(ValueFault) -> IPAddress? {
    if text.utf8.contains(UInt8(ascii: ":")) { return v6(text)?.unmapped }
    return try v4(text)
  }

  private static func v6(_ text: String) -> IPAddress? {
    var address = in6_addr()
    // Reads up to the zero that a Swift string is given, and writes 16 bytes.
    guard unsafe inet_pton(AF_INET6, text, &address) == 1 else { return nil }
    return unsafe withUnsafeBytes(of: &address) { bytes in
      unsafe IPAddress(networkOrder: Array(bytes))
    }
  }

  /// One to four numbers in decimal or hexadecimal, as `inet_aton` has it: the last one fills what is
  /// left. A name whose last label is a number is none (WHATWG URL, "ends in a number").
  private static func v4(_ text: String) throws(ValueFault) -> IPAddress? {
    var parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    if parts.count > 1, parts.last?.isEmpty == true { parts.removeLast() }
    guard let last = parts.last, !last.isEmpty, isNumber(last) else { return nil }
    var numbers: [UInt64] = []
    for part in parts {
      if part.count > 1, part.first == UInt8(ascii: "0"), part.allSatisfy(\.isDigit) {
        throw ValueFault(
          .badDestination, "\(Printable.quoted(text)) has a number that begins with 0",
          hint: "some read it as octal, others as decimal: write it without the 0")
      }
      guard let number = number(part) else {
        throw ValueFault(
          .badDestination, "\(Printable.quoted(text)) is neither an address nor a host's name",
          hint: "an address has four numbers up to 255; the last part of a name is no number")
      }
      numbers.append(number)
    }
    let rest = numbers.count <= 4 ? 8 * UInt64(5 - numbers.count) : 0
    guard let low = numbers.popLast(), rest > 0, low < 1 << rest,
      numbers.allSatisfy({ $0 < 256 })
    else {
      throw ValueFault(
        .badDestination, "\(Printable.quoted(text)) is no address",
        hint: "an address has four numbers up to 255")
    }
    let high = numbers.enumerated().reduce(UInt64(0)) {
      $0 | $1.element << (24 - 8 * UInt64($1.offset))
    }
    return .v4(UInt32(truncatingIfNeeded: high | low))
  }

  private static func isNumber(_ part: Substring.UTF8View) -> Bool {
    part.allSatisfy(\.isDigit) || isHexadecimal(part)
  }

  private static func isHexadecimal(_ part: Substring.UTF8View) -> Bool {
    part.starts(with: "0x".utf8)
      && part.dropFirst(2).allSatisfy { $0.isDigit || (0x61...0x66).contains($0) }
  }

  private static func number(_ part: Substring.UTF8View) -> UInt64? {
    if isHexadecimal(part) {
      return part.count == 2
        ? 0 : UInt64(String(decoding: part.dropFirst(2), as: UTF8.self), radix: 16)
    }
    return part.allSatisfy(\.isDigit) ? UInt64(String(decoding: part, as: UTF8.self)) : nil
  }
}
