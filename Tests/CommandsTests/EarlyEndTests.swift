import Control
import Kernel
import Supervisor
import Testing

@testable import Commands

/// What is told of a server that ended before it answered.
@Suite struct EarlyEndTests {
  private func layer(_ end: SessionEnd, _ last: LastWords? = nil) -> String? {
    EarlyEnd(end, last, isVerbose: false).layer
  }

  @Test func howItEndedTellsWhereItSaidNothing() throws {
    #expect(layer(.killed(signal: 31)) == Symptom.named("foreign-call")?.layer)
    #expect(layer(.killed(signal: 9)) == Symptom.named("killed")?.layer)
    #expect(layer(.killed(signal: 11)) == Symptom.named("crash")?.layer)
    #expect(layer(.killed(signal: 25)) == Symptom.named("too-large-file")?.layer)
    #expect(layer(.exited(status: 127)) == Symptom.named("missing-program")?.layer)
    #expect(layer(.hostClosed(serverStatus: 126)) == Symptom.named("missing-program")?.layer)
    #expect(layer(.exited(status: 1)) == nil)
    // An exit status is not a signal of the same number.
    #expect(layer(.exited(status: 31)) == nil)
  }

  @Test func whatItSaidCountsMore() throws {
    let symptom = try #require(Symptom.named("no-space"))
    let last = LastWords(symptom: symptom, line: Array("ENOSPC \u{1B}[2J\u{202E}".utf8))
    let early = EarlyEnd(.exited(status: 127), last, isVerbose: false)
    #expect(early.summary == "exit 127")
    #expect(early.layer == symptom.layer)
    #expect(early.words == "ENOSPC ‹U+001B›[2J‹U+202E›")
    #expect(early.hint.hasPrefix(symptom.hint))
    #expect(early.hint.hasSuffix("run it with --verbose to see each refusal"))
  }

  @Test func aVerboseRunPointsToWhatItTold() {
    let early = EarlyEnd(.exited(status: 3), nil, isVerbose: true)
    #expect(early.layer == nil && early.words == nil)
    #expect(early.hint.contains("--dry-run"))
    #expect(early.hint.hasSuffix("named above"))
    #expect(EarlyEnd(.hostClosed(serverStatus: 2), nil, isVerbose: true).summary == "exit 2")
  }
}
