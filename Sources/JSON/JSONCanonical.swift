/// The form of a value that does not depend on how it was written: RFC 8785.
public enum JSONCanonical {
  /// What becomes of a number whose double it shares with another number.
  public enum Numbers: Sendable {
    /// Its source text, so that two different numbers never have one form.
    case faithful
    /// The double, as RFC 8785 says; a number beyond all doubles keeps its text.
    case rfc8785
  }

  /// Keys in the order of their UTF-16 code units, no white space, as few escapes as possible, numbers
  /// by ECMAScript's rules.
  public static func write(_ node: JSONNode, numbers: Numbers = .faithful) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(node.range.count)
    write(node, numbers, to: &output)
    return output
  }

  /// Recursion is bounded by the reader's depth.
  private static func write(_ node: JSONNode, _ numbers: Numbers, to output: inout [UInt8]) {
    switch node.value {
    case .null: output += "null".utf8
    case .bool(let bool): output += bool ? "true".utf8 : "false".utf8
    case .number(let number): write(number, numbers, to: &output)
    case .string(let string):
      StringWriting.write(string, escapingLineSeparators: false, to: &output)
    case .array(let elements):
      output.append(Ascii.openBracket)
      for (index, element) in elements.enumerated() {
        if index > 0 { output.append(Ascii.comma) }
        write(element, numbers, to: &output)
      }
      output.append(Ascii.closeBracket)
    case .object(let members):
      output.append(Ascii.openBrace)
      let sorted = members.sorted { precedes($0.key, $1.key) }
      for (index, member) in sorted.enumerated() {
        if index > 0 { output.append(Ascii.comma) }
        StringWriting.write(member.key, escapingLineSeparators: false, to: &output)
        output.append(Ascii.colon)
        write(member.value, numbers, to: &output)
      }
      output.append(Ascii.closeBrace)
    }
  }

  static func write(_ number: JSONNumber, _ numbers: Numbers, to output: inout [UInt8]) {
    guard let double = number.double, numbers == .rfc8785 || number.isExactInDouble else {
      output += number.source.utf8
      return
    }
    Decimal(Array(double.description.utf8)).writeAsECMAScript(to: &output)
  }

  /// The order of UTF-16 code units, told from UTF-8: it differs from the order of bytes only in that
  /// U+E000 to U+FFFF (lead bytes EE and EF) come after everything above U+FFFF (F0 to F4).
  static func precedes(_ left: JSONString, _ right: JSONString) -> Bool {
    for (one, two) in zip(left.utf8, right.utf8) where one != two {
      return rank(one) < rank(two)
    }
    return left.utf8.count < right.utf8.count
  }

  static func rank(_ byte: UInt8) -> UInt8 {
    byte == 0xEE || byte == 0xEF ? byte + 0x10 : byte
  }
}
