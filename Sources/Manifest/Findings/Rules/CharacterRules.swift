/// What is invisible in a text, or not what it seems.
enum CharacterRules {
  static func find(in text: [UInt8], _ marks: inout Marks) {
    guard text.contains(where: { $0 < 0x20 || $0 >= 0x7F }) else { return }
    var counts: [Finding.Rule: Int] = [:]
    var first: [(rule: Finding.Rule, range: Range<Int>)] = []
    var offset = 0
    var before: Unicode.Scalar?
    for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
      let width = UTF8.width(scalar)
      if let rule = rule(scalar, after: before) {
        if counts[rule] == nil { first.append((rule, offset..<(offset + width))) }
        counts[rule, default: 0] += 1
      }
      offset += width
      before = scalar
    }
    for (rule, range) in first { marks.add(rule, range, sentence(rule, counts[rule] ?? 0)) }
  }

  private static func rule(
    _ scalar: Unicode.Scalar, after before: Unicode.Scalar?
  ) -> Finding.Rule? {
    switch scalar.value {
    case 0x09, 0x0A: return nil
    // The second half of a line's end.
    case 0x0D: return .controlCharacters
    case 0x1B, 0x9B, 0x9D, 0x90: return .terminalSequences
    case ..<0x20, 0x7F...0x9F: return .controlCharacters
    case ..<0x7F: return nil
    case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: return .bidirectionalControls
    case 0xE0000...0xE007F: return .tagCharacters
    // After a symbol, one of these chooses between a picture and a sign.
    case 0xFE0E, 0xFE0F: return before.map(isSymbol) == true ? nil : .variationSelectors
    case 0xFE00...0xFE0D, 0xE0100...0xE01EF, 0x180B...0x180D, 0x180F: return .variationSelectors
    // Joins the parts of one picture.
    case 0x200D: return before.map(isSymbol) == true ? nil : .invisibleCharacters
    case 0x2800: return .invisibleCharacters
    default: break
    }
    if Confusables.isUnseen(scalar) { return .invisibleCharacters }
    switch scalar.properties.generalCategory {
    case .format, .privateUse, .unassigned, .surrogate: return .invisibleCharacters
    case .lineSeparator, .paragraphSeparator: return .controlCharacters
    default: return nil
    }
  }

  private static func isSymbol(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return "0123456789#*".unicodeScalars.contains(scalar) }
    return scalar.properties.isEmoji || scalar.value == 0xFE0F
  }

  private static func sentence(_ rule: Finding.Rule, _ count: Int) -> String {
    func counted(_ one: String) -> String { count == 1 ? "has one \(one)" : "has \(count) \(one)s" }
    return switch rule {
    case .tagCharacters:
      "\(counted("invisible letter")) of the tag block: a model reads them, nobody sees them"
    case .bidirectionalControls:
      "\(counted("character")) that can show text in another order than it is read"
    case .variationSelectors: "\(counted("variation selector")), which can carry hidden data"
    case .terminalSequences: "\(counted("terminal sequence")), which a terminal would carry out"
    case .controlCharacters: "\(counted("control character"))"
    default: "\(counted("character")) that cannot be seen"
    }
  }
}
