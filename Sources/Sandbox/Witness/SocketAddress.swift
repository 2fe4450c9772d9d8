import Glibc

/// A `struct sockaddr`, as far as it is told where a server wanted to go.
enum SocketAddress: Equatable {
  /// A socket in the file system.
  case path([UInt8])
  /// 4 or 16 bytes, in network order.
  case internet([UInt8], port: UInt16)
  /// Abstract, unnamed, or of another family.
  case other

  /// - Returns: nil for what is too short to be an address.
  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 2 else { return nil }
    // The family is a little-endian number, the port a big-endian one: <sys/socket.h>,
    // <netinet/in.h>.
    switch Int32(bytes[0]) | Int32(bytes[1]) << 8 {
    case AF_UNIX:
      let path = bytes[2...].prefix { $0 != 0 }
      self = path.isEmpty ? .other : .path(Array(path))
    case AF_INET:
      guard bytes.count >= 8 else { return nil }
      self = .internet(Array(bytes[4..<8]), port: Self.port(bytes))
    case AF_INET6:
      guard bytes.count >= 24 else { return nil }
      self = .internet(Array(bytes[8..<24]), port: Self.port(bytes))
    default: self = .other
    }
  }

  private static func port(_ bytes: [UInt8]) -> UInt16 {
    UInt16(bytes[2]) << 8 | UInt16(bytes[3])
  }
}
