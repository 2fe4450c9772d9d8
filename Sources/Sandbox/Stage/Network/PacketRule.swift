/// One rule of an nf_tables chain, as the expressions that the kernel runs one after another.
///
/// A rule ends at the first comparison that does not hold. Everything goes through register 1.
struct PacketRule {
  private(set) var expressions = NetlinkAttributes()

  /// Where a part of a packet begins to count.
  enum Base: UInt32 {
    /// Of the IPv4 or IPv6 header.
    case network = 1
    /// Of the TCP header.
    case transport = 2
  }

  init(_ fill: (inout PacketRule) -> Void) { fill(&self) }

  /// - Parameter number: of the protocol above IP.
  mutating func isProtocol(_ number: UInt8, _ holds: Bool) {
    append("meta") { data in
      // NFTA_META_DREG, and NFTA_META_KEY: NFT_META_L4PROTO.
      data.append(1, bigEndian: 1)
      data.append(2, bigEndian: 16)
    }
    compare([number], holds)
  }

  /// The bytes there are these.
  mutating func isEqual(_ base: Base, offset: UInt32, _ bytes: [UInt8], mask: UInt8? = nil) {
    append("payload") { data in
      data.append(1, bigEndian: 1)
      data.append(2, bigEndian: base.rawValue)
      data.append(3, bigEndian: offset)
      data.append(4, bigEndian: UInt32(bytes.count))
    }
    if let mask { keep(mask) }
    compare(bytes, true)
  }

  /// A TCP connection's first packet: with SYN, and without ACK.
  mutating func isFirst() {
    isProtocol(6, true)
    isEqual(.transport, offset: 13, [0x02], mask: 0x12)
  }

  /// There were more than so many of these packets in a second, and `burst` beside them.
  mutating func isMoreOften(than rate: UInt64, burst: UInt32) {
    append("limit") { data in
      // NFTA_LIMIT_RATE, its unit in seconds, the burst, packets and not bytes, NFT_LIMIT_F_INV.
      data.append(1, rate.bigEndianBytes)
      data.append(2, UInt64(1).bigEndianBytes)
      data.append(3, bigEndian: burst)
      data.append(4, bigEndian: 0)
      data.append(5, bigEndian: 1)
    }
  }

  /// The packet, and its whole connection with it, is none of the translation's business.
  mutating func leaveAlone() {
    append("notrack") { _ in }
    accept()
  }

  /// NF_ACCEPT: no later rule of this chain.
  mutating func accept() {
    append("immediate") { data in
      // NFTA_IMMEDIATE_DREG: NFT_REG_VERDICT, and its data: a verdict.
      data.append(1, bigEndian: 0)
      data.append(2) { $0.append(2) { $0.append(1, bigEndian: 1) } }
    }
  }

  /// The connection goes to this port of the loopback instead.
  mutating func redirect(to port: UInt16) {
    append("immediate") { data in
      data.append(1, bigEndian: 1)
      data.append(2) { $0.append(1, port.bigEndianBytes) }
    }
    // NFTA_REDIR_REG_PROTO_MIN.
    append("redir") { $0.append(1, bigEndian: 1) }
  }

  /// Of one byte, the bits in `mask`.
  private mutating func keep(_ mask: UInt8) {
    append("bitwise") { data in
      data.append(1, bigEndian: 1)
      data.append(2, bigEndian: 1)
      data.append(3, bigEndian: 1)
      data.append(4) { $0.append(1, [mask]) }
      data.append(5) { $0.append(1, [0]) }
    }
  }

  private mutating func compare(_ bytes: [UInt8], _ isEqual: Bool) {
    append("cmp") { data in
      data.append(1, bigEndian: 1)
      // NFT_CMP_EQ or NFT_CMP_NEQ.
      data.append(2, bigEndian: isEqual ? 0 : 1)
      data.append(3) { $0.append(1, bytes) }
    }
  }

  private mutating func append(_ name: String, _ fill: (inout NetlinkAttributes) -> Void) {
    expressions.append(1) { element in
      element.append(1, text: name)
      element.append(2, nested: NetlinkAttributes(fill))
    }
  }
}
