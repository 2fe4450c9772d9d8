import Kernel
import Manifest
import Testing

@testable import Supervisor

/// A PID 1 that someone took over: it can end its session, and say with which status. It can neither
/// keep it from ending nor go back on its word.
@Suite struct HostileStageTests {
  private func run(
    _ stage: String, relay: String = Script.quietRelay
  ) async throws -> HostileSession.Outcome {
    let scratch = try Scratch()
    let session = HostileSession(in: scratch, relay: relay, stage: stage)
    await #expect(processExitsWith: .success) { [session = session as HostileSession] in
      session.run()
    }
    _ = try session.events()
    return try session.outcome()
  }

  private static let stay = "; time.sleep(60)"

  static let cases: [(name: String, script: String, end: String)] = [
    ("noise", "send(STARTED, os.urandom(4096))\(stay)", "the stage sent what it may not"),
    ("a type that is none", "send(STARTED, frame(9))\(stay)", "the stage sent what it may not"),
    ("a second start", "send(STARTED, STARTED)\(stay)", "the stage sent what it may not"),
    (
      "a step behind the start", "send(STARTED, step_failed('execute', 'x', 2))\(stay)",
      "the stage sent what it may not"
    ),
    ("an end without a start", "send(exited(0))\(stay)", "the stage sent what it may not"),
    (
      "a status that is none", "send(STARTED, exited(256))\(stay)", "the stage sent what it may not"
    ),
    (
      "a signal that is none", "send(STARTED, exited(255, True))\(stay)",
      "the stage sent what it may not"
    ),
    (
      "a second end", "send(STARTED, exited(0), exited(3))\(stay)", "the stage sent what it may not"
    ),
    ("a frame over the limit", "send(struct.pack('<I', 1 << 20))\(stay)", "may not"),
    ("an end that is none", "send(STARTED, exited(3))\(stay)", "exit 3"),
    ("a step that failed, and no end", "send(step_failed('bind', '/x', 2))\(stay)", "bind: /x"),
    ("a closed socket", "send(STARTED); control.close()\(stay)", "closed its control socket"),
    ("a closed half", "send(STARTED); control.shutdown(socket.SHUT_WR)\(stay)", "control socket"),
    ("half a frame", "send(STARTED[:3]); os._exit(9)", "stage: exit 9"),
    ("no word", "os._exit(9)", "stage: exit 9"),
    ("an end unannounced", "send(STARTED); os._exit(9)", "the stage ended: exit 9"),
  ]

  @Test(arguments: cases)
  func everySessionEnds(_ item: (name: String, script: String, end: String)) async throws {
    let outcome = try await run("next(orders()); \(item.script)")
    #expect(outcome.end.contains(item.end), "\(item.name): \(outcome.end)")
    // At most two seconds for a last word that no end follows, and a busy machine's time.
    #expect(outcome.milliseconds < 20_000, "\(item.name)")
  }

  /// A host that closes its end, and a PID 1 that does not heed it: killed after the patience of the
  /// contract.
  @Test func aStageThatHeedsNothingIsKilled() async throws {
    let outcome = try await run(
      "next(orders()); send(STARTED); time.sleep(60)",
      relay: "send(READY, HOST_CLOSED, HOST_CLOSED); os.read(5, 1); send(FINISHED); os._exit(0)")
    #expect(outcome.end == "the host closed its end")
    #expect((2900..<20_000).contains(outcome.milliseconds), "\(outcome.milliseconds)")
  }

  @Test func descriptorsThatItSendsAreNotTaken() async throws {
    let outcome = try await run(
      #"""
      next(orders())
      held = [os.open('/dev/null', os.O_RDONLY) for n in range(200)]
      socket.send_fds(control, [STARTED], held)
      socket.send_fds(control, [exited(4)], held)
      """#)
    #expect(outcome.end == "exit 4")
  }

  /// The text of a step that failed goes to a terminal and into the log.
  @Test func itsWordsAreBounded() async throws {
    let outcome = try await run(
      "next(orders()); send(step_failed('x', 'y' * 60000, 0)); os._exit(70)")
    for text in outcome.told + [outcome.end] { #expect(text.utf8.count < 3000) }
  }
}
