import CLinux
import Control
import Glibc
import Kernel

/// The sockets of a sandbox's network, which the stage opened and sent.
struct EgressSockets: Sendable {
  struct Entry: Sendable {
    let socket: EgressLayout.Socket
    /// Non-blocking, close-on-exec, and this process's for good.
    let raw: Int32
  }

  let entries: [Entry]
  /// The kernel sends what goes to no socket to one of them.
  let redirects: Bool

  /// Milliseconds between one message of the stage's and the next.
  private static let patience: Int32 = 5000
  private static let version: UInt8 = 1
  /// SCM_MAX_FD
  private static let mostInMessage = 253

  private enum Flag {
    static let redirects: UInt8 = 1
    static let isLast: UInt8 = 2
  }

  /// Takes all that the stage sends: messages of a version, flags, and for each descriptor its index
  /// among the layout's sockets. Sockets of IPv6 may be missing, on a kernel without it.
  ///
  /// - Throws: `ECONNRESET` where the stage ended before its last message, `ETIMEDOUT` where nothing
  ///   comes, and `EPROTO` for what is no such message.
  init(from stage: Int32, _ layout: EgressLayout) throws(SystemError) {
    var entries: [Entry] = []
    var seen: Set<Int> = []
    var flags: UInt8 = 0
    repeat {
      let (bytes, descriptors) = try Self.message(from: stage)
      guard bytes.count == 2 + 2 * descriptors.count, bytes[0] == Self.version else {
        throw Self.failure("message", EPROTO)
      }
      flags = bytes[1]
      for (number, raw) in descriptors.enumerated() {
        let index = Int(bytes[2 + 2 * number]) | Int(bytes[3 + 2 * number]) << 8
        guard layout.sockets.indices.contains(index), seen.insert(index).inserted else {
          throw Self.failure("index \(index)", EPROTO)
        }
        let entry = Entry(socket: layout.sockets[index], raw: raw)
        try entry.check()
        entries.append(entry)
      }
    } while flags & Flag.isLast == 0
    self.entries = entries
    redirects = flags & Flag.redirects != 0
    guard redirects || !layout.requiresRedirection else {
      throw Self.failure("redirection of every port", EPROTO)
    }
    for purpose in [EgressLayout.Socket.Purpose.datagramNames, .streamNames]
    where !entries.contains(where: { $0.socket.purpose == purpose }) {
      throw Self.failure("port 53", EPROTO)
    }
  }

  private static func message(from stage: Int32) throws(SystemError) -> ([UInt8], [Int32]) {
    var watched = pollfd(fd: stage, events: Int16(POLLIN), revents: 0)
    let ready = try check("sockets", "stage") { unsafe poll(&watched, 1, patience) }
    guard ready == 1 else { throw failure("stage", ETIMEDOUT) }
    var bytes = [UInt8](repeating: 0, count: 2 + 2 * mostInMessage)
    var descriptors = [Int32](repeating: -1, count: mostInMessage)
    var number = 0
    let count = try check("sockets", "stage") {
      unsafe clinux_receive_descriptors(
        stage, &bytes, bytes.count, &descriptors, descriptors.count, &number)
    }
    guard count > 0 else { throw failure("stage", ECONNRESET) }
    return (Array(bytes[..<count]), Array(descriptors[..<number]))
  }

  static func failure(_ subject: String, _ errno: Int32) -> SystemError {
    SystemError(step: "sockets", subject: subject, errno: Errno(errno))
  }
}

extension EgressSockets.Entry {
  /// - Throws: where it is not what its purpose says.
  fileprivate func check() throws(SystemError) {
    let isDatagram = socket.purpose == .datagramNames
    guard try option(SO_TYPE) == (isDatagram ? 2 : 1) else { throw failure }
    if !isDatagram {
      guard try option(SO_ACCEPTCONN) == 1 else { throw failure }
    }
    let flags = try Kernel.check("sockets", "flags") { clinux_fcntl_int(raw, F_GETFL, 0) }
    try Kernel.check("sockets", "flags") { clinux_fcntl_int(raw, F_SETFL, flags | O_NONBLOCK) }
  }

  private var failure: SystemError {
    EgressSockets.failure("a socket for \(socket.purpose)", EPROTO)
  }

  private func option(_ name: Int32) throws(SystemError) -> Int32 {
    var value: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    try Kernel.check("sockets", "getsockopt") {
      unsafe getsockopt(raw, SOL_SOCKET, name, &value, &length)
    }
    return value
  }
}
