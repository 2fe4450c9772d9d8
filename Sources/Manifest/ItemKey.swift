public import JSON

/// Which item: its kind and its name, compared byte by byte.
public struct ItemKey: Hashable, Comparable, Sendable {
  public let kind: ItemKind
  /// Empty for the kinds that a server has one of.
  public let name: JSONString

  public init(_ kind: ItemKind, _ name: JSONString = JSONString(utf8: [])) {
    self.kind = kind
    self.name = name
  }

  public static func < (left: ItemKey, right: ItemKey) -> Bool {
    left.kind != right.kind ? left.kind < right.kind : left.name < right.name
  }
}

extension ItemKey {
  /// `tool:search`, as commands take it: the name percent-encoded, ASCII without anything that a
  /// shell would read.
  public var reference: String {
    kind.isSingle ? kind.rawValue : "\(kind.rawValue):\(PercentEncoding.encode(name.utf8))"
  }
}
