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
    let read: Result<Item, ItemError> = unsafe bytes.withUnsafeBytes { buffer in
      var reader = unsafe ItemReader(buffer)
      do throws(ItemError) {
        return .success(reader.item(try reader.readContents(0..<buffer.count, of: uri)))
      } catch {
        return .failure(error)
      }
    }
    return try read.get()
  }

  /// One item as a server sent it: an object with its name, the instructions' string, or the
  /// capabilities' object. A tool's interface has no name of its own and is not read here.
  public static func read(_ kind: ItemKind, _ bytes: [UInt8]) throws(ItemError) -> Item {
    let read: Result<Item, ItemError> = unsafe bytes.withUnsafeBytes { buffer in
      var reader = unsafe ItemReader(buffer)
      do throws(ItemError) {
        return .success(reader.item(try reader.read(kind, 0..<buffer.count)))
      } catch {
        return .failure(error)
      }
    }
    return try read.get()
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
