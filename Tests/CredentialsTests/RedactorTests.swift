import Credentials
import Testing

@Suite struct RedactorTests {
  private static let token = "s3cr3t/tök en\"1"

  private func redactor(_ values: String...) throws -> Redactor {
    try Redactor(
      values.enumerated().map { try Secret(name: "S\($0.offset)", value: Array($0.element.utf8)) })
  }

  @Test(arguments: [
    ("as it is", token),
    ("JSON", #"s3cr3t/tök en\"1"#),
    ("JSON, slash escaped", #"s3cr3t\/tök en\"1"#),
    ("JSON, ASCII alone", #"s3cr3t/t\u00f6k en\"1"#),
    ("JSON, ASCII alone, capitals", #"s3cr3t/t\u00F6k en\"1"#),
    ("percent", "s3cr3t%2Ft%C3%B6k%20en%221"),
    ("percent, small digits", "s3cr3t%2ft%c3%b6k%20en%221"),
    ("percent, in a path", "s3cr3t/t%C3%B6k%20en%221"),
    ("percent, in a form", "s3cr3t%2Ft%C3%B6k+en%221"),
    ("base64", "czNjcjN0L3TDtmsgZW4iMQ"),
  ])
  func formIsReplaced(form: String, text: String) throws {
    let redacted = try redactor(Self.token).redact("a \(text) b")
    #expect(redacted == "a [redacted:S0] b", "\(form)")
  }

  /// A secret encoded together with other text stands at one of three places in a group of digits,
  /// and shares a digit with what is before and after it.
  @Test(arguments: [
    ("hunter2-hunter2", "aHVudGVyMi1odW50ZXIy", "[redacted:S0]"),
    (":hunter2-hunter2", "Omh1bnRlcjItaHVudGVyMg==", "Om[redacted:S0]"),
    ("u:hunter2-hunter2", "dTpodW50ZXIyLWh1bnRlcjI=", "dTp[redacted:S0]"),
    ("u:hunter2-hunter2.", "dTpodW50ZXIyLWh1bnRlcjIu", "dTp[redacted:S0]u"),
    (".hunter2-hunter2.", "Lmh1bnRlcjItaHVudGVyMi4=", "Lm[redacted:S0]i4="),
  ])
  func base64OfMoreThanTheSecret(plain: String, encoded: String, result: String) throws {
    #expect(try redactor("hunter2-hunter2").redact(encoded) == result, "\(plain)")
  }

  @Test func longestFirstAndNamesKept() throws {
    let redactor = try redactor("abcd", "abcdefgh")
    #expect(redactor.redact("abcdefgh abcdefg") == "[redacted:S1] [redacted:S0]efg")
  }

  @Test func neighboursAreTwoAndOverlapsDisappearTogether() throws {
    let redactor = try redactor("abcdef", "defghi")
    #expect(redactor.redact("abcdefabcdef") == "[redacted:S0][redacted:S0]")
    #expect(redactor.redact("<abcdefghi>") == "<[redacted:S0]>")
  }

  @Test func selfOverlapIsBounded() throws {
    var stream = RedactionStream(try redactor("abab"))
    var output: [UInt8] = []
    for _ in 0..<10_000 {
      output += stream.push(Array("ab".utf8))
      #expect(stream.heldCount < 4)
    }
    output += stream.finish()
    #expect(String(decoding: output, as: UTF8.self) == "[redacted:S0]")
  }

  @Test func linesOfAKeyAreReplacedOneByOne() throws {
    let redactor = try redactor(
      "-----BEGIN KEY-----\nAAAABBBBCCCC\nDDDDEEEEFFFF\n-----END KEY-----")
    #expect(redactor.redact("log: AAAABBBBCCCC\n") == "log: [redacted:S0]\n")
    #expect(redactor.redact("-----BEGIN KEY-----") == "-----BEGIN KEY-----")
  }

  /// Wherever the stream is cut, the result is that of the whole.
  @Test func cutsDoNotMatter() throws {
    let redactor = try redactor("hunter2-hunter2", "hunt-another")
    let text = Array("x hunter2-hunter2 hunter2-hunt hunt-another aHVudGVyMi1odW50ZXIy hunte".utf8)
    let whole = redactor.redact(text)
    for size in 1...text.count {
      var stream = RedactionStream(redactor)
      var output: [UInt8] = []
      for start in stride(from: 0, to: text.count, by: size) {
        output += stream.push(text[start..<min(start + size, text.count)])
      }
      output += stream.finish()
      #expect(output == whole)
    }
  }

  @Test func onlyWhatCouldBeASecretIsHeldBack() throws {
    var stream = RedactionStream(try redactor("hunter2"))
    #expect(stream.push(Array("hello hunt".utf8)) == Array("hello ".utf8))
    #expect(stream.heldCount == 4)
    #expect(stream.push(Array("ed".utf8)) == Array("hunted".utf8))
  }

  @Test func noSecretsNoWork() {
    #expect(Redactor([]).redact("anything") == "anything")
    #expect(Redactor([]).isEmpty)
  }
}
