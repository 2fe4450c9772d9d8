import Glibc

/// An address of IPv4 or IPv6. An IPv4-mapped one (`::ffff:0:0/96`, RFC 4291, 2.5.5.2) is another
/// value than the IPv4 address that it stands for: see `unmapped`.
public enum IPAddress: Hashable, Sendable {
  case v4(UInt32)
  /// The upper and the lower half.
  case v6(UInt64, UInt64)

  /// - Parameter bytes: 4 or 16, in network order; nil for any other number.
  public init?(networkOrder bytes: some Collection<UInt8>) {
    switch bytes.count {
    case 4: self = .v4(bytes.reduce(0) { $0 << 8 | UInt32($1) })
    case 16:
      let halves = (bytes.prefix(8), bytes.dropFirst(8))
      self = .v6(
        halves.0.reduce(0) { $0 << 8 | UInt64($1) }, halves.1.reduce(0) { $0 << 8 | UInt64($1) })
    default: return nil
    }
  }

  /// 4 or 16 bytes, in network order.
  public var networkOrder: [UInt8] {
    switch self {
    case .v4(let word): (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(24 - 8 * $0)) }
    case .v6(let upper, let lower):
      [upper, lower].flatMap { half in
        (0..<8).map { UInt8(truncatingIfNeeded: half >> UInt64(56 - 8 * $0)) }
      }
    }
  }

  /// The IPv4 address that a mapped one stands for; any other as it is.
  public var unmapped: IPAddress {
    if case .v6(0, let lower) = self, lower >> 32 == 0xFFFF {
      return .v4(UInt32(truncatingIfNeeded: lower))
    }
    return self
  }

  /// 32 or 128.
  public var width: Int {
    switch self {
    case .v4: 32
    case .v6: 128
    }
  }

  /// Whether the first `length` bits are those of `prefix`; false for the other family.
  public func isWithin(_ prefix: IPAddress, length: Int) -> Bool {
    guard width == prefix.width, (0...width).contains(length) else { return false }
    switch (self, prefix) {
    case (.v4(let own), .v4(let other)):
      return length == 0 || (own ^ other) >> UInt32(32 - length) == 0
    case (.v6(let upper, let lower), .v6(let otherUpper, let otherLower)):
      if length <= 64 { return length == 0 || (upper ^ otherUpper) >> UInt64(64 - length) == 0 }
      return upper == otherUpper && (lower ^ otherLower) >> UInt64(128 - length) == 0
    default: return false
    }
  }
}

extension IPAddress: CustomStringConvertible {
  /// As RFC 5952 has it.
  public var description: String {
    let bytes = networkOrder
    var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    let family = bytes.count == 4 ? AF_INET : AF_INET6
    // As many bytes as the family has, and a buffer as long as the longest text.
    let result = unsafe inet_ntop(family, bytes, &buffer, socklen_t(buffer.count))
    guard unsafe result != nil else { return "unknown" }
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
