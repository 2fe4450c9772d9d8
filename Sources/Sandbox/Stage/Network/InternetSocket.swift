import CLinux
import Control
import Glibc
import Kernel

/// The sandbox's sockets that the egress process will serve.
enum InternetSocket {
  /// Connections that wait to be accepted; the kernel takes no more than its own bound.
  private static let backlog: Int32 = 1024

  /// Opens one, bound to its address and, for TCP, listening. One for every address takes IPv6 and
  /// IPv4, or IPv4 alone where the kernel has no IPv6.
  static func open(_ socket: EgressLayout.Socket) throws(SystemError) -> OwnedDescriptor {
    guard let address = socket.address else {
      do throws(SystemError) {
        return try open(socket, .v6(0, 0))
      } catch  where error.errno.code == EAFNOSUPPORT {
        return try open(socket, .v4(0))
      }
    }
    return try open(socket, address)
  }

  private static func open(
    _ socket: EgressLayout.Socket, _ address: IPAddress
  ) throws(SystemError) -> OwnedDescriptor {
    let place = socket.address.map { "\($0)" } ?? "every address"
    let subject = "port \(socket.port) of \(place)"
    let isDatagram = socket.purpose == .datagramNames
    let family = address.width == 128 ? AF_INET6 : AF_INET
    let kind = Int32((isDatagram ? SOCK_DGRAM : SOCK_STREAM).rawValue)
    let flags = Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let descriptor = OwnedDescriptor(
      owning: try check("socket", subject) { Glibc.socket(family, kind | flags, 0) })
    var endpoint = clinux_endpoint(address, socket.port)
    try descriptor.withRaw { (raw) throws(SystemError) in
      try setOptions(raw, family, isDatagram, subject)
      try check("bind", subject) { unsafe clinux_bind(raw, &endpoint) }
      if !isDatagram { try check("listen", subject) { listen(raw, backlog) } }
    }
    return descriptor
  }

  private static func setOptions(
    _ raw: Int32, _ family: Int32, _ isDatagram: Bool, _ subject: String
  ) throws(SystemError) {
    if family == AF_INET6 {
      var no: Int32 = 0
      // An option's value is as long as it says.
      try check("setsockopt", subject) {
        unsafe setsockopt(
          raw, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &no, socklen_t(MemoryLayout<Int32>.size))
      }
      try check("setsockopt", subject) { clinux_bind_freely(raw) }
    }
    // An answer comes from the address that was asked.
    if isDatagram { try check("setsockopt", subject) { clinux_tell_destination(raw) } }
  }

  static func localAddress(
    of raw: Int32
  ) throws(SystemError) -> (address: IPAddress, port: UInt16) {
    var endpoint = clinux_endpoint()
    try check("getsockname", "descriptor \(raw)") {
      unsafe clinux_local_endpoint(raw, &endpoint)
    }
    return try endpoint.parts()
  }
}

extension clinux_endpoint {
  init(_ address: IPAddress, _ port: UInt16) {
    self.init()
    self.port = port
    length = UInt8(address.width / 8)
    // An address has 4 or 16 bytes, and there are 16.
    unsafe withUnsafeMutableBytes(of: &bytes) { unsafe $0.copyBytes(from: address.networkOrder) }
  }

  func parts() throws(SystemError) -> (address: IPAddress, port: UInt16) {
    let all = unsafe withUnsafeBytes(of: bytes) { unsafe Array($0) }
    guard let address = IPAddress(networkOrder: all.prefix(Int(length))) else {
      throw SystemError(step: "getsockname", subject: "address", errno: Errno(EAFNOSUPPORT))
    }
    return (address, port)
  }
}
