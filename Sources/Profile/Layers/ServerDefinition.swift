import JSON

/// A configured server, `servers/NAME.jsonc`: what to run, its profiles, and fields of its own.
public struct ServerDefinition: Sendable, Equatable {
  public let name: ServerName
  /// The file that it was read from.
  public let path: String
  /// `~`, `${HOME}` and `${SERVER}` are expanded in a command with a slash, which must then be
  /// absolute; a bare word is looked for where programs are.
  public let command: Sourced<String>
  /// As written: nothing is expanded.
  public let arguments: [String]
  /// Empty where none is named: then it is `default`.
  public let profiles: [Sourced<ProfileReference>]
  /// The fields of a profile that the definition has, a later layer than its profiles.
  public let layer: ProfileLayer
}

extension LayerDecoder {
  func decodeDefinition(
    _ root: Cursor, name: ServerName
  ) throws(ProfileError) -> ServerDefinition {
    let layer = try decode(root, in: .definition)
    guard let command = root.child("command") else {
      throw ProfileError(
        .missingKey, "the definition of \(name) has no \"command\"", at: root.origin,
        hint: "as in \"command\": \"python3\", \"args\": [\"-m\", \"server\"]")
    }
    var profiles: [Sourced<ProfileReference>] = []
    if let profile = root.child("profile") { profiles = try references(profile) }
    return ServerDefinition(
      name: name, path: root.source.name, command: try command.value(executable),
      arguments: try root.child("args")?.values(Self.argument).map(\.value) ?? [],
      profiles: profiles, layer: layer)
  }

  private func executable(_ text: String) throws(ValueFault) -> String {
    if text.utf8.contains(UInt8(ascii: "/")) || text.hasPrefix("~") {
      return try expansion.expand(text)
    }
    guard !text.isEmpty, !text.hasControlCharacter else {
      throw ValueFault(.impossibleValue, "\(Printable.quoted(text)) is no command")
    }
    return text
  }
}
