import JSON
import Manifest

/// An item's whole content as indented lines that a person can read.
///
/// Every string the server wrote goes through `Rendering`, is quoted or stands behind a bar, and
/// is broken to the terminal's width: nothing of it can begin a line, or look like Cordon's words.
struct BodyLines {
  private let columns: Int
  private(set) var lines: [String] = []

  /// - Parameter canonical: the item's canonical form.
  static func of(_ canonical: [UInt8], columns: Int) -> [String] {
    var body = BodyLines(columns: columns)
    do throws(JSONError) {
      body.add(try JSONReader.parse(canonical), label: "text", depth: 0, isRoot: true)
    } catch {
      // Never written by Cordon; shown whole all the same, for a person to refuse.
      body.addText(canonical, label: "not JSON", depth: 0)
    }
    return body.lines
  }

  private init(columns: Int) {
    self.columns = columns
  }

  private mutating func add(_ node: JSONNode, label: String, depth: Int, isRoot: Bool = false) {
    switch node.value {
    case .null: addPlain("\(label): null", depth)
    case .bool(let value): addPlain("\(label): \(value)", depth)
    case .number(let number): addText(number.source.utf8, label: label, depth: depth, quoted: false)
    case .string(let text): addText(text.utf8, label: label, depth: depth)
    case .array(let elements):
      guard !elements.isEmpty else { return addPlain("\(label): []", depth) }
      if !isRoot { addPlain("\(label):", depth) }
      for (index, element) in elements.enumerated() {
        add(element, label: "[\(index)]", depth: isRoot ? depth : depth + 1)
      }
    case .object(let members):
      guard !members.isEmpty else { return addPlain("\(label): {}", depth) }
      if !isRoot { addPlain("\(label):", depth) }
      for member in isRoot ? Self.inReadingOrder(members) : members {
        let key = Rendering.line(member.key, limit: 100)
        add(member.value, label: key, depth: isRoot ? depth : depth + 1)
      }
    }
  }

  /// What the model reads first comes first; the rest in canonical order.
  private static func inReadingOrder(_ members: [JSONMember]) -> [JSONMember] {
    let first: [JSONString] = ["name", "title", "description"]
    return first.compactMap { key in members.first { $0.key == key } }
      + members.filter { !first.contains($0.key) }
  }

  private mutating func addPlain(_ text: String, _ depth: Int) {
    addRows(Array(text.utf8), first: margin(depth), rest: margin(depth + 1), isRendered: true)
  }

  private mutating func addText(
    _ bytes: [UInt8], label: String, depth: Int, quoted: Bool = true
  ) {
    if !quoted { return addPlain("\(label): \(Rendering.line(bytes))", depth) }
    let line = "\(label): \"\(Rendering.line(bytes))\""
    if !bytes.contains(UInt8(ascii: "\n")), margin(depth).count + line.utf8.count <= columns {
      lines.append(margin(depth) + line)
      return
    }
    lines.append("\(margin(depth))\(label):")
    addRows(bytes, first: margin(depth + 1) + "| ", rest: margin(depth + 1) + "| ")
  }

  private mutating func addRows(
    _ bytes: [UInt8], first: String, rest: String, isRendered: Bool = false
  ) {
    if isRendered, let text = String(validating: bytes, as: UTF8.self),
      first.count + text.utf8.count <= columns
    {
      lines.append(first + text)
      return
    }
    let rows = Rendering.lines(bytes, width: columns - rest.count)
    for (index, row) in rows.enumerated() { lines.append((index == 0 ? first : rest) + row) }
  }

  /// Deep levels share a margin, so that a nesting of 128 does not leave the screen.
  private func margin(_ depth: Int) -> String {
    String(repeating: " ", count: min(2 * depth, 24))
  }
}
