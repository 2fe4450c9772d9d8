import Glibc

/// An address of IPv4 or IPv6, in words.
struct InternetAddress {
  private let bytes: [UInt8]

  /// - Parameter bytes: 4 or 16, in network order.
  init(_ bytes: [UInt8]) {
    // ::ffff:0:0/96 stands for IPv4 (RFC 4291, 2.5.5.2).
    let isMapped =
      bytes.count == 16 && bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF
      && bytes[11] == 0xFF
    self.bytes = isMapped ? Array(bytes[12...]) : bytes
  }

  /// Also the unspecified address, which a connection takes for the loopback's.
  var isLoopback: Bool {
    if bytes.count == 4 { return bytes[0] == 127 || bytes.allSatisfy { $0 == 0 } }
    return bytes.dropLast().allSatisfy { $0 == 0 } && (bytes.last ?? 2) <= 1
  }

  var text: String {
    if bytes.count == 4 { return bytes.map { "\($0)" }.joined(separator: ".") }
    var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    // 16 bytes of address, and a buffer as long as the longest text.
    let result = unsafe inet_ntop(AF_INET6, bytes, &buffer, socklen_t(buffer.count))
    guard unsafe result != nil else { return "unknown" }
    return String(
      decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
