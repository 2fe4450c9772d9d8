import JSON

extension LayerDecoder {
  func decodeFilesystem(
    _ cursor: Cursor?, into layer: inout ProfileLayer
  ) throws(ProfileError) {
    guard let cursor else { return }
    layer.readOnly = try paths(cursor.child("readOnly"), grantPath)
    layer.readWrite = try paths(cursor.child("readWrite"), grantPath)
    layer.sockets = try paths(cursor.child("sockets"), socketPath)
    layer.home = try cursor.child("home")?.choice()
    layer.temporary = try cursor.child("temporary")?.size(LimitValue.temporary)
  }

  func grantPath(_ text: String) throws(ValueFault) -> String {
    try GrantPath.parse(text, expansion: expansion)
  }

  private func socketPath(_ text: String) throws(ValueFault) -> String {
    try GrantPath.parseSocket(text, expansion: expansion)
  }

  /// A list of strings and of objects with `path` and `optional`.
  private func paths(
    _ cursor: Cursor?, _ read: (String) throws(ValueFault) -> String
  ) throws(ProfileError) -> [Sourced<PathGrant>] {
    guard let cursor else { return [] }
    var grants: [Sourced<PathGrant>] = []
    for element in try cursor.elements() {
      var path = element
      var isOptional = false
      if element.node.object != nil {
        guard let named = element.child("path") else {
          throw element.failure(
            .missingKey, "\(element.label) has no \"path\"",
            hint: #"as in { "path": "~/notes", "optional": true }"#)
        }
        path = named
        isOptional = try element.child("optional")?.truth() ?? false
      } else if element.node.string == nil {
        throw element.wrongType("a path, or an object with one")
      }
      let text = try path.value(read)
      grants.append(Sourced(PathGrant(text.value, isOptional: isOptional), text.origin))
    }
    return grants
  }
}
