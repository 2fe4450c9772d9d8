import Egress
import Testing

/// What the fuzzer has found worth keeping, once more and without it.
@Suite struct ReplayTests {
  @Test(arguments: FuzzTarget.allCases) func everyPromiseIsKept(_ target: FuzzTarget) {
    let inputs = Corpus.inputs(of: target)
    #expect(inputs.count >= 10)
    for input in inputs {
      let broken = target.check(input)
      #expect(broken == nil, "\(target): \(String(decoding: input.prefix(200), as: UTF8.self))")
    }
  }

  /// A judge that finds nothing proves nothing: each of these breaks a promise.
  @Test func theRuleOfOneLineIsSeenBroken() {
    for text in ["a\rb", "a\tb", "a\u{85}b", "\u{2028}", "\u{2029}", "\u{1C}", "\u{B}"] {
      #expect(!SingleLine.holds(Array(text.utf8)))
    }
    #expect(SingleLine.holds(Array("é\u{7F}\u{2027}\u{202A}\u{86}".utf8)))
  }

  @Test func aReceiverOfEachKindSeesWhatIsHidden() {
    let host = "Host: a.example\n"
    let hidden = "GET / HTTP/1.1\nHost: b.example\n\n"
    let streams: [(PlainReceiver, String)] = [
      (PlainReceiver(), "GET / HTTP/1.1\n\(host)\n\(hidden)"),
      (PlainReceiver(), "POST / HTTP/1.1\n\(host)Content-Length: 2\n\nab\(hidden)"),
      (
        PlainReceiver(),
        "POST / HTTP/1.1\n\(host)Transfer-Encoding: chunked\n\n2\nab\n0\nx: y\n\n\(hidden)"
      ),
      (PlainReceiver(), "GET http://b.example/ HTTP/1.1\n\(host)\n"),
      (PlainReceiver(takesLast: true), "GET / HTTP/1.1\n\(host)Host: b.example\n\n"),
      (
        PlainReceiver(prefersLength: true),
        "POST / HTTP/1.1\n\(host)Content-Length: 2\nTransfer-Encoding: chunked\n\n0\(hidden)"
      ),
      (PlainReceiver(splitsAtReturn: true), "GET / HTTP/1.1\r\rGET http://b.example/ HTTP/1.1\r\r"),
      (PlainReceiver(unfolds: true), "GET / HTTP/1.1\nHost:\n b.example\n\n"),
      (PlainReceiver(trimsNames: true), "GET / HTTP/1.1\nHost : b.example\n\n"),
      (
        PlainReceiver(skipsBodies: true),
        "GET / HTTP/1.1\n\(host)Content-Length: \(hidden.utf8.count)\n\n\(hidden)"
      ),
    ]
    for (receiver, text) in streams {
      #expect(receiver.hosts(Array(text.utf8)).contains("b.example"), "\(receiver): \(text)")
    }
  }

  @Test func aReceiverWithoutScruplesReadsEveryName() {
    let names: [UInt8] = [0, 0, 0, 10, 0, 8, 0, 0, 1, 0x61, 1, 0, 1, 0x62]
    let body = [3, 3] + [UInt8](repeating: 0, count: 32) + [0, 0, 2, 0x13, 1, 1, 0, 0, 14] + names
    let message = [1, 0, 0, UInt8(body.count)] + body
    let stream = [22, 3, 1, 0, UInt8(message.count)] + message
    #expect(PlainHello.names(stream[...]) == [[0x61], [0x62]])
  }

  @Test func anAnswerThatMayNotBeSaidIsSeen() {
    func query(_ name: String) -> [UInt8] {
      let labels = name.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
      return [1, 2, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0] + labels + [0, 0, 1, 0, 1]
    }
    var names = NamesEntry.names()
    let granted = query("api.example.com")
    let good = names.answer(granted, at: 1) ?? []
    let below = names.answer(query("a.example.net"), at: 1) ?? []
    #expect(NamesEntry.judge(good, to: granted, names) == nil)
    // Its address, with another's or with nobody's; another number, a question of its own, one byte
    // more, and far too many.
    let answer = Array(good.dropLast(4))
    let forged: [[UInt8]?] = [
      nil, answer + below.suffix(4), answer + [8, 8, 8, 8], [9] + good.dropFirst(), good + [0],
      good + [UInt8](repeating: 0, count: 512), Array(good[..<2]) + granted[2...], below,
    ]
    for (index, answer) in forged.enumerated() {
      #expect(NamesEntry.judge(answer, to: granted, names) != nil, "\(index)")
    }
    let denied = query("evil.test")
    let moved = good[..<12] + denied[12...] + good.suffix(16)
    #expect(NamesEntry.judge(Array(moved), to: denied, names) == "another name's")
  }
}
