import CLinux
import Control
import Glibc
import Kernel

/// The part that starts the program which asks the user: the supervisor itself can start nothing any
/// more. It is there only where a profile names a program, and listens to nobody but the supervisor.
///
/// Started with the control socket as 0 and the host's standard error as 1, and an empty environment.
/// It ends with the supervisor, whichever way that ends, and ends the program's process group then.
public enum AskerProcess {
  private static let control: Int32 = 0

  /// - Returns: the exit status.
  public static func run() -> Int32 {
    do throws(SystemError) {
      let signals = try takePlace()
      var post = Post(signals: signals)
      guard case .configure(let program, let environment, let seconds) = try post.next() else {
        return 70
      }
      while let order = try post.next() {
        guard case .ask(let number, let arguments, let text) = order else { continue }
        let answer = ask(
          program, arguments, environment: environment, seconds: seconds, text: text, &post)
        guard post.isOpen else { return 0 }
        try report(AskerReport(number: number, answer: answer))
      }
      return 0
    } catch {
      return 70
    }
  }

  /// - Returns: where signals to end come.
  private static func takePlace() throws(SystemError) -> OwnedDescriptor {
    // It sees the supervisor's end itself, and has something to do then.
    try check("prctl", "PR_SET_PDEATHSIG") { clinux_parent_death_signal(0) }
    try check("setsid", "session") { setsid() }
    // The numbers below 3 are the program's, and nothing else gets one.
    try check("dup2", "standard error") { dup2(1, 2) }
    let ends = [SIGTERM]
    let blocked = ends + [SIGHUP, SIGINT, SIGPIPE]
    try check("signals", "block") { unsafe clinux_block_signals(blocked, blocked.count) }
    try check("prctl", "PR_SET_DUMPABLE") { clinux_not_dumpable() }
    return OwnedDescriptor(
      owning: try check("signalfd", "open") { unsafe clinux_signal_descriptor(ends, ends.count) })
  }

  private static func ask(
    _ program: [String], _ arguments: [String], environment: [[UInt8]], seconds: Int,
    text: [UInt8], _ post: inout Post
  ) -> ProgramAnswer {
    do throws(SystemError) {
      let file = try AskingProgram.check(program[0], as: geteuid())
      var run = try ProgramRun.start(
        file, program + arguments, environment: environment, text: text)
      do throws(SystemError) {
        return try run.wait(seconds: seconds, others: post.descriptors) {
          () throws(SystemError) in try post.interruption()
        }
      } catch {
        run.kill()
        throw error
      }
    } catch {
      return .failed(step: error.step, subject: error.subject, errno: error.errno.code)
    }
  }

  private static func report(_ report: AskerReport) throws(SystemError) {
    let frame = report.frame()
    let sent = try check("send", "control socket") {
      unsafe clinux_send(control, frame, frame.count, 0)
    }
    guard sent == frame.count else {
      throw SystemError(step: "send", subject: "control socket", errno: Errno(EPIPE))
    }
  }

  /// What comes from the supervisor.
  private struct Post: ~Copyable {
    let signals: OwnedDescriptor
    private var reader = FrameReader(limit: AskerOrder.longestFrame)
    /// False once the supervisor is gone, or wants this to end.
    private(set) var isOpen = true

    init(signals: consuming OwnedDescriptor) {
      self.signals = signals
    }

    var descriptors: [Int32] { [control, signals.withRaw { $0 }] }

    /// Waits for the next order; nil where there will be none.
    mutating func next() throws(SystemError) -> AskerOrder? {
      while isOpen {
        if let order = try taken() { return order }
        var watched = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        try check("poll", "control socket") { unsafe poll(&watched, 2, -1) }
        try receive()
      }
      return nil
    }

    /// Why the program that runs is to end; nil where it is not.
    mutating func interruption() throws(SystemError) -> String? {
      try receive()
      guard isOpen else { return "the session ended" }
      // While one is asked about no other comes: it is a withdrawal.
      return try taken() == nil ? nil : "it is decided already"
    }

    private mutating func taken() throws(SystemError) -> AskerOrder? {
      do throws(FrameError) {
        return try reader.next().map { (frame) throws(FrameError) in try AskerOrder(frame) }
      } catch {
        throw SystemError(step: "order", subject: "control socket", errno: Errno(EPROTO))
      }
    }

    private mutating func receive() throws(SystemError) {
      if signals.withRaw({ clinux_read_signal($0) }) > 0 {
        isOpen = false
        return
      }
      var chunk = [UInt8](repeating: 0, count: 65_536)
      let count = unsafe recv(control, &chunk, chunk.count, Int32(MSG_DONTWAIT))
      if count < 0, [EAGAIN, EINTR].contains(Errno.current.code) { return }
      guard count > 0 else {
        isOpen = false
        return
      }
      reader.feed(chunk[..<count])
    }
  }
}
