import JSON

/// The names that stand beside an item, as findings about it need them: made once for all items of a
/// record.
public struct NeighbourNames: Sendable {
  let tools: ToolNameRules.Names
  /// Of each kind, by what is left of a name that a person might take for another's; ascending.
  private var alike: [ItemKind: [[UInt8]: [JSONString]]] = [:]

  /// Of what is listed, or approved and not listed now.
  public init(_ record: ServerRecord) {
    var tools: [JSONString] = []
    for item in record.items.values where item.offered != nil || item.approved != nil {
      let (kind, name) = (item.key.kind, item.key.name)
      if kind == .tool { tools.append(name) }
      if !kind.isSingle {
        alike[kind, default: [:]][Lookalikes.shape(of: name), default: []].append(name)
      }
    }
    self.tools = ToolNameRules.Names(tools)
    for (kind, shapes) in alike { alike[kind] = shapes.mapValues { $0.sorted() } }
  }

  /// Other names of the kind that look like this one, the first of them.
  func alike(_ name: JSONString, _ kind: ItemKind, limit: Int) -> [JSONString] {
    let names = alike[kind]?[Lookalikes.shape(of: name)] ?? []
    return Array(names.lazy.filter { $0 != name }.prefix(limit))
  }
}
