import Glibc
import Kernel

/// A socket to one part of the kernel's network.
struct NetlinkSocket: ~Copyable {
  enum Part: Int32 {
    /// Addresses and routes: NETLINK_ROUTE.
    case route = 0
    /// Filters and translation: NETLINK_NETFILTER.
    case netfilter = 12
  }

  private let descriptor: OwnedDescriptor

  init(_ part: Part) throws(SystemError) {
    let type = Int32(SOCK_RAW.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    descriptor = OwnedDescriptor(
      owning: try check("socket", "netlink") { socket(AF_NETLINK, type, part.rawValue) })
  }

  /// Sends the messages and makes sure that the kernel took them: one of them at least asks for an answer.
  ///
  /// - Throws: the first message's error that the kernel has.
  func carryOut(_ messages: NetlinkMessages, _ subject: String) throws(SystemError) {
    try descriptor.withRaw { (raw) throws(SystemError) in
      let bytes = messages.bytes
      _ = try check("netlink", subject) { unsafe send(raw, bytes, bytes.count, 0) }
      var chunk = [UInt8](repeating: 0, count: 8192)
      while true {
        // The kernel carries the messages out before send returns: the answers are there.
        let count = try check("netlink", subject) {
          unsafe recv(raw, &chunk, chunk.count, Int32(MSG_DONTWAIT))
        }
        for answer in try Self.answers(in: chunk[..<count], subject) {
          guard answer.errno.code == 0 else {
            throw SystemError(step: "netlink", subject: subject, errno: answer.errno)
          }
          if answer.sequence == messages.answered { return }
        }
      }
    }
  }

  private static func answers(
    in bytes: ArraySlice<UInt8>, _ subject: String
  ) throws(SystemError) -> [(sequence: UInt32, errno: Errno)] {
    var answers: [(UInt32, Errno)] = []
    var rest = bytes
    while rest.count >= 16 {
      let length = Int(number(in: rest, at: 0))
      // NLMSG_ERROR: a header, the error as a negative number, and the message that it is about.
      guard length >= 20, length <= rest.count, rest[rest.startIndex + 4] == 2 else {
        throw SystemError(step: "netlink", subject: subject, errno: Errno(EBADMSG))
      }
      let error = Int32(bitPattern: number(in: rest, at: 16))
      answers.append((number(in: rest, at: 8), Errno(error == .min ? EBADMSG : -error)))
      rest = rest.dropFirst((length + 3) & ~3)
    }
    return answers
  }

  private static func number(in bytes: ArraySlice<UInt8>, at offset: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(bytes[bytes.startIndex + offset + $1]) << UInt32(8 * $1) }
  }
}
