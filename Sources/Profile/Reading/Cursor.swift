import JSON

/// A value in a file, its path from the root, and how to read it as what it must be.
struct Cursor {
  /// The way from the root, put into words only for messages.
  indirect enum Trail {
    case root
    case key(JSONString, in: Trail)
    case index(Int, in: Trail)

    /// `limits.processes`, `filesystem.readOnly[2]`; empty for the root.
    var words: String {
      switch self {
      case .root: ""
      case .key(let key, in: .root): Printable.text(key.string.unicodeScalars)
      case .key(let key, in: let outer):
        "\(outer.words).\(Printable.text(key.string.unicodeScalars))"
      case .index(let index, in: let outer): "\(outer.words)[\(index)]"
      }
    }
  }

  let source: SourceText
  let node: JSONNode
  var trail = Trail.root

  var isRoot: Bool {
    if case .root = trail { return true }
    return false
  }

  /// The name of the value in messages.
  var label: String { isRoot ? "the file" : "\"\(trail.words)\"" }

  var origin: Origin { .file(Position(source, node.range)) }

  func failure(
    _ reason: ProfileError.Reason, _ message: String, hint: String? = nil
  ) -> ProfileError {
    ProfileError(reason, message, at: origin, hint: hint)
  }

  /// The member with this key; nil when there is none.
  func child(_ key: JSONString) -> Cursor? {
    node[key].map { Cursor(source: source, node: $0, trail: .key(key, in: trail)) }
  }

  func child(_ member: JSONMember) -> Cursor {
    Cursor(source: source, node: member.value, trail: .key(member.key, in: trail))
  }

  /// Members whose keys the writer chose, each with the place of its key.
  func entries() throws(ProfileError) -> [(key: String, keyOrigin: Origin, value: Cursor)] {
    guard let members = node.object else { throw wrongType("an object") }
    return members.map {
      ($0.key.string, .file(Position(source, $0.keyRange)), child($0))
    }
  }

  func elements() throws(ProfileError) -> [Cursor] {
    guard let elements = node.array else { throw wrongType("a list") }
    return elements.enumerated().map { index, element in
      Cursor(source: source, node: element, trail: .index(index, in: trail))
    }
  }

  func text() throws(ProfileError) -> String {
    guard let string = node.string else { throw wrongType("a string") }
    return string.string
  }

  /// `true` or `false`.
  func truth() throws(ProfileError) -> Bool {
    guard let bool = node.bool else { throw wrongType("true or false") }
    return bool
  }

  /// A string, read by a rule that does not know where it stands.
  func value<Value: Sendable>(
    _ read: (String) throws(ValueFault) -> Value
  ) throws(ProfileError) -> Sourced<Value> {
    let text = try text()
    do throws(ValueFault) {
      return Sourced(try read(text), origin)
    } catch {
      throw ProfileError(error, at: origin)
    }
  }

  /// A list of strings, each read by the rule.
  func values<Value: Sendable>(
    _ read: (String) throws(ValueFault) -> Value
  ) throws(ProfileError) -> [Sourced<Value>] {
    var result: [Sourced<Value>] = []
    for element in try elements() { result.append(try element.value(read)) }
    return result
  }

  /// One of an enumeration's words.
  func choice<Choice: RawRepresentable & CaseIterable & Sendable>(
    _ type: Choice.Type = Choice.self
  ) throws(ProfileError) -> Sourced<Choice> where Choice.RawValue == String {
    try value { (text) throws(ValueFault) in
      let words = Choice.allCases.map(\.rawValue)
      guard let choice = Choice.allCases.first(where: { $0.rawValue.hasSameBytes(as: text) }) else {
        throw ValueFault(
          .impossibleValue, "\(label) can't be \(Printable.quoted(text))",
          hint: Suggestion.hint(for: text, in: words))
      }
      return choice
    }
  }

  func limit(_ range: ClosedRange<Int>) throws(ProfileError) -> Sourced<LimitValue> {
    guard let number = node.number else { throw wrongType("a whole number") }
    guard let whole = number.int64.flatMap({ Int(exactly: $0) }) else {
      throw failure(.wrongType, "\(label) must be a whole number")
    }
    guard range.contains(whole) else {
      throw failure(
        .impossibleValue, "\(label) can't be \(whole)",
        hint: "from \(range.lowerBound) to \(range.upperBound)")
    }
    return Sourced(LimitValue(whole), origin)
  }

  func size(_ range: ClosedRange<SizeValue>) throws(ProfileError) -> Sourced<SizeValue> {
    try amount(range, as: "64MiB", SizeValue.parse)
  }

  func duration(
    _ range: ClosedRange<DurationValue>
  ) throws(ProfileError) -> Sourced<DurationValue> {
    try amount(range, as: "90s", DurationValue.parse)
  }

  /// A number with its unit.
  private func amount<Amount: Comparable & Sendable & CustomStringConvertible>(
    _ range: ClosedRange<Amount>, as example: String,
    _ read: (String) throws(ValueFault) -> Amount
  ) throws(ProfileError) -> Sourced<Amount> {
    guard node.number == nil else {
      throw failure(
        .wrongType, "\(label) must be a string with a unit, not a number",
        hint: "as in \"\(example)\"")
    }
    let amount = try value(read)
    guard range.contains(amount.value) else {
      throw failure(
        .impossibleValue, "\(label) can't be \(amount.value)",
        hint: "from \(range.lowerBound) to \(range.upperBound)")
    }
    return amount
  }

  func share(
    _ range: ClosedRange<ProcessorShare>
  ) throws(ProfileError) -> Sourced<ProcessorShare> {
    guard let number = node.number else { throw wrongType("a number") }
    guard let share = number.double.flatMap({ ProcessorShare($0) }) else {
      throw failure(
        .wrongType, "\(label) can have two decimals at most", hint: "as in 0.5, 1.0 or 2.25")
    }
    guard range.contains(share) else {
      throw failure(
        .impossibleValue, "\(label) can't be \(share)",
        hint: "from \(range.lowerBound) to \(range.upperBound)")
    }
    return Sourced(share, origin)
  }

  func wrongType(_ expected: String) -> ProfileError {
    failure(.wrongType, "\(label) must be \(expected), not \(Self.words(for: node.kind))")
  }

  private static func words(for kind: JSONKind) -> String {
    switch kind {
    case .null: "null"
    case .bool: "true or false"
    case .number: "a number"
    case .string: "a string"
    case .array: "a list"
    case .object: "an object"
    }
  }
}
