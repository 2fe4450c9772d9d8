import JSON
import Manifest

/// What `approve`, `reject` and `review` print of the decisions taken.
enum DecisionReport {
  static func print(
    _ decision: Decision, _ decided: Decided, server: String, _ format: OutputFormat,
    _ console: Console
  ) {
    switch format {
    case .json: console.write(json(decision, decided, server: server))
    case .text: console.write(text(decision, decided, server: server))
    }
    for note in notes(decision, decided, server: server) { console.note(note) }
  }

  static func text(_ decision: Decision, _ decided: Decided, server: String) -> String {
    var text = ""
    for entry in decided.entries {
      let again = entry.isChange ? "" : "already "
      text += "\(again)\(decision.past) \(ItemReference(entry.pin).text)\n"
    }
    if decided.waiting > 0 { text += "\(server): \(decided.waiting) still waiting\n" }
    return text
  }

  static func json(_ decision: Decision, _ decided: Decided, server: String) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("schema") { $0.int(1) }
      writer.member("name") { $0.string(server) }
      writer.member("decision") { $0.string(decision.past) }
      writer.member("items") { writer in
        writer.array { writer in
          for entry in decided.entries {
            writer.object { writer in
              ManifestDocument.members(of: entry.pin, &writer)
              writer.member("changed") { $0.bool(entry.isChange) }
            }
          }
        }
      }
      writer.member("dropped") { $0.int(decided.dropped) }
      writer.member("waiting") { $0.int(decided.waiting) }
    }
    return TerminalSafeJSON.line(writer)
  }

  /// What the person should know beside the decisions themselves.
  static func notes(_ decision: Decision, _ decided: Decided, server: String) -> [String] {
    var notes: [String] = []
    if decided.dropped > 0 {
      notes.append(
        "another program has the name '\(server)' now: "
          + "\(decided.dropped) earlier decisions were dropped")
    }
    let late = decided.entries.filter { entry in
      entry.isChange && [.instructions, .capabilities].contains(entry.pin.key.kind)
    }
    if decision == .approve, !late.isEmpty {
      let kinds = late.map(\.pin.key.kind.rawValue).joined(separator: " and ")
      notes.append("\(kinds) take effect at the server's next start")
    }
    return notes
  }
}
