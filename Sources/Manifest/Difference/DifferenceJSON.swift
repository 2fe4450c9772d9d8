public import JSON

extension Difference {
  /// Writes `[{"path", "class", "change", "from", "to", "words", "note", "weakening"}]`. Values are
  /// the server's, as canonical JSON, and not made safe to show.
  public func write(to writer: inout JSONWriter) {
    writer.array { list in
      for entry in entries { list.object { entry.write(to: &$0) } }
    }
  }
}

extension Difference.Entry {
  fileprivate func write(to members: inout JSONWriter) {
    members.member("path") { $0.string(path.description) }
    members.member("class") { $0.string(fieldClass.rawValue) }
    switch change {
    case .added(let value):
      members.member("change") { $0.string("added") }
      members.member("to") { $0.raw(value.canonical) }
    case .removed(let value):
      members.member("change") { $0.string("removed") }
      members.member("from") { $0.raw(value.canonical) }
    case .changed(let from, let to):
      members.member("change") { $0.string("changed") }
      members.member("from") { $0.raw(from.canonical) }
      members.member("to") { $0.raw(to.canonical) }
    }
    if !words.isEmpty {
      members.member("words") { words in
        words.array { list in
          for run in self.words {
            list.object { $0.member(JSONString(run.kind.rawValue)) { $0.string(run.text) } }
          }
        }
      }
    }
    if let note { members.member("note") { $0.string(note) } }
    members.member("weakening") { $0.bool(isWeakening) }
  }
}
