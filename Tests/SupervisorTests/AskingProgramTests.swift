import Control
import Digest
import Glibc
import Kernel
import Testing

@testable import Supervisor

/// Whom `approval.program` may be, what it is given, and what counts as its answer.
@Suite struct AskingProgramTests {
  private static let digest = String(repeating: "ab", count: 32)

  private static func parsed(_ hex: String) throws -> Digest { try #require(Digest(hex: hex)) }

  // MARK: Whom

  private func program(_ scratch: Scratch, mode: UInt32 = 0o755) throws -> String {
    let path = "\(scratch.path)/ask"
    try Files.replace(path, with: Array("#!/bin/sh\n".utf8), mode: 0o600)
    try check("chmod", path) { unsafe chmod(path, mode) }
    return path
  }

  private func failure(_ path: String, as uid: UInt32 = getuid()) -> (step: String, errno: Int32)? {
    do throws(SystemError) {
      _ = try AskingProgram.check(path, as: uid)
      return nil
    } catch {
      return (error.step, error.errno.code)
    }
  }

  @Test func oneOfTheCallersOwnMayAsk() throws {
    let scratch = try Scratch()
    let path = try program(scratch)
    #expect(failure(path) == nil)
    let link = "\(scratch.path)/link"
    try check("symlink", link) { unsafe symlink(path, link) }
    #expect(try AskingProgram.check(link, as: getuid()) == path)
    #expect(failure("/bin/true") == nil, "root's")
  }

  static let modes: [(mode: UInt32, step: String, errno: Int32)] = [
    (0o775, "permissions", EPERM), (0o757, "permissions", EPERM), (0o4777, "permissions", EPERM),
    (0o644, "execute", EACCES),
  ]

  @Test(arguments: modes)
  func whatOthersCanWriteMayNot(mode: UInt32, step: String, errno: Int32) throws {
    let scratch = try Scratch()
    let found = try #require(failure(try program(scratch, mode: mode)))
    #expect(found == (step, errno))
    #expect(!AskingProgram.hint(step: step).isEmpty)
  }

  @Test func norWhatStandsWhereOthersMayWrite() throws {
    let scratch = try Scratch()
    let path = try program(scratch)
    try check("chmod", scratch.path) { unsafe chmod(scratch.path, 0o777) }
    #expect(try #require(failure(path)) == ("permissions", EPERM))
    // Nobody moves another's file in a directory such as /tmp.
    try check("chmod", scratch.path) { unsafe chmod(scratch.path, 0o1777) }
    #expect(failure(path) == nil)
    try check("chmod", scratch.path) { unsafe chmod(scratch.path, 0o700) }
  }

  @Test func norWhatIsAnothers() throws {
    let scratch = try Scratch()
    let path = try program(scratch)
    guard getuid() != 0 else {
      try check("chown", path) { unsafe chown(path, 1234, 1234) }
      #expect(try #require(failure(path)) == ("owner", EPERM))
      return
    }
    #expect(try #require(failure(path, as: getuid() + 1)) == ("owner", EPERM))
  }

  @Test(arguments: [("/nowhere/ask", "find", ENOENT), ("/tmp", "execute", EACCES)])
  func norWhatIsNone(path: String, step: String, errno: Int32) throws {
    #expect(try #require(failure(path)) == (step, errno))
  }

  // MARK: What it is given

  @Test func itsEnvironmentIsWhatReachesAScreen() {
    let caller = [
      "PATH=/evil", "HOME=/evil", "DISPLAY=:0", "LC_ALL=C", "LC_TIME=x", "LANG=C", "LANGUAGE=x",
      "LD_PRELOAD=/x", "TOKEN=s3cr3t", "XDG_RUNTIME_DIR=/run/user/1", "DISPLAYED=1", "LC=1",
      "TERM=xterm",
    ]
    let environment = AskingProgram.environment(
      home: "/home/ada", from: caller.map { Array($0.utf8) })
    #expect(
      environment.map { String(decoding: $0, as: UTF8.self) } == [
        "HOME=/home/ada", "PATH=/usr/local/bin:/usr/bin:/bin", "DISPLAY=:0", "LC_ALL=C",
        "LC_TIME=x", "LANG=C", "XDG_RUNTIME_DIR=/run/user/1", "TERM=xterm",
      ])
  }

  // MARK: What counts

  @Test func oneLineDecides() throws {
    let digest = try Self.parsed(Self.digest)
    for (text, answer) in [
      ("approve \(Self.digest)\n", ProgramAnswer.approve(digest)),
      ("approve \(Self.digest)", .approve(digest)),
      ("reject \(Self.digest)\n", .reject(digest)), ("later\n", .later), ("later", .later),
    ] {
      #expect(
        AskingProgram.answer(Array(text.utf8), status: 0, signalled: false) == answer)
    }
  }

  static let noise = [
    "", "\n", "approve", "approve\n", "approve \n", "yes\n", "y", "APPROVE \(digest)\n",
    "approve  \(digest)\n", " approve \(digest)\n", "approve \(digest) \n",
    "approve \(digest)\n\n", "approve \(digest)\r\n", "approve \(digest)\nlater\n",
    "later\napprove \(digest)\n", "later \n", "approve \(digest.dropLast())\n",
    "approve \(digest)0\n", "approve \(digest.uppercased())\n", "approve sha256:\(digest)\n",
    "approved \(digest)\n", "\u{FEFF}approve \(digest)\n",
  ]

  @Test(arguments: noise)
  func anythingElseDecidesNothing(text: String) {
    guard case .none = AskingProgram.answer(Array(text.utf8), status: 0, signalled: false) else {
      Issue.record("\(text) decided")
      return
    }
  }

  @Test func norDoesAnAnswerOfAProgramThatFails() {
    let answer = Array("approve \(Self.digest)\n".utf8)
    for (status, signalled) in [(Int32(1), false), (127, false), (9, true), (15, true)] {
      guard
        case .none = AskingProgram.answer(answer, status: status, signalled: signalled)
      else {
        Issue.record("status \(status) decided")
        continue
      }
    }
  }

  // MARK: A run

  /// A script that is asked about `Self.digest` for so long.
  private func run(
    _ script: String, seconds: Int = 5, text: String = "what waits\n"
  ) throws -> ProgramAnswer {
    // In this process: it has no supervisor's filter, as the part has none. That blocks SIGPIPE.
    _ = signal(SIGPIPE, SIG_IGN)
    var run = try ProgramRun.start(
      "/bin/sh", ["sh", "-c", script, "sh", "notes", "tool:echo", Self.digest],
      environment: AskingProgram.environment(home: "/", from: []), text: Array(text.utf8))
    return try run.wait(seconds: seconds, others: []) { () throws(SystemError) in nil }
  }

  @Test func aProgramReadsAndAnswers() throws {
    let digest = try Self.parsed(Self.digest)
    #expect(
      try run(#"read a b; [ "$a $b" = "what waits" ] && echo "approve $3""#) == .approve(digest))
    #expect(try run(#"[ "$1 $2" = "notes tool:echo" ] && echo "reject $3""#) == .reject(digest))
    #expect(try run("cat >/dev/null; echo later") == .later)
    // It need not read, however much there is.
    #expect(try run("echo later", text: String(repeating: "x", count: 1 << 20)) == .later)
    #expect(
      try run("wc -c | grep -q 1048576 && echo later", text: String(repeating: "x", count: 1 << 20))
        == .later)
  }

  @Test func itHasNothingOfOursOpen() throws {
    // The shell's own and ls's are there, and no socket.
    #expect(try run("ls -l /proc/self/fd | grep -q socket || echo later") == .later)
    #expect(try run(#"[ "$(ps -o pgid= -p $$ | tr -d ' ')" = $$ ] && echo later"#) == .later)
  }

  static let failing: [(script: String, words: String)] = [
    ("exit 3", "status 3"), ("kill -9 $$", "signal 9"), (":", "nothing"),
    ("echo yes", "none of"), (#"echo "approve $3"; exit 1"#, "status 1"),
    ("head -c 100000 /dev/zero", "65536"), ("while :; do echo approve $3; done", "65536"),
  ]

  @Test(arguments: failing)
  func whatFailsDecidesNothing(script: String, words: String) throws {
    guard case .none(let reason) = try run(script) else {
      Issue.record("\(script) decided")
      return
    }
    #expect(reason.contains(words), "\(reason)")
  }

  /// It is ended with all that it has started, also where it ignores being asked to end.
  @Test(arguments: ["sleep 60", "trap '' TERM; sleep 60 & wait; sleep 60", "exec >&-; sleep 60"])
  func whatHangsIsEnded(script: String) throws {
    let begin = Clock.monotonicNanoseconds()
    guard case .none(let reason) = try run(script, seconds: 1) else {
      Issue.record("\(script) decided")
      return
    }
    #expect(reason.contains("timeouts.approval"))
    #expect(Clock.monotonicNanoseconds() - begin < 4_000_000_000)
  }

  @Test func whatItLeavesBehindIsEnded() throws {
    let scratch = try Scratch()
    let file = "\(scratch.path)/pid"
    #expect(try run("sleep 60 & echo $! >\(file); echo later") == .later)
    let text = String(decoding: try Files.read(file, limit: 32), as: UTF8.self)
    let pid = try #require(Int32(text.split(separator: "\n")[0]))
    // Killed by now; whoever adopted it may not have taken it away yet.
    for _ in 0..<100 where kill(pid, 0) == 0 {
      let state = try Files.read("/proc/\(pid)/stat", limit: 4096)
      if state.contains(UInt8(ascii: "Z")) { return }
      usleep(10_000)
    }
    #expect(kill(pid, 0) != 0)
  }

  @Test func whatIsNoProgramSaysWhy() throws {
    let error = #expect(throws: SystemError.self) {
      _ = try ProgramRun.start("/etc/passwd", ["x"], environment: [], text: [])
    }
    #expect(error?.step == "execute")
    #expect(error?.errno.code == EACCES)
  }

  // MARK: Frames

  @Test func ordersAndReportsComeBackAsTheyWere() throws {
    let digest = try Self.parsed(Self.digest)
    for order in [
      AskerOrder.configure(program: ["/a", "b c", ""], environment: [[1, 2], []], seconds: 7),
      .ask(number: 3, arguments: ["x"], text: [0, 255]), .withdraw,
    ] {
      var reader = FrameReader(limit: AskerOrder.longestFrame)
      reader.feed(order.frame())
      #expect(try AskerOrder(#require(try reader.next())) == order)
    }
    for answer in [
      ProgramAnswer.approve(digest), .reject(digest), .later, .none("why"),
      .failed(step: "a", subject: "b", errno: 2),
    ] {
      let report = AskerReport(number: 9, answer: answer)
      var reader = FrameReader(limit: AskerReport.longestFrame)
      reader.feed(report.frame())
      #expect(try AskerReport(#require(try reader.next())) == report)
    }
  }
}
