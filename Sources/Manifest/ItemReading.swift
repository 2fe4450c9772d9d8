public import JSON

extension Item {
  /// A tool's object as a server sent it.
  public static func tool(fromRaw bytes: [UInt8]) throws(ItemError) -> Item {
    try read(.tool, bytes)
  }

  /// The `contents` of an answer to `resources/read`, under the URI that was asked for: what the
  /// contents say of themselves names nothing.
  public static func uiResource(
    _ uri: JSONString, contents bytes: [UInt8]
  ) throws(ItemError) -> Item {
    let node: JSONNode
    do {
      node = try JSONReader.parse(bytes, limits: limits)
    } catch {
      throw .notJSON(.uiResource, error)
    }
    guard node.array != nil else { throw .notAList(.uiResource) }
    return try Item(kind: .uiResource, name: uri, canonical: JSONCanonical.write(node))
  }

  /// One item as a server sent it: an object with its name, the instructions' string, or the
  /// capabilities' object. A tool's interface has no name of its own and is not read here.
  public static func read(_ kind: ItemKind, _ bytes: [UInt8]) throws(ItemError) -> Item {
    let node: JSONNode
    do {
      node = try JSONReader.parse(bytes, limits: limits)
    } catch {
      throw .notJSON(kind, error)
    }
    if kind == .resource, node["size"] != nil {
      return try read(kind, withoutSize(node, bytes))
    }
    return try read(kind, node)
  }

  /// A tree takes far more memory than its text: what cannot become an item is not made into one. White
  /// space and escapes are allowed for.
  private static var limits: JSONLimits {
    var limits = JSONLimits(size: 8 * Item.sizeLimit)
    limits.values = Item.valueLimit
    return limits
  }

  /// The same from a value that was read before. A resource's `size` is not left out here.
  static func read(_ kind: ItemKind, _ node: JSONNode) throws(ItemError) -> Item {
    let canonical = JSONCanonical.write(node)
    switch kind {
    case .instructions:
      guard node.string != nil else { throw .notText(kind) }
      return try Item(kind: kind, canonical: canonical)
    case .capabilities, .launch:
      guard node.object != nil else { throw .notAnObject(kind) }
      return try Item(kind: kind, canonical: canonical)
    case .uiResource: throw .nameless(kind)
    case .tool, .prompt, .resourceTemplate, .resource:
      guard node.object != nil else { throw .notAnObject(kind) }
      guard let name = node[kind.nameKey]?.string else { throw .nameless(kind) }
      return try Item(kind: kind, name: name, canonical: canonical)
    }
  }

  /// A resource's size changes with its content, which is not what is pinned.
  private static func withoutSize(_ node: JSONNode, _ bytes: [UInt8]) -> [UInt8] {
    let members = (node.object ?? []).filter { $0.key != "size" }
    let texts = members.map { bytes[$0.keyRange] + [UInt8(ascii: ":")] + bytes[$0.value.range] }
    return [UInt8(ascii: "{")] + texts.joined(separator: [UInt8(ascii: ",")])
      + [UInt8(ascii: "}")]
  }
}

extension ItemKind {
  /// The member that names an item of this kind.
  public var nameKey: JSONString {
    switch self {
    case .resourceTemplate: "uriTemplate"
    case .resource, .uiResource: "uri"
    case .tool, .prompt, .instructions, .capabilities, .launch: "name"
    }
  }
}
