import Kernel
import Testing

@testable import Egress

@Suite struct NameServiceMessageTests {
  private typealias Records = [(owner: String, type: UInt16, data: [UInt8])]

  private func answer(
    _ records: [(owner: String, type: UInt16, seconds: UInt32, data: [UInt8])], code: UInt16 = 0,
    type: UInt16 = 1
  ) -> NameServiceMessage.Answer {
    var message = Question.message("a.test", type, flags: 0x8180 | code)
    message[7] = UInt8(records.count)
    for record in records {
      message += wire(record.owner) + Question.words([record.type, 1])
      message += Question.words([UInt16(record.seconds >> 16), UInt16(record.seconds & 0xFFFF)])
      message += Question.words([UInt16(record.data.count)]) + record.data
    }
    return NameServiceMessage.read(message, name: Array("a.test".utf8), type: type)
  }

  private func wire(_ name: String) -> [UInt8] { NameReader.wire(Array(name.utf8)) ?? [] }

  @Test func addressesOfTheNameCount() {
    let one = (
      owner: "a.test", type: 1 as UInt16, seconds: 60 as UInt32, data: [1, 2, 3, 4] as [UInt8]
    )
    #expect(answer([one]) == .addresses([.v4(0x0102_0304)], seconds: 60))
    let other = (
      owner: "b.test", type: 1 as UInt16, seconds: 60 as UInt32, data: [6, 6, 6, 6] as [UInt8]
    )
    #expect(answer([other, one]) == .addresses([.v4(0x0102_0304)], seconds: 60))
    #expect(answer([other]) == .addresses([], seconds: 0))
    let short = (
      owner: "A.Test", type: 1 as UInt16, seconds: 5 as UInt32, data: [1, 2, 3] as [UInt8]
    )
    #expect(answer([short]) == .addresses([], seconds: 0))
    // Sixteen bytes in a record of IPv4.
    let long = (
      owner: "a.test", type: 1 as UInt16, seconds: 5 as UInt32,
      data: [UInt8](repeating: 0, count: 16)
    )
    #expect(answer([long]) == .addresses([], seconds: 0))
  }

  @Test func aliasesAreFollowed() {
    let alias = (owner: "a.test", type: 5 as UInt16, seconds: 9 as UInt32, data: wire("b.test"))
    let second = (owner: "b.test", type: 5 as UInt16, seconds: 90 as UInt32, data: wire("C.test"))
    let end = (
      owner: "c.TEST", type: 1 as UInt16, seconds: 60 as UInt32, data: [1, 1, 1, 1] as [UInt8]
    )
    #expect(answer([alias, second, end]) == .addresses([.v4(0x0101_0101)], seconds: 9))
    #expect(answer([end, second, alias]) == .addresses([.v4(0x0101_0101)], seconds: 9))
    let back = (owner: "b.test", type: 5 as UInt16, seconds: 9 as UInt32, data: wire("a.test"))
    #expect(answer([alias, back, end]) == .addresses([], seconds: 0))
  }

  @Test func errorsAreToldApart() {
    #expect(answer([], code: 3) == .noSuchName)
    #expect(answer([], code: 2) == .failed)
    #expect(answer([]) == .addresses([], seconds: 0))
    #expect(NameServiceMessage.read([], name: [], type: 1) == .failed)
    let question = Question.message("a.test")
    #expect(NameServiceMessage.read(question, name: [], type: 1) == .failed)
  }
}
