import CIDN
import Glibc
import Kernel

/// A host's name as the DNS has it: A-labels in lower case, without the trailing dot.
enum HostName {
  /// RFC 1035: 255 bytes with the length of each label and the root's.
  static let longest = 253
  static let longestLabel = 63

  /// Unicode becomes A-labels (UTS 46, non-transitional), letters become small, one trailing dot
  /// goes. Whether it is a name at all, `check` says.
  static func plain(_ text: String) throws(ValueFault) -> String {
    let ascii = text.utf8.allSatisfy { $0 < 0x80 } ? text : try labels(of: text)
    var bytes = ascii.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    if bytes.count > 1, bytes.last == UInt8(ascii: ".") { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// - Parameter name: what `plain` has made of it.
  static func check(_ name: String) throws(ValueFault) -> [UInt8] {
    let bytes = Array(name.utf8)
    guard bytes.count <= longest else {
      throw ValueFault(
        .badDestination, "\(Printable.quoted(name)) is longer than a host's name can be")
    }
    for label in bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
      guard (1...longestLabel).contains(label.count), label.first != UInt8(ascii: "-"),
        label.last != UInt8(ascii: "-"),
        label.allSatisfy({
          $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
        })
      else {
        throw ValueFault(
          .badDestination, "\(Printable.quoted(name)) is not a host's name",
          hint: "labels of letters, digits and '-' with dots between them, "
            + "as in \"api.example.com\"")
      }
    }
    return bytes
  }

  private static func labels(of text: String) throws(ValueFault) -> String {
    var result: UnsafeMutablePointer<CChar>?
    let flags = Int32(IDN2_NFC_INPUT.rawValue | IDN2_NONTRANSITIONAL.rawValue)
    // Reads up to the zero that a Swift string is given; the result is the library's until it is
    // freed with its own function.
    let status = unsafe idn2_to_ascii_8z(text, &result, flags)
    defer { unsafe idn2_free(result) }
    guard status == IDN2_OK.rawValue, let name = unsafe result else {
      let reason = unsafe idn2_strerror(status).map { unsafe String(cString: $0) } ?? "error"
      throw ValueFault(
        .badDestination, "\(Printable.quoted(text)) is not an internationalized name: \(reason)",
        hint: "write its A-labels, which begin with xn--")
    }
    return unsafe String(cString: name)
  }
}
