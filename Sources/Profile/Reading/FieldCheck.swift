import JSON

/// A use of a field, or of a value, that this build does not enforce.
struct Unenforced: Hashable, Sendable {
  let what: String
  let origin: Origin

  var error: ProfileError {
    ProfileError(
      .notEnforced, "\(what) is not enforced by this build", at: origin,
      hint: "leave it out; what can't be enforced stops the launch and is never ignored")
  }
}

/// Walks a file along the table: unknown keys and words are errors, what is not enforced is noted.
struct FieldCheck {
  let place: Field.Place
  let trust: ProfileTrust
  private(set) var unenforced: [Unenforced] = []

  init(place: Field.Place, trust: ProfileTrust) {
    self.place = place
    self.trust = trust
  }

  mutating func check(_ cursor: Cursor, at path: String = "") throws(ProfileError) {
    guard let members = cursor.node.object else { throw cursor.wrongType("an object") }
    let keys = FieldTable.keys(below: path, in: place)
    let isOpen = keys == ["*"]
    for member in members {
      let key = member.key.string
      guard isOpen || keys.contains(where: { $0.hasSameBytes(as: key) }) else {
        throw unknown(key, member, cursor, path)
      }
      let below = isOpen ? "*" : key
      let child = Cursor(
        source: cursor.source,
        path: cursor.path.isEmpty ? key : "\(cursor.path).\(Printable.text(key.unicodeScalars))",
        node: member.value)
      try check(child, key: member.keyRange, at: path.isEmpty ? below : "\(path).\(below)")
    }
  }

  private mutating func check(
    _ cursor: Cursor, key: Range<Int>, at path: String
  ) throws(ProfileError) {
    guard let field = FieldTable.field(at: path, in: place) else {
      return try check(cursor, at: path)
    }
    let keyOrigin = { Origin.file(cursor.source.position(of: key)) }
    if field.namesProgram && trust == .path {
      throw ProfileError(
        .programNotAllowed,
        "a profile named by its path can't name a program to run: "
          + cursor.label, at: keyOrigin())
    }
    switch field.enforcement {
    case .enforced:
      break
    case .later:
      unenforced.append(Unenforced(what: cursor.label, origin: keyOrigin()))
    case .empty:
      if !cursor.isEmptyContainer {
        unenforced.append(Unenforced(what: cursor.label, origin: cursor.firstElementOrigin))
      }
    case .words(let now, let later):
      let text = try cursor.text()
      if later.contains(where: { $0.hasSameBytes(as: text) }) {
        unenforced.append(Unenforced(what: "\(cursor.label): \"\(text)\"", origin: cursor.origin))
      } else if !now.contains(where: { $0.hasSameBytes(as: text) }) {
        throw cursor.failure(
          .impossibleValue, "\(cursor.label) can't be \(Printable.quoted(text))",
          hint: Suggestion.hint(for: text, in: now))
      }
    }
  }

  private func unknown(
    _ key: String, _ member: JSONMember, _ cursor: Cursor, _ path: String
  ) -> ProfileError {
    let origin = Origin.file(cursor.source.position(of: member.keyRange))
    let whole = cursor.path.isEmpty ? "" : " in \(cursor.label)"
    // A field of profiles written into a definition, or the other way round.
    if path.isEmpty, place == .definition, key.hasSameBytes(as: "extends") {
      return ProfileError(
        .unknownKey, "a server's definition has no \"extends\"", at: origin,
        hint: "name its profiles under \"profile\"")
    }
    if path.isEmpty, place == .profile, FieldTable.field(at: key, in: .definition) != nil {
      return ProfileError(
        .unknownKey, "\(Printable.quoted(key)) belongs in a server's definition, not in a profile",
        at: origin)
    }
    return ProfileError(
      .unknownKey, "unknown key \(Printable.quoted(key))\(whole)", at: origin,
      hint: Suggestion.hint(
        for: key, in: FieldTable.suggestions(below: path, in: place)))
  }
}

extension Cursor {
  fileprivate var isEmptyContainer: Bool {
    if let array = node.array { return array.isEmpty }
    if let object = node.object { return object.isEmpty }
    return false
  }

  fileprivate var firstElementOrigin: Origin {
    if let first = node.array?.first { return .file(source.position(of: first.range)) }
    if let first = node.object?.first { return .file(source.position(of: first.keyRange)) }
    return origin
  }
}
