import CLinux
import Control
import Glibc
import Kernel

/// The egress process: it answers the sandbox's questions for names and carries its connections.
///
/// It starts with the control socket on 0, and on 1 the socket through which the stage sends the
/// sandbox's sockets. It runs in the host's network namespace, and holds no privilege: it reads a
/// server's bytes.
public enum EgressProcess {
  /// The process's name among the parts of a running server.
  public static let name = "cordon-egress"

  private static let control: Int32 = 0
  private static let stage: Int32 = 1
  private static let failure: Int32 = 70
  /// Milliseconds in which a stage that ended early is told of by its own words.
  private static let patience: Int32 = 2000

  /// Runs until the session has ended, or the supervisor is gone.
  ///
  /// - Returns: the exit status; 70 where something failed before the first connection.
  public static func run() -> Int32 {
    do throws(SystemError) {
      guard var configuration = try configuration() else { return failure }
      try EgressConfinement.makeRoom(for: &configuration)
      let sockets = try EgressSockets(from: stage, configuration.layout)
      close(stage)
      // What needs a system call that the filter refuses is done before it.
      var loop = try EgressLoop(configuration, listeners: sockets.listeners, control: control)
      try EgressConfinement.enter(configuration)
      report(.ready)
      try loop.run()
      return 0
    } catch  where error.errno.code == ECONNRESET && waitsForEnd() {
      // The stage has said itself why it ended.
      return failure
    } catch {
      report(.failed(step: error.step, subject: error.subject, errno: error.errno.code))
      return failure
    }
  }

  /// - Returns: nil where the supervisor is gone.
  private static func configuration() throws(SystemError) -> EgressConfiguration? {
    var reader = FrameReader(limit: EgressOrder.longestFrame)
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    do {
      while true {
        if let frame = try reader.next() {
          let order = try EgressOrder(frame)
          switch order {
          case .configure(let configuration): return configuration
          }
        }
        let count = unsafe recv(control, &chunk, chunk.count, 0)
        if count < 0 && Errno.current.code == EINTR { continue }
        guard count > 0 else { return nil }
        reader.feed(chunk[..<count])
      }
    } catch {
      throw SystemError(step: "egress: configuration", subject: "\(error)", errno: Errno(EPROTO))
    }
  }

  /// - Returns: whether the session ended in time.
  private static func waitsForEnd() -> Bool {
    var watched = pollfd(fd: control, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&watched, 1, patience) == 1
  }

  private static func report(_ report: EgressReport) {
    // A supervisor that is gone cannot be told; its end is this process's.
    let frame = report.frame()
    _ = unsafe frame.withUnsafeBytes { bytes in
      unsafe bytes.baseAddress.map { unsafe clinux_send(control, $0, bytes.count, 0) }
    }
  }
}
