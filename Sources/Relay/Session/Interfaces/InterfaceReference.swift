import JSON

/// What a tool has a host render: MCP Apps name it in the tool's `_meta`.
enum InterfaceReference {
  /// The URIs that a tool names, in today's form and in the older one.
  ///
  /// - Parameter canonical: the tool in canonical form, in which no ASCII is escaped.
  static func uris(inTool canonical: UnsafeRawBufferPointer) -> [JSONString] {
    let line = unsafe Line(canonical)
    // Few tools have one, and looking for the word is cheaper than reading the object.
    guard line.contains("resourceUri"),
      let meta = ObjectView(line, 0..<line.count)?.object("_meta")
    else { return [] }
    let uris = [meta.object("ui")?.string("resourceUri"), meta.string("ui/resourceUri")]
    return uris.compactMap(\.self)
  }

  /// Whether a URI has the scheme that is kept for them. Schemes have no case, and readers drop white
  /// space and control characters before one.
  static func isInterface(_ uri: JSONString) -> Bool {
    let letters = uri.utf8.lazy.filter { $0 > 0x20 && $0 != 0x7F }.prefix(3)
    return letters.map { $0 | 0x20 }.elementsEqual("ui:".utf8)
  }
}
