import CLinux
import Glibc
import JSON
import MCP

/// The bytes of one line, lent for the length of a call.
///
/// The receive buffer owns them; a line is made when its handling begins and dropped before the
/// buffer is touched again. Every read is checked against the end.
@safe
struct Line {
  let bytes: UnsafeRawBufferPointer

  init(_ bytes: UnsafeRawBufferPointer) {
    unsafe self.bytes = unsafe bytes
  }

  var count: Int { unsafe bytes.count }

  subscript(_ offset: Int) -> UInt8 {
    precondition(offset >= 0 && offset < count)
    return unsafe bytes[offset]  // in bounds: the line above
  }

  func copy(_ range: Range<Int>) -> [UInt8] {
    unsafe Array(bytes[range])
  }

  func contains(_ word: StaticString) -> Bool {
    guard let base = unsafe bytes.baseAddress else { return false }
    // Both lengths are those of the memory behind them.
    return unsafe clinux_contains(base, count, word.utf8Start, word.utf8CodeUnitCount) != 0
  }

  /// Whether the range holds just these bytes.
  func has(_ value: [UInt8], at range: Range<Int>) -> Bool {
    guard value.count == range.count, !range.isEmpty else { return false }
    return unsafe value.withUnsafeBytes { value in
      guard let known = value.baseAddress, let base = unsafe bytes[range].base.baseAddress else {
        return false
      }
      // Slicing has checked the range, and both are as long as it is.
      return unsafe memcmp(base + range.lowerBound, known, range.count) == 0
    }
  }

  /// Another line's worth: an element of a batch.
  func part(_ range: Range<Int>) -> Line {
    unsafe Line(UnsafeRawBufferPointer(rebasing: bytes[range]))
  }

  func append(_ range: Range<Int>, to output: inout [UInt8]) {
    unsafe output.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[range]))
  }

  /// The whole line as one that every reader splits alike, its newline included.
  func terminated(isOneLine: Bool) -> [UInt8] {
    var output = isOneLine ? copy(0..<count) : unsafe OneLine.rewrite(bytes)
    output.append(UInt8(ascii: "\n"))
    return output
  }

  /// A string value; nil for every other kind.
  func string(_ range: Range<Int>) -> JSONString? {
    guard range.count >= 2, self[range.lowerBound] == UInt8(ascii: "\"") else { return nil }
    let inner = copy((range.lowerBound + 1)..<(range.upperBound - 1))
    guard inner.contains(UInt8(ascii: "\\")) else { return JSONString(utf8: inner) }
    do throws(JSONError) {
      return try JSONReader.parse(copy(range)).string
    } catch {
      return nil
    }
  }
}

/// An object somewhere in a line, its members found without building a tree.
struct ObjectView {
  let line: Line
  let outline: JSONOutline

  /// Nil where the value is not an object.
  init?(_ line: Line, _ range: Range<Int>?) {
    guard let range else { return nil }
    do throws(JSONError) {
      let outline = try unsafe JSONOutline.scan(
        line.bytes, in: range, limits: JSONLimits(size: JSONLimits.maximumSize))
      guard outline.kind == .object else { return nil }
      self.outline = outline
      self.line = line
    } catch {
      // The line was read strictly as a whole, so that none of its values can fail here.
      return nil
    }
  }

  func member(_ key: JSONString) -> JSONOutline.Member? {
    unsafe outline.member(key, in: line.bytes)
  }

  /// Whether a reader without regard to case could take another member for one of these.
  func hasLookalike(of keys: [JSONString]) -> Bool {
    keys.contains { unsafe outline.lookalike(of: $0, in: line.bytes) != nil }
  }

  /// Whether a reader, with regard to case or without, could take the member for this one.
  func couldBe(_ member: JSONOutline.Member, _ key: JSONString) -> Bool {
    unsafe JSONOutline.key(of: member, in: line.bytes) == key || isLookalike(member, of: key)
  }

  /// Whether a reader without regard to case could take the member for this one, which it is not.
  func isLookalike(_ member: JSONOutline.Member, of key: JSONString) -> Bool {
    unsafe JSONOutline.isLookalike(member, of: key, in: line.bytes)
  }

  func string(_ key: JSONString) -> JSONString? {
    member(key).flatMap { line.string($0.value) }
  }

  /// The strings of an array; empty where it is none.
  func strings(_ key: JSONString) -> [JSONString] {
    guard let member = member(key) else { return [] }
    do throws(JSONError) {
      return try JSONReader.parse(line.copy(member.value)).array?.compactMap(\.string) ?? []
    } catch {
      // The line was read strictly as a whole; only more values than a tree may have can fail here.
      return []
    }
  }

  /// An id, such as that of the request which a cancellation names.
  func id(_ key: JSONString) -> MessageID? {
    member(key).flatMap { unsafe MessageID(at: $0.value, in: line.bytes) }
  }

  func object(_ key: JSONString) -> ObjectView? {
    member(key).flatMap { ObjectView(line, $0.value) }
  }

  func raw(_ key: JSONString) -> [UInt8]? {
    member(key).map { line.copy($0.value) }
  }

  func isTrue(_ key: JSONString) -> Bool {
    member(key).map { line.copy($0.value) == Array("true".utf8) } ?? false
  }

  /// The object again with some of its members replaced (nil: left out) and others added at the
  /// end; what stays keeps its bytes and its order.
  func rewritten(
    _ replacements: [(member: JSONOutline.Member?, value: [UInt8]?)],
    adding additions: [(key: String, value: [UInt8])] = []
  ) -> [UInt8] {
    var output: [UInt8] = [UInt8(ascii: "{")]
    func separate() {
      if output.count > 1 { output.append(UInt8(ascii: ",")) }
    }
    // By where the key begins: an object may have very many members.
    var changes: [Int: [UInt8]?] = [:]
    for (member, value) in replacements {
      if let member { changes.updateValue(value, forKey: member.key.lowerBound) }
    }
    for member in outline.members {
      let change = changes[member.key.lowerBound]
      if case .some(.none) = change { continue }
      separate()
      output.append(UInt8(ascii: "\""))
      line.append(member.key, to: &output)
      output += "\":".utf8
      if case .some(.some(let value)) = change {
        output += value
      } else {
        line.append(member.value, to: &output)
      }
    }
    for addition in additions {
      separate()
      output += "\"\(addition.key)\":".utf8
      output += addition.value
    }
    output.append(UInt8(ascii: "}"))
    return output
  }
}
