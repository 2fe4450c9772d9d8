import CLinux
import Control
import Glibc
import Kernel

/// The sockets of a sandbox's network, which the stage opened and sends.
struct EgressSockets {
  let listeners: [Listener]

  /// Milliseconds between one message of the stage's and the next.
  private static let patience: Int32 = 5000

  /// Takes all that the stage sends. Sockets of IPv6 may be missing, on a kernel without it.
  ///
  /// - Throws: `ECONNRESET` where the stage ended before its last message, `ETIMEDOUT` where nothing
  ///   comes, and `EPROTO` for what is no such message.
  init(from stage: Int32, _ layout: EgressLayout) throws(SystemError) {
    var listeners: [Listener] = []
    var seen: Set<UInt16> = []
    var isRedirecting = false
    while true {
      let (bytes, descriptors) = try Self.message(from: stage)
      let batch: EgressSocketBatch
      do throws(FrameError) {
        batch = try EgressSocketBatch(bytes)
      } catch {
        throw Self.failure("\(error)", EPROTO)
      }
      guard batch.indices.count == descriptors.count else {
        throw Self.failure("\(descriptors.count) descriptors", EPROTO)
      }
      for (index, raw) in zip(batch.indices, descriptors) {
        guard Int(index) < layout.sockets.count, seen.insert(index).inserted else {
          throw Self.failure("index \(index)", EPROTO)
        }
        let socket = layout.sockets[Int(index)]
        try Self.check(raw, socket.purpose)
        listeners.append(Listener(socket.purpose, OwnedDescriptor(owning: raw)))
      }
      isRedirecting = batch.isRedirecting
      if batch.isLast { break }
    }
    guard isRedirecting || !layout.requiresRedirection else {
      throw Self.failure("redirection of every port", EPROTO)
    }
    for purpose in [EgressLayout.Socket.Purpose.datagramNames, .streamNames]
    where !listeners.contains(where: { $0.purpose == purpose }) {
      throw Self.failure("port 53", EPROTO)
    }
    self.listeners = listeners
  }

  private static func message(from stage: Int32) throws(SystemError) -> ([UInt8], [Int32]) {
    var watched = pollfd(fd: stage, events: Int16(POLLIN), revents: 0)
    let ready = try Kernel.check("egress: sockets", "stage") { unsafe poll(&watched, 1, patience) }
    guard ready == 1 else { throw failure("stage", ETIMEDOUT) }
    var bytes = [UInt8](repeating: 0, count: 2 + 2 * EgressSocketBatch.most)
    var descriptors = [Int32](repeating: -1, count: EgressSocketBatch.most)
    var number = 0
    let count = try Kernel.check("egress: sockets", "stage") {
      unsafe clinux_receive_descriptors(
        stage, &bytes, bytes.count, &descriptors, descriptors.count, &number)
    }
    guard count > 0 else { throw failure("stage", ECONNRESET) }
    return (Array(bytes[..<count]), Array(descriptors[..<number]))
  }

  /// - Throws: where it is not what its purpose says.
  private static func check(
    _ raw: Int32, _ purpose: EgressLayout.Socket.Purpose
  ) throws(SystemError) {
    // SOCK_DGRAM, SOCK_STREAM
    let isDatagram = purpose == .datagramNames
    guard try option(SO_TYPE, of: raw) == (isDatagram ? 2 : 1) else {
      throw failure("a socket for \(purpose)", EPROTO)
    }
    if isDatagram { return }
    guard try option(SO_ACCEPTCONN, of: raw) == 1 else {
      throw failure("a listener for \(purpose)", EPROTO)
    }
  }

  private static func option(_ name: Int32, of raw: Int32) throws(SystemError) -> Int32 {
    var value: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    try Kernel.check("egress: sockets", "getsockopt") {
      unsafe getsockopt(raw, SOL_SOCKET, name, &value, &length)
    }
    return value
  }

  private static func failure(_ subject: String, _ errno: Int32) -> SystemError {
    SystemError(step: "egress: sockets", subject: subject, errno: Errno(errno))
  }
}
