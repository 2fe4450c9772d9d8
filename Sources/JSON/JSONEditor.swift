/// Changes members of objects in a document and leaves every other byte as it is.
///
/// A path names a member of the root, a member of that, and so on; keys match after resolving escapes.
public struct JSONEditor: Sendable {
  public private(set) var bytes: [UInt8]
  private let limits: JSONLimits

  public init(_ bytes: [UInt8], limits: JSONLimits = JSONLimits()) {
    self.bytes = bytes
    self.limits = limits
  }

  /// Replaces the member's value or adds the member as its object's last; objects that the path
  /// names and that are missing are added too. `value` is JSON already.
  ///
  /// Throws when the document is not valid, or when the path leads through something that is not an
  /// object; the document is then unchanged.
  public mutating func set(
    _ path: [JSONString], to value: some Collection<UInt8>
  ) throws(JSONEditError) {
    var within: Range<Int>?
    for (index, key) in path.enumerated() {
      let outline = try outline(within)
      guard outline.kind == .object else { throw .notAnObject(Array(path[..<index])) }
      guard let member = outline.member(key, in: bytes) else {
        add(key, Self.nest(path[(index + 1)...], around: value), to: outline)
        return
      }
      within = member.value
    }
    bytes.replaceSubrange(try root(unless: within), with: value)
  }

  /// Removes the member and one comma; false when there is no such member.
  @discardableResult
  public mutating func remove(_ path: [JSONString]) throws(JSONEditError) -> Bool {
    var within: Range<Int>?
    for (index, key) in path.enumerated() {
      let outline = try outline(within)
      guard let member = outline.members.firstIndex(where: { isKey(of: $0, key) }) else {
        return false
      }
      if index == path.count - 1 {
        bytes.removeSubrange(Self.extent(of: member, in: outline.members))
        return true
      }
      within = outline.members[member].value
    }
    return false
  }

  /// The range of the member's value; nil when there is none.
  public func value(at path: [JSONString]) throws(JSONEditError) -> Range<Int>? {
    var within: Range<Int>?
    for key in path {
      guard let member = try outline(within).member(key, in: bytes) else { return nil }
      within = member.value
    }
    return try root(unless: within)
  }

  private func outline(_ within: Range<Int>?) throws(JSONEditError) -> JSONOutline {
    do throws(JSONError) {
      return try JSONOutline.scan(bytes, in: within, limits: limits)
    } catch {
      throw .notJSON(error)
    }
  }

  private func root(unless within: Range<Int>?) throws(JSONEditError) -> Range<Int> {
    guard let within else { return try outline(nil).range }
    return within
  }

  private func isKey(of member: JSONOutline.Member, _ key: JSONString) -> Bool {
    unsafe bytes.withUnsafeBytes { buffer in
      unsafe JSONOutline.key(of: member, in: buffer) == key
    }
  }

  private mutating func add(_ key: JSONString, _ value: [UInt8], to outline: JSONOutline) {
    var addition: [UInt8] = outline.members.isEmpty ? [] : [Ascii.comma]
    StringWriting.write(key, escapingLineSeparators: true, to: &addition)
    addition.append(Ascii.colon)
    addition += value
    let end = outline.members.last?.value.upperBound ?? outline.range.lowerBound + 1
    bytes.insert(contentsOf: addition, at: end)
  }

  private static func nest(
    _ path: ArraySlice<JSONString>, around value: some Collection<UInt8>
  ) -> [UInt8] {
    var writer = JSONWriter()
    for key in path {
      writer.beginObject()
      writer.key(key)
    }
    writer.raw(value)
    for _ in path { writer.endObject() }
    return writer.bytes
  }

  /// From the member's opening quote to the next member's, or from the end of the one before.
  private static func extent(of index: Int, in members: [JSONOutline.Member]) -> Range<Int> {
    let member = members[index]
    if index + 1 < members.count {
      return (member.key.lowerBound - 1)..<(members[index + 1].key.lowerBound - 1)
    }
    let start = index > 0 ? members[index - 1].value.upperBound : member.key.lowerBound - 1
    return start..<member.value.upperBound
  }
}

public enum JSONEditError: Error, Equatable, Sendable {
  case notJSON(JSONError)
  /// The value at this path has no members.
  case notAnObject([JSONString])
}
