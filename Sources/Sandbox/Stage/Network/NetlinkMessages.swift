/// Messages of netlink(7) for one send. Numbers are in the machine's order, which is little endian
/// on both architectures that Cordon runs on, but for those that a protocol says are not.
struct NetlinkMessages {
  private(set) var bytes: [UInt8] = []
  /// How many; the sequence number of the last.
  private var count: UInt32 = 0
  /// The sequence number of the last one that asks for an answer.
  private(set) var answered: UInt32 = 0

  struct Flags: OptionSet {
    let rawValue: UInt16
    static let request = Flags(rawValue: 1)
    static let acknowledged = Flags(rawValue: 4)
    static let exclusive = Flags(rawValue: 0x200)
    static let create = Flags(rawValue: 0x400)
    static let append = Flags(rawValue: 0x800)
  }

  /// - Parameter header: the protocol's own, before the attributes.
  mutating func append(
    _ type: UInt16, _ flags: Flags, header: [UInt8], _ attributes: NetlinkAttributes = .init()
  ) {
    count += 1
    if flags.contains(.acknowledged) { answered = count }
    let length = 16 + header.count + attributes.bytes.count
    bytes += UInt32(length).littleEndianBytes + type.littleEndianBytes
    bytes += flags.union(.request).rawValue.littleEndianBytes + count.littleEndianBytes
    // Port 0: the kernel knows the sender by its socket.
    bytes += UInt32(0).littleEndianBytes + header + attributes.bytes
  }
}

/// Attributes of a netlink message, each with its length and padded to four bytes.
struct NetlinkAttributes {
  private(set) var bytes: [UInt8] = []

  init() {}

  init(_ fill: (inout NetlinkAttributes) -> Void) { fill(&self) }

  mutating func append(_ type: UInt16, _ value: [UInt8]) {
    bytes += UInt16(4 + value.count).littleEndianBytes + type.littleEndianBytes + value
    bytes += [UInt8](repeating: 0, count: -value.count & 3)
  }

  mutating func append(_ type: UInt16, text: String) { append(type, Array(text.utf8) + [0]) }

  mutating func append(_ type: UInt16, bigEndian number: UInt32) {
    append(type, number.bigEndianBytes)
  }

  mutating func append(_ type: UInt16, nested: NetlinkAttributes) {
    // NLA_F_NESTED.
    append(type | 0x8000, nested.bytes)
  }

  mutating func append(_ type: UInt16, _ fill: (inout NetlinkAttributes) -> Void) {
    append(type, nested: NetlinkAttributes(fill))
  }
}

extension FixedWidthInteger where Self: UnsignedInteger {
  var littleEndianBytes: [UInt8] {
    (0..<Self.bitWidth / 8).map { UInt8(truncatingIfNeeded: self >> Self(8 * $0)) }
  }

  var bigEndianBytes: [UInt8] { littleEndianBytes.reversed() }
}
