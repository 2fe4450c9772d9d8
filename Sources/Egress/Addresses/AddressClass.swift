public import Kernel

/// What an address is for, as far as it decides whether a name may lead there: the special-purpose
/// registries of IANA (RFC 6890 and its updates), and what the clouds have made of some of them.
public enum AddressClass: String, CaseIterable, Sendable {
  /// Unicast for everybody.
  case global
  case unspecified
  case loopback
  case linkLocal = "link-local"
  /// Where a cloud tells a machine its secrets.
  case metadata = "cloud metadata"
  case multicast
  case broadcast
  case reserved
  /// RFC 1918.
  case privateUse = "private-use"
  /// RFC 4193.
  case uniqueLocal = "unique-local"
  /// RFC 6598.
  case carrier = "carrier NAT"
  case benchmark
  case documentation
  /// IPv4 in IPv6 clothes: ::ffff:0:0/96 and the older ::/96.
  case mapped = "IPv4-mapped"
  /// NAT64 and SIIT (RFC 6052, 8215, 7915).
  case translated
  /// 6to4, Teredo, ISATAP.
  case tunnelled
  /// A neighbour on a link of this machine.
  case onLink = "on-link"
  /// This machine's own.
  case own = "this machine's own"
  /// The kernel did not say how it is reached.
  case unknown

  /// The class by the address alone: the longest prefix decides.
  public init(_ address: IPAddress) {
    if case .v6(_, let lower) = address, [0x0000_5EFE, 0x0200_5EFE].contains(lower >> 32) {
      // An interface identifier of ISATAP (RFC 5214, 6.1).
      self = .tunnelled
      return
    }
    let entry = Self.prefixes.lazy
      .filter { address.isWithin($0.prefix, length: $0.length) }
      .max { $0.length < $1.length }
    self = entry?.kind ?? .reserved
  }

  /// The registry's block that an address is in, with its length; nil for one of `global`.
  static func block(of address: IPAddress) -> (prefix: IPAddress, length: Int)? {
    prefixes.lazy.filter { $0.kind != .global && address.isWithin($0.prefix, length: $0.length) }
      .max { $0.length < $1.length }.map { ($0.prefix, $0.length) }
  }

  typealias Entry = (prefix: IPAddress, length: Int, kind: AddressClass)

  private static let prefixes: [Entry] =
    v4 + v6 + CloudMetadata.networks.map { ($0.prefix, $0.length, .metadata) }

  private static let v4: [Entry] = [
    (.v4(0), 0, .global),
    (.v4(0), 8, .unspecified),
    (.v4(0x0A00_0000), 8, .privateUse),
    (.v4(0x6440_0000), 10, .carrier),
    (.v4(0x7F00_0000), 8, .loopback),
    (.v4(0xA9FE_0000), 16, .linkLocal),
    (.v4(0xAC10_0000), 12, .privateUse),
    (.v4(0xC000_0000), 24, .reserved),
    (.v4(0xC000_0200), 24, .documentation),
    // 192.88.99.0/24: relays of 6to4 (RFC 7526).
    (.v4(0xC058_6300), 24, .tunnelled),
    (.v4(0xC0A8_0000), 16, .privateUse),
    (.v4(0xC612_0000), 15, .benchmark),
    (.v4(0xC633_6400), 24, .documentation),
    (.v4(0xCB00_7100), 24, .documentation),
    (.v4(0xE000_0000), 4, .multicast),
    (.v4(0xF000_0000), 4, .reserved),
    (.v4(0xFFFF_FFFF), 32, .broadcast),
  ]

  private static let v6: [Entry] = [
    // Only 2000::/3 is unicast for everybody (RFC 4291, 2.4, and IANA's table); the rest is reserved.
    (.v6(0, 0), 0, .reserved),
    (.v6(0x2000 << 48, 0), 3, .global),
    (.v6(0, 0), 96, .mapped),
    (.v6(0, 0), 128, .unspecified),
    (.v6(0, 1), 128, .loopback),
    (.v6(0, 0xFFFF << 32), 96, .mapped),
    (.v6(0, 0xFFFF << 48), 96, .translated),
    (.v6(0x0064_FF9B << 32, 0), 96, .translated),
    (.v6(0x0064_FF9B_0001 << 16, 0), 48, .translated),
    // 2001::/23: protocols' own, with Teredo (RFC 4380) as the first.
    (.v6(0x2001 << 48, 0), 23, .reserved),
    (.v6(0x2001 << 48, 0), 32, .tunnelled),
    (.v6(0x2001_0002 << 32, 0), 48, .benchmark),
    (.v6(0x2001_0DB8 << 32, 0), 32, .documentation),
    (.v6(0x2002 << 48, 0), 16, .tunnelled),
    (.v6(0x3FFF << 48, 0), 20, .documentation),
    (.v6(0xFC00 << 48, 0), 7, .uniqueLocal),
    (.v6(0xFE80 << 48, 0), 10, .linkLocal),
    (.v6(0xFF00 << 48, 0), 8, .multicast),
  ]
}
