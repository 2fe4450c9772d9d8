public import Digest
public import JSON

/// One definition as a server gave it, in canonical form, with its digest.
public struct Item: Hashable, Sendable {
  /// Bytes of one item's canonical form.
  public static let sizeLimit = 1 << 20
  /// Values in one item as it was sent: of strings, numbers, lists and objects.
  public static let valueLimit = 1 << 16
  /// Bytes of a name, which is a URI for resources.
  public static let nameLimit = 8 << 10

  public let key: ItemKey
  /// The RFC 8785 form of the whole object, unknown fields included.
  public let canonical: [UInt8]
  public let digest: Digest

  public var kind: ItemKind { key.kind }
  public var name: JSONString { key.name }

  /// - Parameter canonical: the canonical form; that it is JSON is not checked again.
  /// - Throws: `ItemError` where the form or the name is too long or is not UTF-8.
  public init(
    kind: ItemKind, name: JSONString = JSONString(utf8: []), canonical: [UInt8]
  ) throws(ItemError) {
    guard name.utf8.count <= Item.nameLimit else {
      throw .nameTooLong(kind, size: name.utf8.count)
    }
    guard canonical.count <= Item.sizeLimit else {
      throw .tooLarge(ItemKey(kind, name), size: canonical.count)
    }
    guard Item.isUsable(name: name), String(validating: canonical, as: UTF8.self) != nil
    else { throw .notText(kind) }
    self.key = ItemKey(kind, name)
    self.canonical = canonical
    self.digest = Item.digest(kind: kind, canonical: canonical)
  }

  /// What was read strictly before.
  init(_ pin: Pin, canonical: [UInt8]) {
    key = pin.key
    self.canonical = canonical
    digest = pin.digest
  }

  static func isUsable(name: JSONString) -> Bool {
    name.utf8.count <= nameLimit && String(validating: name.utf8, as: UTF8.self) != nil
  }

  /// SHA-256 over a version tag, the kind and the canonical form, NUL between them: neither tag
  /// nor kind can hold one, so no two triples give the same bytes.
  public static func digest(kind: ItemKind, canonical: [UInt8]) -> Digest {
    unsafe canonical.withUnsafeBytes { unsafe digest(kind: kind, canonical: $0) }
  }

  static func digest(kind: ItemKind, canonical: UnsafeRawBufferPointer) -> Digest {
    var state = SHA256()
    state.update("cordon-item-v1\0".utf8)
    state.update(kind.rawValue.utf8)
    state.update(CollectionOfOne(0))
    unsafe state.update(canonical)
    return state.finish()
  }
}

/// Why a definition cannot be an item. It is then withheld.
public enum ItemError: Error, Equatable, Sendable, CustomStringConvertible {
  case notJSON(ItemKind, JSONError)
  case notAnObject(ItemKind)
  case notAList(ItemKind)
  case nameless(ItemKind)
  case nameTooLong(ItemKind, size: Int)
  case tooLarge(ItemKey, size: Int)
  case notText(ItemKind)

  public var description: String {
    switch self {
    case .notJSON(let kind, let error): "\(kind.withArticle) is not JSON: \(error)"
    case .notAnObject(let kind): "\(kind.withArticle) is not an object"
    case .notAList(let kind): "\(kind.withArticle) is not a list of contents"
    case .nameless(let kind): "\(kind.withArticle) has no name"
    case .nameTooLong(let kind, let size):
      "the name of \(kind.withArticle) has \(size) bytes, over the limit of \(Item.nameLimit)"
    case .tooLarge(let key, let size):
      "\(Rendering.name(key)) has \(size) bytes, over the limit of \(Item.sizeLimit)"
    case .notText(let kind): "\(kind.withArticle) is not text in UTF-8"
    }
  }
}

extension ItemError {
  /// The same error about an item of another name: one in which secrets are covered.
  public func renamed(_ name: (ItemKey) -> ItemKey) -> ItemError {
    switch self {
    case .tooLarge(let key, let size): .tooLarge(name(key), size: size)
    case .notJSON, .notAnObject, .notAList, .nameless, .nameTooLong, .notText: self
    }
  }
}
