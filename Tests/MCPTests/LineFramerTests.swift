import MCP
import Testing

@Suite struct LineFramerTests {
  enum Got: Equatable {
    case line(String)
    case overflow(String)
  }

  /// Feeds chunks and collects what comes out.
  static func frames(_ chunks: [String], limit: Int = 100, finish: Bool = false) -> [Got] {
    var framer = LineFramer(limit: limit)
    var got: [Got] = []
    func note(_ frame: LineFramer.Frame) {
      switch frame {
      case .line(let range): got.append(.line(String(decoding: framer.bytes(range), as: UTF8.self)))
      case .overflowEnd: break
      case .overflow(let head):
        got.append(.overflow(String(decoding: framer.bytes(head), as: UTF8.self)))
      }
    }
    for chunk in chunks {
      framer.feed(Array(chunk.utf8))
      while let frame = framer.next() { note(frame) }
    }
    while finish, let frame = framer.finish() { note(frame) }
    return got
  }

  @Test func linesInAnyChunks() {
    let stream = "one\ntwo\r\n\n\r\nfo\rur\nfive\r\r\n"
    let expected: [Got] = [
      .line("one"), .line("two"), .line(""), .line(""), .line("fo\rur"), .line("five\r"),
    ]
    #expect(Self.frames([stream]) == expected)
    for size in 1...stream.utf8.count {
      var rest = Array(stream.utf8)
      var chunks: [String] = []
      while !rest.isEmpty {
        chunks.append(String(decoding: rest.prefix(size), as: UTF8.self))
        rest.removeFirst(min(size, rest.count))
      }
      #expect(Self.frames(chunks) == expected, "in chunks of \(size)")
    }
  }

  @Test func theLimitIsTheLongestLine() {
    #expect(Self.frames(["12345\n", "1234\r\n"], limit: 5) == [.line("12345"), .line("1234")])
    #expect(Self.frames(["12345\r\n"], limit: 5) == [.line("12345")])
    #expect(Self.frames(["123456\n", "ok\n"], limit: 5) == [.overflow("12345"), .line("ok")])
  }

  @Test func anOverflowIsToldOnceAndSkipped() {
    let got = Self.frames(["12345678", "9", "0123\nok\n", "x"], limit: 5, finish: true)
    #expect(got == [.overflow("12345"), .line("ok"), .line("x")])
  }

  /// Against the obvious way to cut a stream that is all there.
  @Test func randomStreamsInRandomChunks() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<300 {
      let limit = Int.random(in: 1...12, using: &random)
      let letters = (0..<Int.random(in: 0...200, using: &random)).map { _ in
        "aaaaaaa\r\n".unicodeScalars.randomElement(using: &random) ?? "a"
      }
      let stream = String(String.UnicodeScalarView(letters))
      var chunks: [String] = []
      var rest = Array(stream.utf8)
      while !rest.isEmpty {
        let size = Int.random(in: 1...30, using: &random)
        chunks.append(String(decoding: rest.prefix(size), as: UTF8.self))
        rest.removeFirst(min(size, rest.count))
      }
      var expected = stream.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
        .map { line -> Got in
          let line = line.last == 0x0D ? line.dropLast() : line
          let text = String(decoding: line.prefix(limit), as: UTF8.self)
          return line.count > limit ? .overflow(text) : .line(text)
        }
      if stream.utf8.isEmpty || stream.utf8.last == 0x0A { expected.removeLast() }
      #expect(
        Self.frames(chunks, limit: limit, finish: true) == expected, "\(stream.debugDescription)")
    }
  }

  @Test func theEndOfTheStream() {
    #expect(Self.frames(["a\nb"], finish: true) == [.line("a"), .line("b")])
    #expect(Self.frames(["a\nb\r"], finish: true) == [.line("a"), .line("b")])
    #expect(Self.frames(["a\n"], finish: true) == [.line("a")])
    #expect(Self.frames(["1234567890"], limit: 3, finish: true) == [.overflow("123")])
  }

  @Test func aHugeLineIsDroppedInBoundedMemory() {
    var framer = LineFramer(limit: 1 << 20)
    let chunk = [UInt8](repeating: 0x61, count: 1 << 16)
    var overflows = 0
    for _ in 0..<400 {
      framer.feed(chunk)
      while let frame = framer.next() {
        if case .overflow = frame { overflows += 1 }
      }
      #expect(framer.pendingCount <= 1 << 20 + 1 << 16)
    }
    #expect(overflows == 1)
    let isSkipping = framer.isSkipping
    #expect(isSkipping)
    framer.feed(Array("\nok\n".utf8))
    guard case .overflowEnd(let tail) = framer.next() else {
      Issue.record("no end of the overflow")
      return
    }
    #expect(framer.bytes(tail) == [UInt8](repeating: 0x61, count: 2048))
    guard case .line(let range) = framer.next() else {
      Issue.record("no line after the overflow")
      return
    }
    #expect(framer.bytes(range) == Array("ok".utf8))
    #expect(framer.next() == nil)
    #expect(framer.pendingCount == 0)
  }

  /// However it is cut, and whether or not a newline ends it, a line over the limit has an end.
  @Test func theEndOfAnOverflowIsKept() {
    let line = "123456789"
    for size in 1...line.utf8.count + 1 {
      for isEnded in [true, false] {
        var framer = LineFramer(limit: 3)
        var tails: [String] = []
        var rest = Array((isEnded ? line + "\n" : line).utf8)
        func note(_ frame: LineFramer.Frame) {
          guard case .overflowEnd(let tail) = frame else { return }
          tails.append(String(decoding: framer.bytes(tail), as: UTF8.self))
        }
        while !rest.isEmpty {
          framer.feed(Array(rest.prefix(size)))
          rest.removeFirst(min(size, rest.count))
          while let frame = framer.next() { note(frame) }
        }
        while let frame = framer.finish() { note(frame) }
        #expect(tails == [line], "in chunks of \(size)")
      }
    }
  }

  @Test func aLargeLineAmongSmallOnes() {
    let large = String(repeating: "x", count: 300_000)
    var chunks: [String] = []
    for _ in 0..<3 { chunks += ["small\n", large, large, "\n", "small\nsma", "ll\n"] }
    let got = Self.frames(chunks, limit: 4 << 20)
    let round: [Got] = [.line("small"), .line(large + large), .line("small"), .line("small")]
    #expect(got == round + round + round)
  }

  @Test func memoryOfALongLineIsGivenBackOnceNothingIsInIt() {
    var framer = LineFramer(limit: 4 << 20)
    let line = Array(repeating: UInt8(ascii: "x"), count: 3 << 20)
    for _ in 0..<2 {
      let isLargeBefore = framer.isLarge
      #expect(!isLargeBefore)
      framer.feed(line)
      framer.feed(Array("\nrest".utf8))
      let first = framer.next()
      #expect(first == .line(0..<line.count))
      let none = framer.next()
      #expect(none == nil)
      framer.shrink()
      let (isLarge, pending) = (framer.isLarge, framer.pendingCount)
      #expect(isLarge && pending == 4)
      framer.feed(Array("\n".utf8))
      guard case .line(let range) = framer.next() else {
        Issue.record("no line")
        return
      }
      let rest = framer.bytes(range)
      #expect(rest == Array("rest".utf8))
      framer.shrink()
    }
    let isLarge = framer.isLarge
    #expect(!isLarge)
  }

  @Test func theNewlineOfALine() {
    var framer = LineFramer(limit: 10)
    framer.feed(Array("ab\ncd\r\nef".utf8))
    for expected: Range<Int>? in [0..<3, nil] {
      guard case .line(let range) = framer.next() else {
        Issue.record("no line")
        return
      }
      let whole = framer.withNewline(range)
      #expect(whole == expected)
    }
    let none = framer.next()
    #expect(none == nil)
    guard case .line(let range) = framer.finish() else {
      Issue.record("no line")
      return
    }
    let whole = framer.withNewline(range)
    #expect(whole == nil)
  }

  struct Broken: Error {}

  @Test func fillPassesTheErrorOnAndKeepsTheBytes() {
    var framer = LineFramer(limit: 10)
    framer.feed(Array("ab".utf8))
    do throws(Broken) {
      try unsafe framer.fill { (_: UnsafeMutableRawBufferPointer) throws(Broken) -> Int in
        throw Broken()
      }
      Issue.record("no error")
    } catch {
      #expect(framer.pendingCount == 2)
    }
  }
}
