import JSON

/// What a tool has a host render: MCP Apps, and what was before them, name it in the tool's `_meta`.
enum InterfaceReference {
  /// The URIs that a tool names, in today's form and in the older ones.
  ///
  /// - Parameter canonical: the tool in canonical form, in which no ASCII is escaped.
  static func uris(inTool canonical: UnsafeRawBufferPointer) -> [JSONString] {
    let line = unsafe Line(canonical)
    // Few tools have one, and looking for the word is cheaper than reading the object.
    guard line.contains("resourceUri") || line.contains("openai/outputTemplate"),
      let meta = ObjectView(line, 0..<line.count)?.object("_meta")
    else { return [] }
    let uris = [
      meta.object("ui")?.string("resourceUri"), meta.string("ui/resourceUri"),
      meta.string("openai/outputTemplate"),
    ]
    return uris.compactMap(\.self)
  }

  /// Whether a URI has the scheme that is kept for them. Schemes have no case, and readers drop white
  /// space and control characters before one.
  static func isInterface(_ uri: JSONString) -> Bool {
    let letters = uri.utf8.lazy.filter { $0 > 0x20 && $0 != 0x7F }.prefix(3)
    return letters.map { $0 | 0x20 }.elementsEqual("ui:".utf8)
  }
  /// Whether a MIME type is one of those that hosts render with scripts, `text/html;profile=mcp-app`
  /// or `text/html+skybridge`: case, white space, quotes and other parameters change nothing of it.
  static func isApp(_ type: JSONString) -> Bool {
    let letters = type.utf8.map { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 ? $0 | 0x20 : $0 }
    // Readers may take U+212A for the `k`, and U+017F for the `s`.
    return unsafe letters.withUnsafeBytes {
      let line = unsafe Line($0)
      return line.contains("mcp-app") || line.contains("ybridge")
    }
  }

  /// Whether an answer to `resources/read` has something of such a type.
  static func isInterface(_ message: Received) -> Bool {
    let line = message.line
    // Every way to write one of the two has one of these in it.
    guard
      line.contains("p-a") || line.contains("p-A") || line.contains("P-a") || line.contains("P-A")
        || line.contains("yb") || line.contains("yB") || line.contains("Yb")
        || line.contains("YB") || line.contains("\\u")
    else { return false }
    let contents = message.result?.entries(like: "contents") ?? []
    return contents.contains { $0.strings(like: "mimeType").contains(where: isApp) }
  }
}

extension ObjectView {
  /// The objects in the array with this key, and in those that some readers take for it.
  func entries(like key: JSONString) -> [ObjectView] {
    outline.members.filter { couldBe($0, key) }.flatMap { member in
      do throws(JSONError) {
        return try unsafe JSONOutline.scan(line.bytes, in: member.value).elements
          .compactMap { ObjectView(line, $0) }
      } catch {
        // The line was read strictly as a whole: what fails here is no array.
        return []
      }
    }
  }

  /// The strings with this key, and with those that some readers take for it.
  func strings(like key: JSONString) -> [JSONString] {
    outline.members.filter { couldBe($0, key) }.compactMap { line.string($0.value) }
  }
}
