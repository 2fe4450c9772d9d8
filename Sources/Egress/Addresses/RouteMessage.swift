import Glibc
import Kernel

/// Messages of rtnetlink(7), in the machine's byte order: both architectures that
/// Cordon is built for begin with the lowest byte.
enum RouteMessage {
  enum Answer: Equatable {
    case route(Route)
    case failure(Int32)
  }

  /// RTM_GETROUTE with the entry that matches (RTM_F_FIB_MATCH, Linux 4.13): only that tells a
  /// neighbour's network from a route for everything through a link without neighbours.
  static func request(for address: IPAddress, sequence: UInt32) -> [UInt8] {
    let bytes = address.networkOrder
    var message: [UInt8] = []
    append(UInt32(16 + 12 + 4 + bytes.count), to: &message)
    append(UInt16(26), to: &message)
    append(UInt16(1), to: &message)  // NLM_F_REQUEST
    append(sequence, to: &message)
    append(UInt32(0), to: &message)
    let family = UInt8(truncatingIfNeeded: bytes.count == 4 ? AF_INET : AF_INET6)
    message += [family, UInt8(address.width), 0, 0, 0, 0, 0, 0]
    append(UInt32(0x2000), to: &message)
    append(UInt16(4 + bytes.count), to: &message)
    append(UInt16(1), to: &message)  // RTA_DST
    return message + bytes
  }

  /// - Returns: nil for a message that is not the answer to the question of this number.
  static func read(_ message: ArraySlice<UInt8>, sequence: UInt32) -> Answer? {
    let bytes = Array(message)
    guard bytes.count >= 20, number(bytes, at: 8, of: UInt32.self) == sequence else { return nil }
    switch number(bytes, at: 4, of: UInt16.self) {
    case 2:  // NLMSG_ERROR
      return .failure(-Int32(bitPattern: number(bytes, at: 16, of: UInt32.self)))
    case 24 where bytes.count >= 28:  // RTM_NEWROUTE
      return .route(route(bytes))
    default: return nil
    }
  }

  private static func route(_ bytes: [UInt8]) -> Route {
    let isV4 = Int32(bytes[16]) == AF_INET
    let prefixLength = Int(bytes[17])
    switch bytes[23] {
    case 1: break  // RTN_UNICAST
    case 2: return .own
    case 6, 7, 8, 9: return .unreachable  // blackhole, unreachable, prohibit, throw
    default: return .shared
    }
    // No link has as many neighbours as these prefixes have addresses: such a route leads through a
    // tunnel or a dialled line, outward.
    return hasGateway(bytes) || prefixLength < (isV4 ? 8 : 16) ? .outward : .onLink
  }

  /// Whether all next hops are routers: RTA_GATEWAY, RTA_VIA, or each of RTA_MULTIPATH.
  private static func hasGateway(_ bytes: [UInt8]) -> Bool {
    var hasGateway = false
    for (type, body) in attributes(bytes, from: 28, to: bytes.count) {
      switch type {
      case 5, 18: hasGateway = true
      case 9:
        guard everyHopHasGateway(bytes, body) else { return false }
        hasGateway = true
      default: continue
      }
    }
    return hasGateway
  }

  /// `struct rtnexthop` (8 bytes) with attributes of its own, one after another.
  private static func everyHopHasGateway(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    var offset = range.lowerBound
    while offset + 8 <= range.upperBound {
      let length = Int(number(bytes, at: offset, of: UInt16.self))
      guard length >= 8, offset + length <= range.upperBound else { return false }
      let hop = attributes(bytes, from: offset + 8, to: offset + length)
      guard hop.contains(where: { [5, 18].contains($0.type) }) else { return false }
      offset += (length + 3) & ~3
    }
    return true
  }

  private static func attributes(
    _ bytes: [UInt8], from start: Int, to end: Int
  ) -> [(type: UInt16, body: Range<Int>)] {
    var result: [(UInt16, Range<Int>)] = []
    var offset = start
    while offset + 4 <= end {
      let length = Int(number(bytes, at: offset, of: UInt16.self))
      guard length >= 4, offset + length <= end else { break }
      // The upper two bits are flags.
      let type = number(bytes, at: offset + 2, of: UInt16.self) & 0x3FFF
      result.append((type, (offset + 4)..<(offset + length)))
      offset += (length + 3) & ~3
    }
    return result
  }

  private static func number<Number: FixedWidthInteger>(
    _ bytes: [UInt8], at offset: Int, of type: Number.Type
  ) -> Number {
    var value: Number = 0
    for index in 0..<MemoryLayout<Number>.size {
      value |= Number(truncatingIfNeeded: UInt64(bytes[offset + index]) << UInt64(8 * index))
    }
    return value
  }

  private static func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
    for index in 0..<(value.bitWidth / 8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> type(of: value).init(8 * index)))
    }
  }
}
