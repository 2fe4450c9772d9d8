import Audit
import Credentials
import JSON
import Testing

@Suite struct AuditLineTests {
  private func line(
    _ event: AuditEvent, redact: ([UInt8]) -> [UInt8] = { $0 }
  ) -> String {
    let line = AuditLine(
      time: "2026-01-02T03:04:05.678Z", server: "notes", session: "s1", event: event)
    return String(decoding: line.bytes(redact: redact), as: UTF8.self)
  }

  @Test func fieldsInTheirOrder() {
    let event = AuditEvent(
      "call",
      [
        ("tool", .string("search")), ("bytes", .integer(12)), ("ok", .boolean(true)),
        ("names", .list(["a", "b"])),
      ])
    #expect(
      line(event)
        == #"{"time":"2026-01-02T03:04:05.678Z","server":"notes","session":"s1","event":"call","#
        + #""tool":"search","bytes":12,"ok":true,"names":["a","b"]}"# + "\n")
  }

  @Test func whateverIsInATextItStaysOneLine() throws {
    let text = line(AuditEvent("x\n", [("a", .string("b\r\n\u{2028}\u{85}\u{1b}[2J\"}"))]))
    #expect(text.unicodeScalars.filter { $0.properties.generalCategory == .control }.count == 1)
    #expect(!text.unicodeScalars.contains("\u{2028}"))
    let node = try JSONReader.parse(Array(text.utf8.dropLast()))
    #expect(node["a"]?.string == "b\r\n\u{2028}\u{85}\u{1b}[2J\"}")
  }

  /// Otherwise readers that keep the first or the last of two would see different events.
  @Test func namesThatRepeatOrPassForOursAreReplaced() throws {
    let text = line(
      AuditEvent(
        "x",
        [
          ("event", .string("exit")), ("a", .integer(1)), ("a", .integer(2)),
          ("a\",\"b", .integer(3)), ("", .integer(4)),
        ]))
    let node = try JSONReader.parse(Array(text.utf8.dropLast()))
    #expect(node["event"]?.string == "x")
    #expect(node["a"]?.int64 == 1)
    #expect(node.object?.count == 9)
  }

  @Test func secretsAreTakenOutBeforeEscapingAndCutting() throws {
    let value = "se\"cr\\et\u{e9}"
    let redactor = Redactor([try Secret(name: "TOKEN", value: Array(value.utf8))])
    let padding = String(repeating: "x", count: AuditLine.textLimit - 3)
    let text = line(
      AuditEvent(
        "x",
        [
          ("a", .string("[\(value)]")), ("b", .string(padding + value)),
          ("c", .list([JSONString(value)])),
        ]),
      redact: { redactor.redact($0) })
    let node = try JSONReader.parse(Array(text.utf8.dropLast()))
    #expect(node["a"]?.string == "[[redacted:TOKEN]]")
    #expect(node["c"]?.array?.first?.string == "[redacted:TOKEN]")
    #expect(!text.contains("se\\\"cr"))
    #expect(node["b"]?.string?.string.hasSuffix("xxx[re… (4109 bytes in all)") == true)
  }

  @Test func lengthsAreBounded() {
    let long = String(repeating: "x", count: 1 << 20)
    let list = [JSONString](repeating: JSONString(long), count: 1_000)
    #expect(line(AuditEvent(long, [("a", .list(list))])).utf8.count < 300_000)
  }

  @Test func bytesThatAreNotTextAreReplaced() throws {
    let text = line(AuditEvent("x", [("a", .string(JSONString(utf8: [0xFF, 0x41])))]))
    #expect(try JSONReader.parse(Array(text.utf8.dropLast()))["a"]?.string == "\u{FFFD}A")
  }
}
