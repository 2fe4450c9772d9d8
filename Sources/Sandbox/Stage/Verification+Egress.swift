import CLinux
import Control
import Glibc
import Kernel

/// What must be so where a server may connect to something: that every address is the sandbox's own,
/// and that what no socket takes is refused at once. The sockets themselves are not tried: each try
/// would be a connection that the audit log has.
extension Verification {
  /// Milliseconds for an answer that the kernel gives itself.
  private static let patience: Int32 = 1000
  /// For documentation (RFC 5737, RFC 3849), and nothing listens on the port (RFC 863).
  private static let nowhere = [IPAddress.v4(0xC000_0201), .v6(0x2001_0DB8 << 32, 1)]
  private static let discard: UInt16 = 9

  func verifyEgress() throws(SystemError) {
    for address in Self.nowhere { try verifyIsLocal(address) }
    try verifyRoutesStay()
  }

  private func verifyIsLocal(_ address: IPAddress) throws(SystemError) {
    let isV4 = address.width == 32
    let subject = "UDP to \(address)"
    let raw = socket(isV4 ? AF_INET : AF_INET6, Int32(SOCK_DGRAM.rawValue), 0)
    let failure = Errno.current
    // A kernel without IPv6 has none to verify.
    if raw < 0, !isV4, failure.code == EAFNOSUPPORT { return }
    guard raw >= 0 else { throw SystemError(step: "socket", subject: subject, errno: failure) }
    defer { close(raw) }
    var endpoint = clinux_endpoint(address, Self.discard)
    let result = unsafe clinux_connect(raw, &endpoint)
    let errno = Errno.current
    // IPv6 that is switched off for interfaces leads nowhere.
    if result != 0, !isV4, [ENETUNREACH, EADDRNOTAVAIL].contains(errno.code) { return }
    if result != 0, isChanged("connect") { return }
    guard result == 0 else { throw SystemError(step: "connect", subject: subject, errno: errno) }
    let own = try InternetSocket.localAddress(of: raw).address
    try require(
      own == (isV4 ? EgressLayout.own4 : EgressLayout.own6), "\(subject) comes from \(own)")
    try verifyIsRefused(raw, subject)
  }

  /// Nobody but the sandbox's own kernel can refuse so: a packet that had left would be unanswered.
  private func verifyIsRefused(_ raw: Int32, _ subject: String) throws(SystemError) {
    var byte: UInt8 = 0
    guard unsafe send(raw, &byte, 1, 0) == 1 else {
      if isChanged("sendto") { return }
      throw SystemError(step: "send", subject: subject, errno: .current)
    }
    var entry = pollfd(fd: raw, events: Int16(POLLIN), revents: 0)
    let ready = try check("poll", subject) { unsafe poll(&entry, 1, Self.patience) }
    try require(ready == 1, "\(subject) is not refused")
    let result = unsafe recv(raw, &byte, 1, Int32(MSG_DONTWAIT))
    let errno = Errno.current
    try require(result == -1, "\(subject) is answered")
    guard errno.code == ECONNREFUSED else {
      throw SystemError(step: "verify", subject: "\(subject) failed otherwise", errno: errno)
    }
  }

  /// The server cannot take away what makes every address local.
  private func verifyRoutesStay() throws(SystemError) {
    do throws(SystemError) {
      let routes = try NetlinkSocket(.route)
      try routes.carryOut(LocalRoutes.v4.removal, "remove \(EgressLayout.own4)")
    } catch  where error.errno.code == EPERM {
      return
    } catch  where isChanged("socket") {
      // A profile that denies sockets leaves none to try with.
      return
    }
    try require(false, "the sandbox's address could be removed")
  }
}
