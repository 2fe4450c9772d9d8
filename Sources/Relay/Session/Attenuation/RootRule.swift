import JSON

/// Which of the host's roots a server is told of: those that it can see.
struct RootRule {
  /// Absolute paths as the server sees them.
  let granted: [[UInt8]]

  /// What became of a list of roots.
  struct Outcome: Equatable {
    var listed = 0
    /// The URIs of those taken out, empty for one that has none.
    var taken: [[UInt8]] = []

    static func += (left: inout Outcome, right: Outcome) {
      left.listed += right.listed
      left.taken += right.taken
    }
  }

  func admits(_ uri: [UInt8]) -> Bool {
    guard let path = FileURI.path(uri) else { return false }
    return granted.contains { Self.contains($0, path) }
  }

  /// By components and bytes, as the kernel compares names.
  private static func contains(_ outer: [UInt8], _ path: [UInt8]) -> Bool {
    guard path.starts(with: outer) else { return false }
    return path.count == outer.count || outer.last == UInt8(ascii: "/")
      || path[outer.count] == UInt8(ascii: "/")
  }

  /// Takes what is not granted out of the answer to a `roots/list`.
  ///
  /// An element that is no object with a URI, or that has a member which a reader without regard to
  /// case could take for one, cannot be understood and goes too. So does a list that such a reader
  /// could take for the one of roots.
  func cut(answer: ObjectView, _ cuts: inout Cuts) -> Outcome {
    var outcome = Outcome()
    let lookalikes = answer.outline.members.map { answer.isLookalike($0, of: "roots") }
    let count = lookalikes.count { $0 }
    if count > 0 {
      outcome = Outcome(listed: count, taken: [[UInt8]](repeating: [], count: count))
      cuts.cut(answer) { lookalikes[$0] }
    }
    guard let member = answer.member("roots"), member.kind == .array else { return outcome }
    let elements: [Range<Int>]
    do throws(JSONError) {
      elements = try unsafe JSONOutline.scan(
        answer.line.bytes, in: member.value, limits: JSONLimits(size: JSONLimits.maximumSize)
      ).elements
    } catch {
      // The line was read strictly as a whole, so that none of its values can fail here.
      return outcome
    }
    let isCut = elements.map { element in
      let root = ObjectView(answer.line, element)
      let uri = root?.string("uri")?.utf8
      if let root, let uri, !root.hasLookalike(of: ["uri"]), admits(uri) { return false }
      outcome.taken.append(uri ?? [])
      return true
    }
    outcome.listed += elements.count
    cuts.cut(elements: elements) { isCut[$0] }
    return outcome
  }

  /// The same for `inputResponses`, a map that brings answers as values: those with roots are
  /// answers to a `roots/list`.
  func cut(inputResponses responses: ObjectView, _ cuts: inout Cuts) -> Outcome {
    var outcome = Outcome()
    for member in responses.outline.members where member.kind == .object {
      guard let answer = ObjectView(responses.line, member.value) else { continue }
      outcome += cut(answer: answer, &cuts)
    }
    return outcome
  }
}
