import CLinux
import Digest
import Glibc
import Kernel

/// One start of the program that asks: its input written, its output read, its end awaited, all of it
/// bounded.
struct ProgramRun: ~Copyable {
  /// Bytes of output that are read; an answer has 73.
  static let longestOutput = 64 << 10
  /// Milliseconds between being asked to end and being ended.
  private static let grace: UInt64 = 500

  private let pid: Int32
  private let pidfd: OwnedDescriptor
  private var input: OwnedDescriptor?
  private let output: OwnedDescriptor
  private var text: ArraySlice<UInt8>
  private var answer: [UInt8] = []
  private var reason: String?

  /// Starts it in a session and a process group of its own, with nothing open but its input, its
  /// output and this process's standard error.
  ///
  /// - Parameters:
  ///   - file: what is executed; `arguments[0]` is the name that it was given.
  static func start(
    _ file: String, _ arguments: [String], environment: [[UInt8]], text: [UInt8]
  ) throws(SystemError) -> ProgramRun {
    let input = try Pipe()
    let output = try Pipe()
    let report = try Pipe()
    let pid = clinux_fork()
    if pid == 0 {
      become(file, arguments, environment, input, output, report)
    }
    guard pid > 0 else { throw SystemError(step: "fork", subject: file, errno: .current) }
    // The child's ends close here, so that the end of either side is seen.
    close(consume input.reading)
    close(consume output.writing)
    close(consume report.writing)
    let writing = consume input.writing
    let reading = consume output.reading
    if let errno = try failure(consume report.reading) {
      _ = try ChildEnd(waitingFor: pid, file)
      throw SystemError(step: "execute", subject: file, errno: errno)
    }
    for raw in [writing.withRaw { $0 }, reading.withRaw { $0 }] {
      try check("flags", "pipe") { clinux_fcntl_int(raw, F_SETFL, O_NONBLOCK) }
    }
    let pidfd = OwnedDescriptor(
      owning: try check("pidfd_open", file) { clinux_pidfd_open(pid) })
    return ProgramRun(pid: pid, pidfd: pidfd, input: writing, output: reading, text: text[...])
  }

  private init(
    pid: Int32, pidfd: consuming OwnedDescriptor, input: consuming OwnedDescriptor,
    output: consuming OwnedDescriptor, text: ArraySlice<UInt8>
  ) {
    self.pid = pid
    self.pidfd = pidfd
    self.input = consume input
    self.output = output
    self.text = text
  }

  private static func close(_ descriptor: consuming OwnedDescriptor) {}

  /// The errno of the step that failed before the program ran; nil once it runs.
  private static func failure(
    _ report: consuming OwnedDescriptor
  ) throws(SystemError) -> Errno? {
    let bytes = try Files.read(report, limit: 4, subject: "report")
    guard bytes.count == 4 else { return nil }
    return Errno(unsafe bytes.withUnsafeBytes { unsafe $0.load(as: Int32.self) })
  }

  /// In the child. It does no more than take its place, and execute; it does not return.
  private static func become(
    _ file: String, _ arguments: [String], _ environment: [[UInt8]], _ input: borrowing Pipe,
    _ output: borrowing Pipe, _ report: borrowing Pipe
  ) {
    // Lent, so that they are open for as long as this lasts.
    let reader = input.reading.withRaw { $0 }
    let writer = output.writing.withRaw { $0 }
    let reporter = report.writing.withRaw { $0 }
    guard clinux_reset_signals() == 0, clinux_parent_death_signal(SIGKILL) == 0, setsid() > 0,
      unsafe chdir("/") == 0, dup2(reader, 0) == 0, dup2(writer, 1) == 1,
      // All others are closed by the exec.
      clinux_close_range(3, .max, closesAtExec) == 0
    else { fail(reporter) }
    unsafe withCStrings(arguments) { arguments in
      unsafe withCStrings(environment) { environment in
        _ = unsafe clinux_execve(file, arguments, environment)
      }
    }
    fail(reporter)
  }

  private static func fail(_ report: Int32) -> Never {
    var errno = Errno.current.code
    unsafe _ = write(report, &errno, 4)
    _exit(127)
  }

  /// CLOSE_RANGE_CLOEXEC, which the Glibc module lacks.
  private static var closesAtExec: UInt32 { 4 }

  /// Waits for its answer, and for its end.
  ///
  /// - Parameters:
  ///   - seconds: how long it may take.
  ///   - others: descriptors of the caller's; what is readable there is asked about.
  ///   - endsFor: whether that ends the program, and why. It is called again while there is more.
  mutating func wait(
    seconds: Int, others: [Int32], endsFor: () throws(SystemError) -> String?
  ) throws(SystemError) -> ProgramAnswer {
    var due = Clock.monotonicNanoseconds() + UInt64(seconds) * 1_000_000_000
    var hasEnded = false
    while !hasEnded {
      let now = Clock.monotonicNanoseconds()
      if now >= due {
        if reason == nil {
          end("it did not answer within timeouts.approval (\(seconds) s)", &due)
        } else {
          kill(-pid, SIGKILL)
          due = now + 1_000_000_000
        }
      }
      let ready = try poll(others, until: due)
      if ready.isWritable { writeText() }
      if ready.isReadable, !read(), reason == nil {
        end("it wrote more than \(Self.longestOutput) bytes", &due)
      }
      if ready.others, reason == nil, let why = try endsFor() { end(why, &due) }
      hasEnded = ready.hasEnded
    }
    // While it is not reaped the group's number is nobody else's.
    while read(), answer.count <= Self.longestOutput, hasMore {}
    kill(-pid, SIGKILL)
    let end = try ChildEnd(waitingFor: pid, "program")
    if let reason { return .none(reason) }
    guard answer.count <= Self.longestOutput else {
      return .none("it wrote more than \(Self.longestOutput) bytes")
    }
    return AskingProgram.answer(answer, status: end.status, signalled: end.signalled)
  }

  /// Nobody waits for it any more.
  mutating func kill() {
    Glibc.kill(-pid, SIGKILL)
    var status: Int32 = 0
    var signalled: Int32 = 0
    unsafe _ = clinux_wait(pid, &status, &signalled, 0)
  }

  private mutating func end(_ why: String, _ due: inout UInt64) {
    reason = why
    kill(-pid, SIGTERM)
    due = Clock.monotonicNanoseconds() + Self.grace * 1_000_000
  }

  private func kill(_ target: Int32, _ signal: Int32) {
    _ = Glibc.kill(target, signal)
  }

  private struct Ready {
    var isWritable = false
    var isReadable = false
    var hasEnded = false
    var others = false
  }

  private var isOutputOpen = true

  private func poll(_ others: [Int32], until due: UInt64) throws(SystemError) -> Ready {
    let now = Clock.monotonicNanoseconds()
    let wait = due <= now ? 0 : Int32(clamping: (due - now) / 1_000_000 + 1)
    var watched = [
      pollfd(fd: pidfd.withRaw { $0 }, events: Int16(POLLIN), revents: 0),
      // A negative one is passed over.
      pollfd(fd: input?.withRaw { $0 } ?? -1, events: Int16(POLLOUT), revents: 0),
      pollfd(fd: isOutputOpen ? output.withRaw { $0 } : -1, events: Int16(POLLIN), revents: 0),
    ]
    watched += others.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    let count = watched.count
    try check("poll", "program") { unsafe Glibc.poll(&watched, nfds_t(count), wait) }
    return Ready(
      isWritable: watched[1].revents != 0, isReadable: watched[2].revents != 0,
      hasEnded: watched[0].revents != 0, others: watched[3...].contains { $0.revents != 0 })
  }

  /// A program that does not read its input, or not all of it, may still answer.
  private mutating func writeText() {
    guard let raw = input?.withRaw({ $0 }) else { return }
    let count = unsafe text.withUnsafeBytes { unsafe write(raw, $0.baseAddress, $0.count) }
    if count < 0, [EAGAIN, EINTR].contains(Errno.current.code) { return }
    text = count < 0 ? [] : text.dropFirst(count)
    if text.isEmpty { input = nil }
  }

  /// Something is here by now.
  private var hasMore = false

  /// - Returns: false once there is more than an answer may have.
  private mutating func read() -> Bool {
    var chunk = [UInt8](repeating: 0, count: 4096)
    let count = output.withRaw { unsafe Glibc.read($0, &chunk, chunk.count) }
    hasMore = count > 0
    if count == 0 { isOutputOpen = false }
    if count > 0 { answer += chunk[..<count] }
    return answer.count <= Self.longestOutput
  }
}
