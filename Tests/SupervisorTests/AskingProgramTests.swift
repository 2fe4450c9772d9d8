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
