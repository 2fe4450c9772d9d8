import JSON

/// The canonical form of a canonical form is itself, and means what the document meant.
enum CanonicalEntry {
  static func check(_ input: [UInt8]) -> String? {
    if let difference = checkReader(input) { return difference }
    guard let tree = parse(input) else { return nil }
    for numbers in [JSONCanonical.Numbers.faithful, .rfc8785] {
      let canonical = JSONCanonical.write(tree, numbers: numbers)
      guard let again = parse(canonical) else { return "\(numbers): cannot be read" }
      guard Meaning.isSame(tree, again, exact: numbers == .faithful) else {
        return "\(numbers): means something else"
      }
      guard JSONCanonical.write(again, numbers: numbers) == canonical else {
        return "\(numbers): is not the form of itself"
      }
      guard isSorted(again) else { return "\(numbers): keys are out of order" }
    }
    return checkWriter(tree)
  }

  /// The quick way to the canonical form gives what the way through a tree does.
  private static func checkReader(_ input: [UInt8]) -> String? {
    for numbers in [JSONCanonical.Numbers.faithful, .rfc8785] {
      var (quick, plain): ([UInt8]?, [UInt8]?)
      var (refusal, plainRefusal): (JSONError?, JSONError?)
      do throws(JSONError) {
        quick = try JSONCanonical.read(input, numbers: numbers)
      } catch {
        refusal = error
      }
      do throws(JSONError) {
        plain = JSONCanonical.write(try JSONReader.parse(input), numbers: numbers)
      } catch {
        plainRefusal = error
      }
      guard quick == plain, refusal == plainRefusal else {
        return "\(numbers): read as another form than a tree has"
      }
    }
    return nil
  }

  /// What Cordon itself writes is one line, whatever the strings hold.
  private static func checkWriter(_ tree: JSONNode) -> String? {
    var writer = JSONWriter()
    write(tree, to: &writer)
    guard SingleLine.holds(writer.bytes) else { return "written on more than one line" }
    guard let again = parse(writer.bytes) else { return "written so that it cannot be read" }
    return Meaning.isSame(tree, again, exact: true) ? nil : "written as something else"
  }

  private static func write(_ node: JSONNode, to writer: inout JSONWriter) {
    switch node.value {
    case .null: writer.null()
    case .bool(let bool): writer.bool(bool)
    case .number(let number):
      if let integer = number.int64 { writer.int(integer) } else { writer.raw(number.source.utf8) }
    case .string(let string): writer.string(string)
    case .array(let elements):
      writer.array { writer in for element in elements { write(element, to: &writer) } }
    case .object(let members):
      writer.object { writer in
        for member in members { writer.member(member.key) { write(member.value, to: &$0) } }
      }
    }
  }

  /// By UTF-16 code units, as RFC 8785 has it.
  private static func isSorted(_ node: JSONNode) -> Bool {
    switch node.value {
    case .array(let elements): return elements.allSatisfy(isSorted)
    case .object(let members):
      let keys = members.map { Array(String(decoding: $0.key.utf8, as: UTF8.self).utf16) }
      return zip(keys, keys.dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) }
        && members.allSatisfy { isSorted($0.value) }
    default: return true
    }
  }

  private static func parse(_ bytes: [UInt8]) -> JSONNode? {
    do throws(JSONError) {
      return try JSONReader.parse(bytes)
    } catch {
      return nil
    }
  }
}
