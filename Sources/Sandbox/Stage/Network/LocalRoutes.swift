import Control
import Glibc
import Kernel

/// Makes every address one of the sandbox's own: a connection to any of them ends at a socket inside,
/// or is refused there, and nothing has a way out (`ip route add local default dev lo src ADDRESS`).
///
/// Without the source a client's own address would be that of its destination, which some programs
/// take for a connection to themselves.
struct LocalRoutes {
  private let family: UInt8
  private let own: IPAddress

  static let v4 = LocalRoutes(own: EgressLayout.own4)
  static let v6 = LocalRoutes(own: EgressLayout.own6)

  private init(own: IPAddress) {
    family = UInt8(own.width == 32 ? AF_INET : AF_INET6)
    self.own = own
  }

  /// The kernel gives the loopback this index in every network namespace.
  private static let loopback: UInt32 = 1

  func add(through socket: borrowing NetlinkSocket) throws(SystemError) {
    try socket.carryOut(address, "address \(own)")
    try socket.carryOut(route, "local route")
  }

  /// What a kernel without IPv6 answers to IPv6, and one where it is switched off for interfaces.
  static let missing: [Int32] = [EAFNOSUPPORT, EOPNOTSUPP, EACCES]

  private var address: NetlinkMessages { messages(Self.newAddress, [.create, .exclusive]) }

  /// What would take the address away again: only tried where it must fail.
  var removal: NetlinkMessages { messages(Self.removeAddress, []) }

  private func messages(_ type: UInt16, _ flags: NetlinkMessages.Flags) -> NetlinkMessages {
    var messages = NetlinkMessages()
    // struct ifaddrmsg: no other host has the address (IFA_F_NODAD), and the scope is RT_SCOPE_HOST.
    let header =
      [family, UInt8(own.width), own.width == 32 ? 0 : 2, 254] + Self.loopback.littleEndianBytes
    messages.append(
      type, flags.union(.acknowledged), header: header,
      NetlinkAttributes { attributes in
        // IFA_ADDRESS and IFA_LOCAL.
        attributes.append(1, own.networkOrder)
        attributes.append(2, own.networkOrder)
      })
    return messages
  }

  private var route: NetlinkMessages {
    var messages = NetlinkMessages()
    // struct rtmsg: all of the family (length 0), table local, RTPROT_STATIC, RT_SCOPE_HOST,
    // RTN_LOCAL.
    let header: [UInt8] = [family, 0, 0, 0, 255, 4, 254, 2, 0, 0, 0, 0]
    messages.append(
      Self.newRoute, [.acknowledged, .create, .exclusive], header: header,
      NetlinkAttributes { attributes in
        // RTA_OIF and RTA_PREFSRC.
        attributes.append(4, Self.loopback.littleEndianBytes)
        attributes.append(7, own.networkOrder)
      })
    return messages
  }

  private static let newAddress: UInt16 = 20
  private static let removeAddress: UInt16 = 21
  private static let newRoute: UInt16 = 24
}
