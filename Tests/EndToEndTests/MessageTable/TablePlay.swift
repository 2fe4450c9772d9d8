import Foundation
import JSON
import MCP
import Testing

/// One session between a host and a server that know everything of a version, played by the table.
final class TablePlay {
  let words: TableWords
  private let scene: Scene
  private let host: Host
  private var asked = 0

  /// - Parameters:
  ///   - fields: members of a profile, as JSON: `"protocol": { "sampling": "deny" }`.
  ///   - undeclared: what both sides leave out of their declarations, and use nevertheless.
  init(_ version: ProtocolVersion, fields: String = "", undeclared: Set<Feature> = []) throws {
    words = try TableWords(version, undeclared: undeclared)
    scene = try Scene()
    _ = try scene.write("{ \(fields) }", to: "config/profiles/table.jsonc")
    host = try Host(scene.probe("mirror.py", options: ["--profile", "table"]), in: scene)
  }

  /// Of which Cordon asks for itself.
  static let lists: [Method] = [.toolsList, .promptsList, .resourceTemplatesList]

  /// Plays every message of the version, and compares what becomes of each.
  func playAll(_ expected: (TableMessage) -> Passage) throws {
    let fromClient = words.messages(from: .client, ids: "h")
    try answer(with: fromClient)
    // In the order in which a host must begin; the list before the calls, which would wait for it.
    let first: [Method] = [.initialize, .discover] + Self.lists
    for method in first {
      for message in fromClient where message.row?.method == method {
        try play([message], expected)
      }
    }
    try play(
      fromClient.filter { message in !first.contains { message.row?.method == $0 } }, expected)
    try playFromServer(words.messages(from: .server, ids: "s"), expected)
  }

  /// Ends the session; gives the audit log's events.
  func end() throws -> [Value] {
    let done = try host.leave()
    #expect(done["status"] == 0, "\(done)")
    return try scene.audit("probe")
  }

  // MARK: Both directions

  /// The host sends these; the server answers from its book.
  func play(_ messages: [TableMessage], _ expected: (TableMessage) -> Passage) throws {
    let before = try lines().count
    try host.order("send", ["line": .string(messages.map(\.line).joined(separator: "\n"))])
    // A call can wait for Cordon's own question, and reach the server after what came behind it.
    for case let id? in messages.map(\.id) { try host.order("answer", ["id": .string(id)]) }
    let heard = try hear([])
    let answers = try lines().dropFirst(before)
    for message in messages {
      switch expected(message) {
      case .forwarded:
        #expect(heard.count { $0 == message.line } == 1, "\(message): \(heard)")
        guard message.id != nil else { continue }
        #expect(answers.count { $0 == message.answer } == 1, "\(message): \(answers)")
      case .listed:
        #expect(!heard.contains(message.line), "\(message)")
        let result = try value(answers, id: message.id)["result"]
        let items = ["tools", "prompts", "resourceTemplates"].map { result[$0] }
          .first { $0 != .null }
        #expect(items?.names == ["x"], "\(message): \(answers)")
      case .refused(let code):
        #expect(!heard.contains(message.line), "\(message)")
        guard message.id != nil else { continue }
        #expect(try value(answers, id: message.id)["error"]["code"].int == code, "\(message)")
      }
    }
  }

  /// The host sends what the server does not know.
  func playUnknown(_ message: TableMessage) throws {
    let before = try lines().count
    let heard = try hear([message.line])
    #expect(heard == [message.line])
    let error = #""error": {"code": -32601, "message": "not in the book"}"#
    #expect(
      try lines().dropFirst(before).first
        == #"{"jsonrpc": "2.0", "id": "\#(message.id ?? "")", \#(error)}"#)
  }

  /// The server sends these; the host answers what reaches it.
  func playFromServer(_ messages: [TableMessage], _ expected: (TableMessage) -> Passage) throws {
    let arrived = try say(messages.map(\.line))
    let reached = messages.filter { arrived.contains($0.line) }
    let heard = try hear(reached.filter { $0.id != nil }.map(\.answer))
    for message in messages {
      switch expected(message) {
      case .forwarded, .listed:
        #expect(arrived.count { $0 == message.line } == 1, "\(message): \(arrived)")
        guard message.id != nil else { continue }
        #expect(heard.count { $0 == message.answer } == 1, "\(message): \(heard)")
      case .refused(let code):
        #expect(!arrived.contains(message.line), "\(message)")
        guard message.id != nil else { continue }
        #expect(try value(heard[...], id: message.id)["error"]["code"].int == code, "\(message)")
      }
    }
  }

  /// What the server answers each of these with from now on.
  ///
  /// - Parameter silent: methods that it does not answer by itself.
  func answer(with messages: [TableMessage], silent: [Method] = []) throws {
    let known = messages.filter { $0.id != nil && ($0.row != nil || $0.method == "x-vendor/ask") }
    var book = Dictionary(known.map { ($0.method, Value.string($0.result)) }) { _, last in last }
    for method in silent { book[method.rawValue] = .null }
    try request("x-test/book", ["book": .object(book)])
  }

  // MARK: Steps

  /// The lines that reach the host when the server writes these.
  func say(_ lines: [String]) throws -> [String] {
    let before = try self.lines().count
    try request("x-test/say", ["lines": Value(lines)])
    // The last is the answer to the order itself.
    return try self.lines().dropFirst(before).dropLast()
  }

  /// The lines that reach the server when the host sends these.
  func hear(_ lines: [String]) throws -> [String] {
    if !lines.isEmpty { try host.order("send", ["line": .string(lines.joined(separator: "\n"))]) }
    return try request("x-test/heard", [:])["lines"].array.compactMap(\.string)
  }

  @discardableResult
  private func request(_ method: String, _ params: Value) throws -> Value {
    asked += 1
    let id = Value.string("t\(asked)")
    let line = Value.object([
      "jsonrpc": "2.0", "id": id, "method": .string(method), "params": params,
    ])
    try host.order("send", ["line": .string(line.text)])
    return try host.order("answer", ["id": id])["result"]
  }

  /// Every line that has reached the host.
  func lines() throws -> [String] {
    try host.order("lines")["lines"].array.compactMap(\.string)
  }

  private func value(_ lines: ArraySlice<String>, id: String?) throws -> Value {
    try lines.map { try Value.parse($0) }.first { $0["id"].string == id } ?? .null
  }
}
