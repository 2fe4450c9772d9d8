import Foundation

/// Tells where a session through Cordon differs from the same one without it.
///
/// Every line is compared byte by byte and in its order. Cordon's documentation names what may differ,
/// and nothing else may:
///
/// - The server sees Cordon's own requests for its tools, prompts and resource templates instead of the
///   host's, and again before one of them is used once the list may have changed: ids that begin with "cordon", in the modern era the `_meta` of the host's
///   request, and answers like those that the host's requests got.
/// - The host's answer to it has the same items, byte for byte, and says that nobody may keep it:
///   `ttlMs` 0 and `cacheScope` private, in an order of Cordon's own.
/// - U+0085, U+2028 and U+2029 within strings are escaped on the way.
struct TranscriptComparison {
  /// Without Cordon.
  var direct: Transcript
  /// Through Cordon, between the host and Cordon.
  var host: Transcript
  /// Through Cordon, between Cordon and the server.
  var server: Transcript
  /// Whether lines have to come in the same order. Where much is asked at once, only what belongs to one
  /// request has to.
  var isInOrder = true

  private static let lists = ["tools/list", "prompts/list", "resources/templates/list"]

  /// The list that Cordon has to know for a request of the host's.
  private static func list(for line: Transcript.Line) -> String? {
    switch line.method {
    case "tools/call": "tools/list"
    case "prompts/get": "prompts/list"
    case "completion/complete":
      line.message["params"]["ref"]["type"] == "ref/prompt"
        ? "prompts/list" : "resources/templates/list"
    case let method?: lists.contains(method) ? method : nil
    case nil: nil
    }
  }

  /// Nothing where they are the same.
  func differences() -> [String] {
    let asked = direct.toServer.filter { Self.lists.contains($0.method ?? "") }
    let lists = Set(asked.compactMap(\.id))
    func isList(_ line: Transcript.Line) -> Bool {
      line.isAnswer && line.id.map(lists.contains) == true
    }
    return compare("from the host", direct.toServer, host.toServer) { $0.bytes == $1.bytes }
      + compare(
        "to the server", direct.toServer.filter { !Self.lists.contains($0.method ?? "") },
        server.toServer.filter { !$0.isCordons }
      ) { $0.passed == $1.bytes }
      + compare(
        "from the server", direct.toHost.filter { !isList($0) },
        server.toHost.filter { !$0.isCordons }
      ) { $0.bytes == $1.bytes }
      + compare("to the host", direct.toHost, host.toHost) { outside, inside in
        isList(outside) ? isSameList(outside, inside) : outside.passed == inside.bytes
      }
      + differencesOfOwn(asked, answers: direct.toHost.filter(isList))
  }

  private func compare(
    _ place: String, _ outside: [Transcript.Line], _ inside: [Transcript.Line],
    by isSame: (Transcript.Line, Transcript.Line) -> Bool
  ) -> [String] {
    let outside = ordered(outside)
    let inside = ordered(inside)
    var found = zip(outside, inside).enumerated().compactMap { number, pair in
      isSame(pair.0, pair.1)
        ? nil
        : "\(place), line \(number): \(excerpt(pair.0, pair.1)) became \(excerpt(pair.1, pair.0))"
    }
    if outside.count != inside.count {
      found.append("\(place): \(outside.count) lines became \(inside.count)")
    }
    return found
  }

  private func ordered(_ lines: [Transcript.Line]) -> [Transcript.Line] {
    guard !isInOrder else { return lines }
    return Dictionary(grouping: lines, by: \.request).sorted { $0.key < $1.key }.flatMap(\.value)
  }

  /// Where a line begins to differ from another.
  private func excerpt(_ line: Transcript.Line, _ other: Transcript.Line) -> String {
    let same = zip(line.passed, other.bytes).prefix { $0 == $1 }.count
    let from = max(0, same - 60)
    return String(decoding: line.passed.dropFirst(from).prefix(160), as: UTF8.self)
  }

  private func isSameList(_ outside: Transcript.Line, _ inside: Transcript.Line) -> Bool {
    if outside.passed == inside.bytes { return true }
    guard case .object(var expected) = outside.message,
      case .object(var result) = expected["result"],
      outside.items != nil, outside.items == inside.items
    else { return false }
    if result["ttlMs"] != nil || result["cacheScope"] != nil {
      result["ttlMs"] = 0
      result["cacheScope"] = "private"
    }
    expected["result"] = .object(result)
    return inside.message == .object(expected)
  }

  /// What Cordon asks of the server for a request of the host's, without the id: in the modern era with
  /// the `_meta` of that request, but for the token that stands for that request alone.
  private func ownRequest(for theirs: Transcript.Line) -> [String: Value] {
    var meta = theirs.message["params"]["_meta"].object
    meta["progressToken"] = nil
    let isModern = meta["io.modelcontextprotocol/protocolVersion"] != nil
    return ["jsonrpc": "2.0", "method": .string(Self.list(for: theirs) ?? "")]
      .merging(isModern ? ["params": ["_meta": .object(meta)]] : [:]) { $1 }
  }

  /// Cordon's own requests ask for nothing but the list, as the host asked for it, and get what the
  /// host would have got.
  private func differencesOfOwn(
    _ asked: [Transcript.Line], answers: [Transcript.Line]
  ) -> [String] {
    let own = server.toServer.filter(\.isCordons)
    let expected = direct.toServer.filter { Self.list(for: $0) != nil }
      .map(ownRequest)
    var found: [String] = []
    if own.isEmpty, !asked.isEmpty { found.append("Cordon has not asked for the list") }
    let ids = own.compactMap(\.id)
    if Set(ids).count != ids.count { found.append("Cordon used an id twice") }
    for line in own where !expected.contains(line.message.object.filter { $0.key != "id" }) {
      found.append("Cordon's own request is none of the host's: \(line.text)")
    }
    let ownAnswers = server.toHost.filter(\.isCordons)
    if ownAnswers.compactMap(\.id) != ids {
      found.append("Cordon's own requests \(ids) got answers \(ownAnswers.compactMap(\.id))")
    }
    for line in ownAnswers {
      let isLikeTheHosts = answers.contains { line.bytes == $0.bytes(withID: line.id) }
      if !isLikeTheHosts { found.append("Cordon's own request got another answer: \(line.text)") }
    }
    return found
  }
}

extension Transcript.Line {
  /// The line as it would stand with another id.
  fileprivate func bytes(withID other: String?) -> Data {
    guard let id, let other, let range = bytes.range(of: Data("\"id\":\(id)".utf8)) else {
      return bytes
    }
    return bytes[..<range.lowerBound] + Data("\"id\":\(other)".utf8) + bytes[range.upperBound...]
  }
}
