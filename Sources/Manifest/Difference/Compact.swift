import JSON

/// Values with fields of their own that are shown as one: short, and of one class.
enum Compact {
  private static let limit = 96
  private static let wordLimit = 40

  /// The class that all of a value has; nil where its fields are better shown one by one.
  ///
  /// A title that repeats the name beside it counts with that name, which is structure.
  ///
  /// - Parameter name: what the item is called.
  static func fieldClass(
    _ node: JSONNode, _ context: FieldContext, at path: FieldPath, of name: JSONString?
  ) -> Difference.Class? {
    guard !DifferenceWalk.isScalar(node), node.range.count <= limit, context != .schemas else {
      return nil
    }
    if let elements = node.array, !elements.isEmpty,
      elements.allSatisfy({ $0.string.map { $0.utf8.count <= wordLimit } ?? false }),
      context == .text || context == .choices
    {
      return .modelText
    }
    var classes: Set<Difference.Class> = []
    collect(node, context, at: path, of: name, &classes)
    guard let only = classes.first, classes.count == 1 else { return nil }
    return only == .structure || only == .appearance ? only : nil
  }

  private static func collect(
    _ node: JSONNode, _ context: FieldContext, at path: FieldPath, of name: JSONString?,
    _ classes: inout Set<Difference.Class>
  ) {
    if let members = node.object, !members.isEmpty {
      for member in members {
        let isProse = !FieldPath.isPlain(member.key)
        if isProse && !context.isAppearance && context != .structure {
          classes.insert(.modelText)
        }
        collect(
          member.value, context.member(member.key, of: members),
          at: path.appending(.key(member.key)), of: name,
          &classes)
      }
    } else if let elements = node.array, !elements.isEmpty {
      for element in elements { collect(element, context, at: path, of: name, &classes) }
    } else if !RepeatedTitle.isOne(node.string, at: path, of: name) {
      classes.insert(context.fieldClass(node, at: path, isNewKey: false))
    }
  }
}
