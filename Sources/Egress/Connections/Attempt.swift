import CLinux
import Glibc
import Kernel

/// A connection being made to one address outside.
final class Attempt {
  let serial: UInt32
  let address: IPAddress
  let socket: Int32
  private let owner: OwnedDescriptor

  /// Seconds without a byte after which the kernel asks whether the peer is still there, how often
  /// it asks, and how many times in vain.
  private static let keepAlive: (idle: Int32, interval: Int32, count: Int32) = (60, 15, 4)

  /// Begins to connect.
  init(to endpoint: Endpoint, serial: UInt32) throws(SystemError) {
    let isV6 = endpoint.address.width == 128
    let raw = try check("socket", "\(endpoint.address)") {
      clinux_stream_socket(isV6 ? 1 : 0)
    }
    owner = OwnedDescriptor(owning: raw)
    socket = raw
    address = endpoint.address
    self.serial = serial
    try check("socket option", "TCP_NODELAY") { clinux_no_delay(raw) }
    // A peer on this machine does not vanish without a word.
    if !endpoint.address.isLoopback {
      try check("socket option", "SO_KEEPALIVE") {
        clinux_keep_alive(
          raw, Self.keepAlive.idle, Self.keepAlive.interval, Self.keepAlive.count)
      }
    }
    var target = endpoint.raw
    if unsafe clinux_connect(raw, &target) < 0 {
      let errno = Errno.current
      // Made on, or made on after a signal: epoll tells when it is.
      guard errno.code == EINPROGRESS || errno.code == EINTR else {
        throw SystemError(step: "connect", subject: "\(endpoint.address)", errno: errno)
      }
    }
  }
}
