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
}
