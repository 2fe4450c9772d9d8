import Digest
import JSON

/// An object's members, taken one by one; what is left at the end is an error.
struct Members {
  private var rest: [JSONString: JSONNode] = [:]
  private let subject: String

  init(_ node: JSONNode, _ subject: String) throws(RecordError) {
    self.subject = subject
    guard let members = node.object else { throw .damaged("\(subject) is not an object") }
    for member in members { rest[member.key] = member.value }
  }

  func has(_ key: JSONString) -> Bool { rest[key] != nil }

  mutating func take(_ key: JSONString) throws(RecordError) -> JSONNode {
    guard let node = rest.removeValue(forKey: key) else {
      throw .damaged("\(subject) lacks \(key)")
    }
    return node
  }

  mutating func text(_ key: JSONString) throws(RecordError) -> JSONString {
    guard let text = try take(key).string else { throw wrong(key) }
    return text
  }

  mutating func bool(_ key: JSONString) throws(RecordError) -> Bool {
    guard let bool = try take(key).bool else { throw wrong(key) }
    return bool
  }

  mutating func int(_ key: JSONString) throws(RecordError) -> Int64 {
    guard let int = try take(key).int64 else { throw wrong(key) }
    return int
  }

  mutating func array(_ key: JSONString) throws(RecordError) -> [JSONNode] {
    guard let array = try take(key).array else { throw wrong(key) }
    return array
  }

  mutating func digest(_ key: JSONString) throws(RecordError) -> Digest {
    guard let digest = Digest(hex: try text(key).string) else { throw wrong(key) }
    return digest
  }

  mutating func digestOrNull(_ key: JSONString) throws(RecordError) -> Digest? {
    let node = try take(key)
    if node.isNull { return nil }
    guard let text = node.string, let digest = Digest(hex: text.string) else { throw wrong(key) }
    return digest
  }

  mutating func itemKey() throws(RecordError) -> ItemKey {
    guard let kind = ItemKind(word: try text("kind")) else { throw wrong("kind") }
    return ItemKey(kind, try text("name"))
  }

  func end() throws(RecordError) {
    guard let key = rest.keys.min() else { return }
    throw .damaged("\(subject) has an unknown member \(Rendering.line(key.utf8, limit: 40))")
  }

  private func wrong(_ key: JSONString) -> RecordError {
    .damaged("\(subject) has an impossible \(key)")
  }
}
