import JSON

/// Reads the items that stand in one document: each one's name and digest, and its content where that
/// is wanted.
///
/// It must not outlive the scoped access that lent the bytes.
public struct ItemReader: ~Copyable {
  private var reader: CanonicalReader

  public init(_ bytes: UnsafeRawBufferPointer) {
    reader = unsafe CanonicalReader(bytes, limits: Self.limits)
  }

  /// What cannot become an item is not read to its end. White space and escapes are allowed for.
  private static var limits: JSONLimits {
    var limits = JSONLimits(size: 8 * Item.sizeLimit)
    limits.values = Item.valueLimit
    return limits
  }

  /// One item as `Item.read` has it.
  public mutating func read(_ kind: ItemKind, _ range: Range<Int>) throws(ItemError) -> Pin {
    // A resource's size changes with its content, which is not what is pinned. Only a number is one.
    try read(kind, range, leavingOut: kind == .resource ? "size" : nil)
    switch kind {
    case .instructions:
      guard reader.kind == .string else { throw .notText(kind) }
      return try pin(ItemKey(kind))
    case .capabilities, .launch:
      guard reader.kind == .object else { throw .notAnObject(kind) }
      return try pin(ItemKey(kind))
    case .uiResource: throw .nameless(kind)
    case .tool, .prompt, .resourceTemplate, .resource:
      guard reader.kind == .object else { throw .notAnObject(kind) }
      guard let name = reader.string(kind.nameKey) else { throw .nameless(kind) }
      return try pin(ItemKey(kind, name))
    }
  }

  /// A tool's interface, as `Item.uiResource` has it.
  mutating func readContents(
    _ range: Range<Int>, of uri: JSONString
  ) throws(ItemError) -> Pin {
    try read(.uiResource, range, leavingOut: nil)
    guard reader.kind == .array else { throw .notAList(.uiResource) }
    guard Item.isUsable(name: uri) else {
      throw uri.utf8.count > Item.nameLimit
        ? .nameTooLong(.uiResource, size: uri.utf8.count) : .notText(.uiResource)
    }
    return try pin(ItemKey(.uiResource, uri))
  }

  /// Lends the canonical form of what was read last.
  public func withCanonical<Value>(_ body: (UnsafeRawBufferPointer) -> Value) -> Value {
    unsafe reader.withCanonical(body)
  }

  /// The item that was read last, with its content.
  public func item(_ pin: Pin) -> Item { Item(pin, canonical: reader.canonical) }

  private mutating func read(
    _ kind: ItemKind, _ range: Range<Int>, leavingOut omitted: JSONString?
  ) throws(ItemError) {
    do throws(JSONError) {
      try reader.read(range, leavingOut: omitted)
    } catch {
      throw .notJSON(kind, error)
    }
  }

  /// Names and canonical forms were read strictly: they are UTF-8.
  private func pin(_ key: ItemKey) throws(ItemError) -> Pin {
    guard key.name.utf8.count <= Item.nameLimit else {
      throw .nameTooLong(key.kind, size: key.name.utf8.count)
    }
    let size = unsafe reader.withCanonical { $0.count }
    guard size <= Item.sizeLimit else { throw .tooLarge(key, size: size) }
    let digest = unsafe reader.withCanonical { canonical in
      unsafe Item.digest(kind: key.kind, canonical: canonical)
    }
    return Pin(key, digest)
  }
}
