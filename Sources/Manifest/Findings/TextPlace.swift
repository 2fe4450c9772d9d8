import JSON

/// What a text in a definition is there for: some rules hold in some places only.
struct TextPlace {
  private enum Role {
    case prose, name, parameter
    /// A map whose keys name parameters.
    case parameters
    /// A regular expression, a type's name and the like.
    case keyword
    /// The address of a schema, an icon or the thing itself.
    case address
    /// Bytes in base64, where that is their place.
    case opaque
  }

  private let role: Role
  private var isInIcons = false
  private var isInSchema = false
  private var isInArguments = false

  private init(
    _ role: Role, isInIcons: Bool = false, isInSchema: Bool = false, isInArguments: Bool = false
  ) {
    self.role = role
    self.isInIcons = isInIcons
    self.isInSchema = isInSchema
    self.isInArguments = isInArguments
  }

  static let root = TextPlace(.prose)

  var isMapOfParameters: Bool { role == .parameters }
  var isParameter: Bool { role == .parameter }
  var isName: Bool { role == .name || role == .parameter }
  var isOpaque: Bool { role == .opaque }
  var isProse: Bool { role == .prose || role == .parameter }

  /// The place of a key.
  var key: TextPlace { TextPlace(role == .parameters ? .parameter : .prose) }

  func member(_ key: JSONString, of kind: ItemKind) -> TextPlace {
    func place(_ role: Role) -> TextPlace {
      TextPlace(
        role, isInIcons: isInIcons || (!isInSchema && key == "icons"),
        isInSchema: isInSchema || key == "inputSchema" || key == "outputSchema",
        isInArguments: isInArguments || key == "arguments")
    }
    // Below a map of parameters each key is a name, whatever else it is called.
    if role == .parameters { return place(.prose) }
    if isInSchema {
      switch key {
      case "properties", "patternProperties": return place(.parameters)
      case "pattern", "format", "type": return place(.keyword)
      case "$schema", "$id": return place(.address)
      default: return place(.prose)
      }
    }
    switch (key, kind) {
    case ("name", .prompt) where isInArguments: return place(.parameter)
    case ("name", _): return place(.name)
    case ("src", _) where isInIcons: return place(.address)
    case ("uri", _), ("uriTemplate", _): return place(.address)
    case ("blob", .uiResource): return place(.opaque)
    default: return place(.prose)
    }
  }

  /// Whether an address is what belongs here.
  func isAddress(_ text: [UInt8]) -> Bool {
    guard role == .address else { return false }
    if isInSchema {
      return text.starts(with: "http://json-schema.org/".utf8)
        || text.starts(with: "https://json-schema.org/".utf8)
    }
    return !isInIcons || text.starts(with: "https://".utf8) || text.starts(with: "data:image/".utf8)
  }
}
