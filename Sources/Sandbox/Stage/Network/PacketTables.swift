/// Tables, chains and rules of nf_tables, put together as one transaction: all of it is there
/// afterwards, or nothing.
struct PacketTables {
  enum Family: UInt8 {
    case v4 = 2
    case v6 = 10
  }

  enum Kind: String {
    case filter, nat
  }

  private var messages = NetlinkMessages()
  private static let subsystem: UInt16 = 10
  private static let name = "cordon"
  private static let newTable: UInt16 = 0
  private static let newChain: UInt16 = 3
  private static let newRule: UInt16 = 6

  init() { messages.append(0x10, [], header: Self.header(0, Self.subsystem)) }

  mutating func addTable(_ family: Family) {
    append(Self.newTable, [.create], family) { $0.append(1, text: Self.name) }
  }

  /// A chain that sees what leaves, before the packets of the loopback come back in.
  mutating func addChain(_ name: String, _ kind: Kind, priority: Int32, _ family: Family) {
    append(Self.newChain, [.create], family) { attributes in
      attributes.append(1, text: Self.name)
      attributes.append(3, text: name)
      attributes.append(4) { hook in
        // NF_INET_LOCAL_OUT.
        hook.append(1, bigEndian: 3)
        hook.append(2, bigEndian: UInt32(bitPattern: priority))
      }
      // Whatever no rule decides passes: NF_ACCEPT.
      attributes.append(5, bigEndian: 1)
      attributes.append(7, text: kind.rawValue)
    }
  }

  mutating func addRule(_ rule: PacketRule, to chain: String, _ family: Family) {
    append(Self.newRule, [.create, .append], family) { attributes in
      attributes.append(1, text: Self.name)
      attributes.append(2, text: chain)
      attributes.append(4, nested: rule.expressions)
    }
  }

  /// The transaction, its end included.
  ///
  /// - Parameter family: of one of its tables.
  consuming func finished(_ family: Family) -> NetlinkMessages {
    // Kernels before 6.10 answer to no end. The table is there already: this changes nothing.
    append(Self.newTable, [.create, .acknowledged], family) { $0.append(1, text: Self.name) }
    messages.append(0x11, [], header: Self.header(0, Self.subsystem))
    return messages
  }

  private mutating func append(
    _ type: UInt16, _ flags: NetlinkMessages.Flags, _ family: Family,
    _ fill: (inout NetlinkAttributes) -> Void
  ) {
    messages.append(
      Self.subsystem << 8 | type, flags, header: Self.header(family.rawValue, 0),
      NetlinkAttributes(fill))
  }

  /// struct nfgenmsg: the family, version 0, and what is big endian: the subsystem of a transaction.
  private static func header(_ family: UInt8, _ subsystem: UInt16) -> [UInt8] {
    [family, 0] + subsystem.bigEndianBytes
  }
}
