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

  mutating func check(_ root: Cursor) throws(ProfileError) {
    try check(root, against: FieldTable.fields)
  }

  mutating func check(_ cursor: Cursor, against fields: [Field]) throws(ProfileError) {
    guard let members = cursor.node.object else { throw cursor.wrongType("an object") }
    for member in members {
      guard
        let field = fields.first(where: {
          $0.stands(in: place) && ($0.key == "*" || $0.key.utf8.elementsEqual(member.key.utf8))
        })
      else { throw unknown(member, in: cursor, fields) }
      let child = cursor.child(member)
      if field.members.isEmpty {
        try check(child, key: Position(cursor.source, member.keyRange), as: field)
      } else {
        try check(child, against: field.members)
      }
    }
  }

  private mutating func check(
    _ cursor: Cursor, key: Position, as field: Field
  ) throws(ProfileError) {
    if field.namesProgram && trust == .path {
      throw ProfileError(
        .programNotAllowed,
        "\(cursor.label): a profile named by its path can't name a program to run",
        at: .file(key))
    }
    if !field.elements.isEmpty, cursor.node.array != nil {
      for element in try cursor.elements() where element.node.object != nil {
        try check(element, against: field.elements)
      }
    }
    switch field.enforcement {
    case .enforced: break
    case .later:
      unenforced.append(Unenforced(what: cursor.label, origin: .file(key)))
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
    _ member: JSONMember, in cursor: Cursor, _ fields: [Field]
  ) -> ProfileError {
    let key = member.key.string
    let origin = Origin.file(Position(cursor.source, member.keyRange))
    // A field of profiles written into a definition, or the other way round.
    if let field = fields.first(where: { $0.key.hasSameBytes(as: key) }) {
      return field.place == .profile
        ? ProfileError(
          .unknownKey, "a server's definition has no \"\(field.key)\"", at: origin,
          hint: "name its profiles under \"profile\"")
        : ProfileError(
          .unknownKey, "\"\(field.key)\" belongs in a server's definition, not in a profile",
          at: origin)
    }
    return ProfileError(
      .unknownKey,
      "unknown key \(Printable.quoted(key))" + (cursor.isRoot ? "" : " in \(cursor.label)"),
      at: origin,
      hint: Suggestion.hint(
        for: key, in: fields.filter { $0.isUsable && $0.stands(in: place) }.map(\.key)))
  }
}

extension Cursor {
  fileprivate var isEmptyContainer: Bool {
    if let array = node.array { return array.isEmpty }
    if let object = node.object { return object.isEmpty }
    return false
  }

  fileprivate var firstElementOrigin: Origin {
    if let first = node.array?.first { return .file(Position(source, first.range)) }
    if let first = node.object?.first { return .file(Position(source, first.keyRange)) }
    return origin
  }
}
