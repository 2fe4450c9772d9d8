import Testing

@testable import Egress

@Suite struct NameStreamTests {
  private static func echo(_ query: [UInt8]) -> [UInt8]? {
    query.first == 0xFF ? nil : query.reversed()
  }

  @Test func messagesComeInAnyPieces() {
    let bytes: [UInt8] = [0, 2, 1, 2, 0, 3, 3, 4, 5]
    for size in 1...bytes.count {
      var stream = NameStream()
      var output: [UInt8] = []
      for start in stride(from: 0, to: bytes.count, by: size) {
        output += stream.feed(bytes[start..<min(bytes.count, start + size)], Self.echo) ?? [99]
      }
      #expect(output == [0, 2, 2, 1, 0, 3, 5, 4, 3])
    }
  }

  @Test func whatIsNoQuestionEndsTheStream() {
    var long = NameStream()
    #expect(long.feed([0x10, 0x01], Self.echo) == nil)
    var longest = NameStream()
    #expect(longest.feed([0x10, 0x00], Self.echo) == [])
    var ignored = NameStream()
    #expect(ignored.feed([0, 1, 0xFF], Self.echo) == nil)
  }
}
