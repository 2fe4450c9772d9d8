import Kernel

/// Which networks can be granted by their address.
enum GrantableNetwork {
  private struct Class {
    let prefix: IPAddress
    let length: Int
    let words: String
    let hint: String?

    init(_ prefix: IPAddress, _ length: Int, _ words: String, _ hint: String? = nil) {
      self.prefix = prefix
      self.length = length
      self.words = words
      self.hint = hint
    }
  }

  private static let loopback = "the loopback is granted by the name \"localhost\", port by port"
  private static let translated = "grant the IPv4 address that is meant"

  /// What no grant opens (RFC 6890 and its successors).
  private static let never: [Class] = [
    Class(.v4(0), 8, "addresses of this very machine (0.0.0.0/8)"),
    Class(.v4(0x7F00_0000), 8, "the loopback (127.0.0.0/8)", loopback),
    Class(.v4(0xA9FE_0000), 16, "link-local addresses, where clouds keep their metadata"),
    Class(.v4(0xE000_0000), 4, "multicast addresses"),
    Class(.v4(0xF000_0000), 4, "reserved addresses (240.0.0.0/4)"),
    Class(.v6(0, 0), 64, "the loopback and what stands for IPv4 (::/64)", loopback),
    Class(.v6(0x0064_FF9B << 32, 0), 32, "translated addresses (NAT64)", translated),
    Class(.v6(0x2001 << 48, 0), 32, "tunnelled addresses (Teredo)", translated),
    Class(.v6(0x2002 << 48, 0), 16, "tunnelled addresses (6to4)", translated),
    Class(.v6(0xFE80 << 48, 0), 10, "link-local addresses"),
    Class(.v6(0xFEC0 << 48, 0), 10, "site-local addresses (RFC 3879)"),
    Class(.v6(0xFF00 << 48, 0), 8, "multicast addresses"),
  ]

  /// A cloud's metadata inside a wider network is left to the check of each connection, which does
  /// not let a network lead there.
  ///
  /// - Throws: `badDestination` for a network that can't be granted, or for one so wide that it says
  ///   nothing.
  static func check(_ prefix: IPAddress, _ length: Int, _ text: String) throws(ValueFault) {
    for item in CloudMetadata.networks
    where length >= item.length && prefix.isWithin(item.prefix, length: item.length) {
      throw ValueFault(
        .badDestination,
        "\(Printable.quoted(text)) can't be granted: the metadata of \(item.owner)")
    }
    for item in never {
      let isWithin = length >= item.length && prefix.isWithin(item.prefix, length: item.length)
      let holds = length < item.length && item.prefix.isWithin(prefix, length: length)
      guard isWithin || holds else { continue }
      throw ValueFault(
        .badDestination,
        "\(Printable.quoted(text)) can't be granted: " + (isWithin ? "" : "it holds ") + item.words,
        hint: item.hint ?? (holds ? "grant the networks beside them" : nil))
    }
    let isUniqueLocal = prefix.isWithin(.v6(0xFC00 << 48, 0), length: 7)
    let shortest = prefix.width == 32 ? 8 : isUniqueLocal ? 7 : 16
    guard length >= shortest else {
      throw ValueFault(
        .badDestination, "\(Printable.quoted(text)) is too wide to be granted",
        hint: "a network has at least \(shortest) bits of its own, as in "
          + (prefix.width == 32 ? "\"10.0.0.0/8\"" : "\"[2001:db8::]/32\""))
    }
  }
}

extension IPAddress {
  /// The first `length` bits, and zeros behind them.
  func masked(_ length: Int) -> IPAddress {
    func mask(_ bits: Int) -> UInt64 {
      bits <= 0 ? 0 : bits >= 64 ? .max : ~(.max >> UInt64(bits))
    }
    return switch self {
    case .v4(let word): .v4(word & UInt32(truncatingIfNeeded: mask(length) >> 32))
    case .v6(let upper, let lower): .v6(upper & mask(length), lower & mask(length - 64))
    }
  }
}
