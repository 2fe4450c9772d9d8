import Kernel

extension IPAddress {
  /// What the well-known prefix of NAT64 (64:ff9b::/96, RFC 6052) leads to; nil for any other address.
  var wellKnownTranslation: IPAddress? {
    guard isWithin(.v6(0x0064_FF9B << 32, 0), length: 96) else { return nil }
    return word(at: 12)
  }

  /// The IPv4 addresses that an IPv6 address may lead to on its way: mapped, translated, tunnelled.
  /// Where its form allows several readings, all of them; none for an address of another form.
  ///
  /// A network can translate under a prefix of its own (RFC 6052, 2.2), which no address shows.
  var carried: [IPAddress] {
    guard case .v6(_, let lower) = self else { return [] }
    var found: [IPAddress] = []
    // ::ffff:0:0/96, the older ::/96, SIIT and NAT64.
    let last: [(IPAddress, Int)] = [
      (.v6(0, 0), 96), (.v6(0, 0xFFFF << 32), 96), (.v6(0, 0xFFFF << 48), 96),
      (.v6(0x0064_FF9B << 32, 0), 96),
    ]
    // An interface identifier of ISATAP (RFC 5214, 6.1).
    let isISATAP = [0x0000_5EFE, 0x0200_5EFE].contains(lower >> 32)
    if isISATAP || last.contains(where: { isWithin($0.0, length: $0.1) }) {
      found.append(word(at: 12))
    }
    // 64:ff9b:1::/48 (RFC 8215) holds prefixes of any length; byte 8 is left out (RFC 6052, 2.2).
    if isWithin(.v6(0x0064_FF9B_0001 << 16, 0), length: 48) {
      let bytes = networkOrder
      let rest = Array(bytes[..<8] + bytes[9...])
      found += [6, 7, 8].compactMap { IPAddress(networkOrder: rest[$0..<($0 + 4)]) }
      found.append(word(at: 12))
    }
    // 6to4 (RFC 3056), and Teredo's server and client, whose bits are inverted (RFC 4380, 4).
    if isWithin(.v6(0x2002 << 48, 0), length: 16) { found.append(word(at: 2)) }
    if isWithin(.v6(0x2001 << 48, 0), length: 32) {
      found += [word(at: 4), .v4(~UInt32(truncatingIfNeeded: lower))]
    }
    return found
  }

  /// Four bytes of it as an address; the address itself where it has not as many.
  private func word(at offset: Int) -> IPAddress {
    IPAddress(networkOrder: networkOrder.dropFirst(offset).prefix(4)) ?? self
  }
}
