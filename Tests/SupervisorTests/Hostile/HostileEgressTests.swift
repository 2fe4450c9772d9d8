import Glibc
import JSON
import Kernel
import Testing

@testable import Supervisor

/// What carries a server's connections, taken over by someone: it can end its session and be heard
/// out. It can write nothing but what an honest one would, and no more of it than a disk can bear; it
/// cannot outlive the session, nor go on unheard.
@Suite struct HostileEgressTests {
  private func run(
    _ egress: String, stage: String = Script.stage(for: 0.5)
  ) async throws -> (HostileSession.Outcome, [JSONNode]) {
    let scratch = try Scratch()
    var session = HostileSession(in: scratch, stage: stage)
    session.egress = egress
    await #expect(processExitsWith: .success) { [session = session as HostileSession] in
      session.run()
    }
    return (try session.outcome(), try session.events())
  }

  static let faults: [(name: String, script: String, words: String)] = [
    ("noise", "import random; send(b'\\xff' * 4096); settle()", "may not: tooLong"),
    ("a type that is none", "send(frame(99)); settle()", "invalid(\"type 99\")"),
    ("a frame over the limit", "send(struct.pack('<I', 1 << 30)); settle()", "tooLong"),
    ("a frame that goes on", "send(frame(1, b'x')); settle()", "trailingBytes"),
    ("ready twice", "send(READY, READY); settle()", "invalid(\"ready twice\")"),
    ("a connection too early", "send(connection()); settle()", "a connection before ready"),
    ("a refusal too early", "send(refused()); settle()", "a refusal before ready"),
    ("a step too late", "send(READY, failed('x', 1)); settle()", "may not|sent what"),
    ("a name too long", "send(READY, connection('a' * 256)); settle()", "invalid(\"connection\")"),
    ("an errno that is none", "send(READY, connection(errno=5000)); settle()", "connection"),
    ("an outcome that is none", "send(READY, connection(outcome='x')); settle()", "outcome"),
    ("an address that is none", "send(READY, connection(address=b'x')); settle()", "address"),
    ("a reason that is none", "send(READY, refused('x')); settle()", "reason"),
    ("nothing refused", "send(READY, refused(count=0)); settle()", "invalid(\"refusal\")"),
    ("a detail too long", "send(READY, refused(detail='a' * 256)); settle()", "refusal"),
    (
      "a step that failed", "send(frame(2, text('x') + text('y') + number(1))); settle()",
      "x: y: operation not permitted"
    ),
    ("an end before ready", "os._exit(3)", "egress: exit 3|closed its control socket"),
    (
      "an end at once", "send(READY); os._exit(0)",
      "egress: exit 0|ended: exit 0|closed its control"
    ),
    (
      "a closed socket", "send(READY); control.close(); time.sleep(60)", "closed its control socket"
    ),
    (
      "a closed half", "send(READY); control.shutdown(socket.SHUT_WR); time.sleep(60)",
      "closed its control socket"
    ),
  ]

  @Test(arguments: faults)
  func whatIsNoProtocolEndsTheSession(
    _ fault: (name: String, script: String, words: String)
  ) async throws {
    let (outcome, _) = try await run(fault.script, stage: Script.quietStage)
    #expect(
      fault.words.split(separator: "|").contains { outcome.end.contains($0) },
      "\(fault.name): \(outcome.end)")
    #expect(outcome.milliseconds < 20_000, "\(fault.name)")
  }

  /// The server does not run before what carries its connections is confined.
  @Test func nothingRunsBeforeItIsReady() async throws {
    let sign = "/tmp/cordon-ready-\(getpid())-\(UInt64.random(in: 0...(.max)))"
    defer { unsafe unlink(sign) }
    let (outcome, _) = try await run(
      "time.sleep(0.6); open('\(sign)', 'w').close(); send(READY); settle()",
      stage: """
        next(orders())
        for kind in orders():
            if kind == 3: break
        send(STARTED)
        send(exited(0 if os.path.exists('\(sign)') else 9))
        os._exit(0)
        """)
    #expect(outcome.end == "exit 0")
  }

  @Test func oneThatStaysIsEnded() async throws {
    let (outcome, events) = try await run("send(READY); time.sleep(60)")
    #expect(outcome.end == "exit 0")
    #expect(outcome.milliseconds < 20_000)
    #expect(
      events.filter { $0["event"]?.string == "egress-incomplete" }.map { $0["reason"]?.string }
        == ["it was killed before it had told of all"])
  }

  /// A host that signals kills soon after: what was open is written down before that, or that it is
  /// not.
  @Test func aSignalDoesNotMakeRecordsVanish() async throws {
    let (outcome, events) = try await run(
      """
      import ctypes, glob, signal
      kinds = orders()
      next(kinds)
      send(READY)
      time.sleep(0.2)
      # A test's process has other threads, on which the signal is not held back.
      for status in glob.glob('/proc/%d/task/*/status' % os.getppid()):
          held = [line.split()[1] for line in open(status) if line.startswith('SigBlk:')][0]
          if int(held, 16) >> signal.SIGTERM - 1 & 1:
              ctypes.CDLL(None).tgkill(os.getppid(), int(status.split('/')[4]), signal.SIGTERM)
      for kind in kinds: pass
      time.sleep(0.04)
      send(connection('late', outcome='ended')); os._exit(0)
      """, stage: Script.quietStage)
    #expect(outcome.end.contains("15") || outcome.end.contains("SIGTERM"), "\(outcome.end)")
    let said = events.compactMap { $0["event"]?.string }.filter { "\($0)".hasPrefix("egress") }
    #expect(said == ["egress"] || said == ["egress-incomplete"], "\(said)")
  }

  @Test func theLaunchSaysWhatOfTheNetworkIsGranted() async throws {
    let (_, events) = try await run("send(READY); settle()", stage: Script.stage(for: 0))
    let launch = try #require(events.first { $0["event"]?.string == "launch" })
    #expect(
      launch["networkAllow"]?.array?.map(\.string)
        == ["a.example:443", "b.example:443 (tcp, private)", "10.1.0.0/16:*"])
    #expect(launch["networkDeny"]?.array?.map(\.string) == ["*.a.example:*"])
    // All that was open has been told.
    #expect(!events.contains { $0["event"]?.string == "egress-incomplete" })
  }

  /// What was open at the session's end is written down.
  @Test func itsLastWordsAreHeard() async throws {
    let (_, events) = try await run(
      "send(READY)\nfor kind in orders(): pass\nsend(connection('late', outcome='ended')); os._exit(0)"
    )
    let late = events.first { $0["event"]?.string == "egress" }
    #expect(late?["name"]?.string == "late")
    #expect(late?["outcome"]?.string == "ended")
  }

  @Test func aFloodIsBounded() async throws {
    let (outcome, events) = try await run(
      """
      send(READY)
      for n in range(20000): send(refused('name', '\\x1b[2Jn%d.example' % n))
      settle()
      """)
    #expect(outcome.end == "exit 0")
    let told = outcome.told.filter { $0.contains("refused: the name") }
    #expect((1...EgressBook.free + 2).contains(told.count))
    #expect(!told.contains { $0.utf8.contains(0x1B) })
    #expect(events.count > 1000)
  }
}
