import Audit
import JSON
import Manifest

/// An event on one line of text. What others wrote is quoted wherever it could pass for more than
/// one value.
enum AuditEventText {
  /// Characters of one value.
  static let longestValue = 200

  static func line(_ record: AuditRecord) -> String {
    var words = [
      Rendering.line(record.time, limit: longestValue),
      Rendering.line(record.kind, limit: longestValue),
    ]
    if !record.session.isEmpty { words.append("session=" + value(record.session)) }
    for field in record.fields {
      words.append(Rendering.line(field.key, limit: longestValue) + "=" + value(field.value))
    }
    return words.joined(separator: " ") + "\n"
  }

  static func value(_ text: JSONString) -> String {
    let shown = Rendering.line(text, limit: longestValue)
    guard text.isEmpty || !text.utf8.allSatisfy(isPlain) else { return shown }
    return "\"" + shown.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }

  private static func value(_ node: JSONNode) -> String {
    switch node.value {
    case .string(let text): value(text)
    case .number(let number): Rendering.line(number.source, limit: longestValue)
    case .bool(let bool): bool ? "yes" : "no"
    case .null: "none"
    case .array(let elements): "[" + elements.map { value($0) }.joined(separator: ", ") + "]"
    case .object(let members):
      "{"
        + members.map { Rendering.line($0.key, limit: longestValue) + "=" + value($0.value) }
        .joined(separator: ", ") + "}"
    }
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: "-._~/:@+*%".utf8.contains(byte)
    }
  }
}

/// The events as one document of JSON, written piece by piece.
enum AuditEventDocument {
  static func opening(server: String) -> String {
    // A server's name has no character that JSON escapes.
    "{\"schema\":1,\"name\":\"\(server)\",\"events\":["
  }

  static let closing = "]}\n"

  static func event(_ record: AuditRecord, isFirst: Bool) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { line in
      line.member("time") { $0.string(record.time) }
      line.member("session") { $0.string(record.session) }
      line.member("event") { $0.string(record.kind) }
      for field in record.fields { line.member(field.key) { write(field.value, to: &$0) } }
    }
    return (isFirst ? [] : [UInt8(ascii: ",")]) + TerminalSafeJSON.line(writer).dropLast()
  }

  private static func write(_ node: JSONNode, to writer: inout JSONWriter) {
    switch node.value {
    case .null: writer.null()
    case .bool(let bool): writer.bool(bool)
    case .number(let number): writer.raw(number.source.utf8)
    case .string(let string): writer.string(string)
    case .array(let elements):
      writer.array { writer in for element in elements { write(element, to: &writer) } }
    case .object(let members):
      writer.object { writer in
        for member in members { writer.member(member.key) { write(member.value, to: &$0) } }
      }
    }
  }
}
