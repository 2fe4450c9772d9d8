import Control
import Testing

@testable import Egress

@Suite struct RefusalLogTests {
  private static let second: UInt64 = 1_000_000_000

  private static func refusal(_ name: String, port: UInt16 = 0, count: UInt64 = 1) -> EgressRefusal
  {
    EgressRefusal(.name, name: Array(name.utf8), port: port, count: count)
  }

  @Test func aThingIsToldAtOnceAndThenOnceAMinute() {
    var log = RefusalLog()
    log.note(Self.refusal("a"), at: 0)
    log.note(Self.refusal("a"), at: 1)
    log.note(Self.refusal("a", port: 443), at: 2)
    #expect(log.deadline == 0)
    #expect(log.take(at: 3) == [Self.refusal("a"), Self.refusal("a", port: 443)])
    #expect(log.deadline == 60 * Self.second)
    log.note(Self.refusal("a"), at: 59 * Self.second)
    #expect(log.take(at: 59 * Self.second).isEmpty)
    #expect(log.take(at: 60 * Self.second) == [Self.refusal("a", count: 2)])
    #expect(log.take(at: 121 * Self.second).isEmpty)
    #expect(log.deadline == nil)
    log.note(Self.refusal("a"), at: 122 * Self.second)
    #expect(log.take(at: 122 * Self.second) == [Self.refusal("a")])
  }

  @Test func inventedNamesAreCountedTogether() {
    var log = RefusalLog()
    for index in 0..<10_000 { log.note(Self.refusal("n\(index)"), at: 0) }
    let told = log.take(at: 0)
    #expect(told.count == RefusalLog.mostSubjects + 1)
    #expect(told.last == Self.refusal(""))
    let rest = log.take(at: 60 * Self.second)
    #expect(rest == [Self.refusal("", count: UInt64(10_000 - told.count))])
    #expect(told.count + Int(rest[0].count) == 10_000)
  }

  /// The supervisor takes a longer text for an attack, and ends the session.
  @Test func theLongestNameFitsIntoAReport() throws {
    let layout = EgressLayout([])
    var names = PolicyNames(layout, Allowlist([]), newNamesPerMinute: 1, answersV6: true)
    let labels = [63, 63, 63, 61].map { [UInt8($0)] + [UInt8](repeating: 0xFF, count: $0) }
    let question: [UInt8] =
      [0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0] + labels.joined() + [0, 0, 1, 0, 1]
    _ = names.answer(question, at: 0)
    let refusal = try #require(names.takeRefusals().first)
    #expect(refusal.name.count > 900)
    var log = RefusalLog()
    log.note(refusal, at: 0)
    let told = try #require(log.take(at: 0).first)
    // 63 escapes of four bytes, and the dot behind them: the next one does not fit.
    #expect(told.name == Array(refusal.name.prefix(253)))
  }

  @Test(arguments: [
    (String(repeating: "a", count: 255), 255), (String(repeating: "a", count: 256), 255),
    (String(repeating: "a", count: 251) + "\\255b", 255),
    (String(repeating: "a", count: 252) + "\\255", 252),
    (String(repeating: "a", count: 254) + "\\255", 254),
  ]) func aTextIsCutBetweenEscapes(_ text: String, _ length: Int) {
    var log = RefusalLog()
    log.note(EgressRefusal(.host, name: [], detail: Array(text.utf8)), at: 0)
    #expect(log.take(at: 0).first?.detail == Array(text.utf8.prefix(length)))
  }

  @Test func theEndTellsWhatIsLeft() {
    var log = RefusalLog()
    for _ in 0..<3 { log.note(Self.refusal("a"), at: 5) }
    #expect(log.take(at: 6).count == 1)
    #expect(log.takeAll() == [Self.refusal("a", count: 2)])
  }
}
