import CLinux
import Control
import Glibc
import Kernel

/// The part that makes a session's placeholders and outlives its supervisor, to remove them however
/// that ends. It is started only where there are some, and listens to nobody but the supervisor.
///
/// Started with the control socket as 0, and an empty environment.
public enum SweeperProcess {
  private static let control: Int32 = 0

  /// How long the sandbox may take to end once the supervisor is gone, in milliseconds.
  private static let longestWait: Int32 = 5000

  /// - Returns: the exit status.
  public static func run() -> Int32 {
    do throws(SystemError) {
      try detach()
      let order = try receiveOrder()
      let store = PlaceholderStore(directory: order.directory)
      let record: PlaceholderStore.Record
      do throws(SystemError) {
        record = try store.make(order.placeholders)
      } catch {
        try report(.failed(step: error.step, subject: error.subject, errno: error.errno.code))
        return 70
      }
      do throws(SystemError) {
        try report(.made)
      } catch {
        // The supervisor is gone already.
      }
      try awaitEnd()
      try store.remove(record)
      return 0
    } catch {
      return 70
    }
  }

  /// Neither the supervisor's end nor a signal to its process group ends this process.
  private static func detach() throws(SystemError) {
    try check("prctl", "PR_SET_PDEATHSIG") { clinux_parent_death_signal(0) }
    try check("setsid", "session") { setsid() }
    let signals = [SIGHUP, SIGINT, SIGTERM, SIGPIPE]
    try check("signals", "block") { unsafe clinux_block_signals(signals, signals.count) }
    try check("prctl", "PR_SET_NO_NEW_PRIVS") { clinux_no_new_privileges() }
    try check("prctl", "PR_SET_DUMPABLE") { clinux_not_dumpable() }
    _ = umask(0o022)
  }

  private static func receiveOrder() throws(SystemError) -> SweeperOrder {
    var reader = FrameReader(limit: SweeperOrder.longestFrame)
    var chunk = [UInt8](repeating: 0, count: 65_536)
    do {
      while true {
        if let frame = try reader.next() { return try SweeperOrder(frame) }
        let count = try check("read", "control socket") {
          unsafe read(control, &chunk, chunk.count)
        }
        if count == 0 { throw FrameError.truncated }
        reader.feed(chunk[..<count])
      }
    } catch let error as SystemError {
      throw error
    } catch {
      throw SystemError(step: "order", subject: "control socket", errno: Errno(EPROTO))
    }
  }

  private static func report(_ report: SweeperReport) throws(SystemError) {
    let frame = report.frame()
    let sent = try check("send", "control socket") {
      unsafe clinux_send(control, frame, frame.count, 0)
    }
    guard sent == frame.count else {
      throw SystemError(step: "send", subject: "control socket", errno: Errno(EPIPE))
    }
  }

  /// Waits for the supervisor's word or end, and then until nothing of the sandbox runs any more:
  /// a name that is free while the server lives could be taken by it.
  private static func awaitEnd() throws(SystemError) {
    var stage: Int32 = -1
    while true {
      var byte = [UInt8](repeating: 0, count: 1)
      var received: [Int32] = [-1]
      var number = 0
      let count = try check("receive", "control socket") {
        unsafe clinux_receive_descriptors(
          control, &byte, byte.count, &received, received.count, &number)
      }
      guard count > 0, number == 1 else { break }
      stage = received[0]
    }
    guard stage >= 0 else { return }
    var waiting = pollfd(fd: stage, events: Int16(POLLIN), revents: 0)
    _ = try check("poll", "stage") { unsafe poll(&waiting, 1, longestWait) }
  }
}
