import Glibc
import JSON
import Kernel
import Manifest
import Testing

@testable import Supervisor

/// A relay that someone took over. It can end its session and be heard out; it can decide nothing,
/// fill nothing and make nobody read its words as anything else.
@Suite struct HostileRelayTests {
  private func run(
    _ relay: String, stage: String = Script.stage(for: 1), trusts: Bool = false,
    asks: Bool = false,
    check: (HostileSession, HostileSession.Outcome) throws -> Void
  ) async throws {
    let scratch = try Scratch()
    var session = HostileSession(in: scratch, relay: relay, stage: stage)
    session.trusts = trusts
    session.asks = asks
    await #expect(processExitsWith: .success) { [session = session as HostileSession] in
      session.run()
    }
    try check(session, try session.outcome())
    // Whatever happened: the approvals are there to be read, and nothing was approved.
    let record = try session.store().load()
    if !trusts { #expect(!record.sorted.contains { $0.approved != nil }) }
    #expect(!record.isAfterDamage)
    _ = try session.events()
    #expect(try Files.list("\(session.folder)/state/sessions").isEmpty)
  }

  /// What is no protocol ends the session, at once and with these words.
  static let faults: [(name: String, script: String, words: String)] = [
    ("noise", "send(os.urandom(4096)); settle()", "the relay sent what it may not"),
    ("a type that is none", "send(frame(99)); settle()", "invalid(\"type 99\")"),
    ("a frame without a byte", "send(bytes(4)); settle()", "truncated"),
    ("a frame over the limit", "send(struct.pack('<I', 1 << 30)); settle()", "tooLong"),
    ("a frame that goes on", "send(frame(1, b'x')); settle()", "trailingBytes"),
    (
      "a count that lies", "send(frame(4, number(1) + text('tool') + number(1 << 62))); settle()",
      "truncated"
    ),
    (
      "a step that failed", "send(failed('x')); settle()",
      "relay: x: operation not permitted|itself: x: operation"
    ),
    ("a step behind the confinement", "send(READY, failed('x')); settle()", "may not: a step"),
    (
      "an answer that is none", "send(READY, frame(22, number(1) + text('yes'))); settle()",
      "invalid(\"answer\")"
    ),
    ("an end at once", "os._exit(0)", "the relay ended: exit 0|closed its control socket"),
    ("an end with a status", "send(READY); os._exit(7)", "ended: exit 7|closed its control"),
    ("half a frame", "send(READY[:3]); os._exit(0)", "the relay ended: exit 0|closed its control"),
    (
      "a closed socket", "send(READY); control.close(); time.sleep(60)", "closed its control socket"
    ),
    (
      "a closed half", "control.shutdown(socket.SHUT_WR); time.sleep(60)",
      "closed its control socket"
    ),
  ]

  @Test(arguments: faults)
  func whatIsNoProtocolEndsTheSession(
    _ fault: (name: String, script: String, words: String)
  ) async throws {
    try await run(fault.script, stage: Script.quietStage) { _, outcome in
      // On a busy machine the end of a socket may be long before that of its process.
      let words = fault.words.split(separator: "|")
      #expect(words.contains { outcome.end.contains($0) }, "\(outcome.end)")
      #expect(outcome.milliseconds < 20_000)
    }
  }

  @Test func itsWordsAreNeitherDrawnNorSecretsTold() async throws {
    let words = #"'\x1b[2J\u202e' + '\#(HostileSession.secret)' + 'y' * (1 << 20)"#
    for script in ["send(failed(\(words)))", "send(event('call', []), frame(5, text(\(words))))"] {
      try await run("\(script); settle()", stage: Script.quietStage) { session, outcome in
        for text in outcome.told + [outcome.end] {
          #expect(!text.utf8.contains(0x1B) && !text.contains("\u{202E}"))
          #expect(!text.contains(HostileSession.secret))
          #expect(text.utf8.count < 3000)
        }
        let log = try Files.read(session.log, limit: 1 << 20)
        #expect(!log.contains(0x1B))
        #expect(!String(decoding: log, as: UTF8.self).contains(HostileSession.secret))
      }
    }
  }

  /// What only the supervisor or a person says is not in the relay's power.
  @Test func itApprovesNothing() async throws {
    let script = #"""
      send(READY)
      body = tool('t')
      for sequence in [1, 1, 0, 2**64 - 1, 1]:
          send(item(sequence, 't', body), observed(sequence, [pin('t', body)]))
      # Another content under the digest, a launch, kinds that are none, an item that is none.
      send(item(5, 'u', tool('u', 'bad')), observed(5, [pin('u', tool('u', 'good'))]))
      send(observed(6, [pin('l', 'x', kind='launch')], kind='launch'))
      send(item(6, 'l', '{"executable":"/bin/sh"}', kind='launch'))
      send(observed(7, [pin('t', body, kind='prompt')]), observed(8, [], kind='nothing'))
      send(observed(9, [pin('t', body, digest=b'short')]))
      for kind in ['approval', 'approved', 'trusted', 'launch', 'exit', 'rejected']:
          send(event(kind, [('name', 't'), ('event', 'approval'), ('server', 'other')]))
      # Nobody allowed it to ask.
      send(ask(1, 't', body), answered(1, 'approve'), answered(2, 'approve'))
      send(HANDSHAKEN, HANDSHAKEN, READY, READY)
      settle()
      """#
    try await run(script) { session, outcome in
      #expect(outcome.end == "exit 0")
      let record = try session.store().load()
      #expect(record.sorted.map { $0.key.name.string } == ["t"])
      #expect(record.waitingCount == 1)
      let events = try session.events()
      let words = Set(events.compactMap { $0["event"]?.string?.string })
      #expect(words == ["launch", "waiting", "refused", "exit"])
      #expect(events.allSatisfy { $0["server"]?.string?.string == "notes" })
      #expect(events.filter { $0["event"]?.string?.string == "launch" }.count == 1)
    }
  }

  /// Where the host may be asked it could answer in a person's place, but only what was asked, once.
  @Test func itAnswersNothingThatWasNotAsked() async throws {
    let script = #"""
      send(READY)
      body = tool('t')
      send(item(1, 't', body), observed(1, [pin('t', body)]))
      send(answered(1, 'approve'), answered(0, 'approve'))
      send(ask(1, 't', body, digest=b'x' * 32), answered(1, 'approve'))
      send(ask(2, 't', body, digest=b'short'), answered(2, 'approve'))
      send(ask(3, 't', body, kind='prompt'), answered(3, 'approve'))
      send(ask(4, '', '{}', kind='launch'), answered(4, 'approve'))
      send(ask(5, 'u', tool('u')), answered(5, 'approve'))
      # Asked, and answered once.
      send(ask(6, 't', body), answered(7, 'approve'), answered(6, 'later'), answered(6, 'approve'))
      # Not again, and not under a number that was used.
      send(ask(8, 't', body), answered(8, 'approve'), ask(6, 't', body), answered(6, 'approve'))
      send(*[ask(n, 'n%d' % n, tool('n%d' % n)) for n in range(9, 500)])
      settle()
      """#
    try await run(script, asks: true) { session, outcome in
      #expect(outcome.end == "exit 0")
      let words = try session.events().compactMap { $0["event"]?.string?.string }
      #expect(words.count { $0 == "asked" } == 1)
      #expect(!words.contains("approval"))
    }
  }

  @Test func theStoreHoldsNoMoreThanItsLimits() async throws {
    let script = #"""
      send(READY)
      for turn in range(3):
          names = ['%d-%d' % (turn, n) for n in range(300)]
          send(*[item(turn, name, tool(name)) for name in names])
          send(observed(turn, [pin(name, tool(name)) for name in names]))
      # More than a record holds, with and without bodies.
      names = ['many-%d' % n for n in range(6000)]
      send(*[item(9, name, tool(name)) for name in names])
      send(observed(9, [pin(name, tool(name)) for name in names]))
      send(observed(10, [pin(name, tool(name)) for name in names[:10]]))
      # Names and bodies of a megabyte, up to what is collected at all and beyond.
      body = tool('x', 'y' * (1 << 20))
      for n in range(40): send(item(11, 'n' * (1 << 19), body), item(11, str(n), body))
      send(observed(11, [pin(str(n), body) for n in range(40)]))
      settle()
      """#
    try await run(script, stage: Script.stage(for: 4)) { session, outcome in
      #expect(outcome.end == "exit 0")
      let record = try session.store().load()
      #expect(record.items.count <= ServerRecord.itemLimit)
      #expect(try Files.status(session.store().path).size < 80 << 20)
      #expect(outcome.told.count < 100)
    }
  }

  @Test func eventsWithoutEndAreBoundedAndDoNotHoldUpTheEnd() async throws {
    let script = #"""
      send(READY)
      large = event('call', [('n%d' % n, 'z' * 5000) for n in range(16)])
      many = event('call', [('n%d' % n, 'z') for n in range(5000)])
      wrong = event('y' * (1 << 20), [])
      nothing = b''.join([HANDSHAKEN] * 1000 + [event('nothing', [])] * 1000)
      while True: send(large * 10, many, wrong, nothing, observed(0, [], kind='nothing'))
      """#
    try await run(script, stage: Script.stage(for: 3)) { session, outcome in
      #expect(outcome.end == "exit 0")
      #expect(outcome.milliseconds < 30_000)
      let size = try Files.status(session.log).size
      #expect(size < Allowance.burst + 16 * Allowance.perSecond)
      #expect(outcome.told.count < 100)
      for event in try session.events() { #expect((event.object?.count ?? 0) <= 20) }
    }
  }

  @Test func descriptorsThatItSendsAreNotTaken() async throws {
    let script = #"""
      held = [os.open('/dev/null', os.O_RDONLY) for n in range(200)]
      for turn in range(50):
          socket.send_fds(control, [READY if turn == 0 else HANDSHAKEN], held)
      send(HOST_CLOSED)
      settle()
      """#
    try await run(script) { _, outcome in
      #expect(outcome.end == "exit 0" || outcome.end == "the host closed its end")
    }
  }

  @Test func aRelayThatSaysNothingEndsWithItsServer() async throws {
    for script in ["settle()", "time.sleep(60)", "send(READY, FINISHED, FINISHED); time.sleep(60)"]
    {
      try await run(script, stage: Script.stage(for: 0.2)) { _, outcome in
        #expect(outcome.end == "exit 0")
        #expect(outcome.milliseconds < 20_000)
      }
    }
  }

  /// The store is replaced whole: a supervisor that is killed at any moment leaves an old or a new
  /// one.
  @Test func aSupervisorThatIsKilledMeanwhileLeavesAWholeStore() async throws {
    let script = #"""
      send(READY)
      answers = orders()
      for turn in range(100000):
          names = ['%d-%d' % (turn, n) for n in range(300)]
          send(*[item(turn, name, tool(name)) for name in names])
          send(observed(turn, [pin(name, tool(name)) for name in names]))
          # An end that is not announced, in the midst of it.
          if turn == 20: os.kill(os.getppid(), 9)
          while next(answers) != 2: pass
      """#
    let scratch = try Scratch()
    let session = HostileSession(in: scratch, relay: script)
    _ = await #expect(processExitsWith: .signal(SIGKILL)) {
      [session = session as HostileSession] in session.run()
    }
    let record = try session.store().load()
    #expect(!record.isAfterDamage)
    #expect(record.waitingCount >= 300)
  }
}
