/// Letters that are not those they look like.
enum ScriptRules {
  /// - Parameter isName: in a name one such letter is enough; in prose it takes a word that mixes them with
  ///   letters of ASCII, or is written in an alphabet for show.
  static func find(in text: FoldedText, isName: Bool, _ marks: inout Marks) {
    guard text.original.contains(where: { $0 >= 0x80 }) else { return }
    var word = WordLetters()
    var offset = 0
    func end(_ marks: inout Marks) {
      if word.isDisguised(isName: isName) {
        marks.add(
          .lookalikeLetters, word.start..<offset,
          "has a word with letters that are not those they look like")
      }
      word = WordLetters()
    }
    for scalar in String(decoding: text.original, as: UTF8.self).unicodeScalars {
      let isLetter = scalar.properties.isAlphabetic
      if isLetter {
        if word.count == 0 { word.start = offset }
        word.add(scalar)
      } else if !scalar.properties.isDefaultIgnorableCodePoint && !Confusables.isMark(scalar) {
        end(&marks)
      }
      offset += UTF8.width(scalar)
    }
    end(&marks)
  }

  private struct WordLetters {
    var start = 0
    var count = 0
    private var plain = 0
    private var alike = 0
    private var styled = 0
    private var others = 0

    mutating func add(_ scalar: Unicode.Scalar) {
      count += 1
      if scalar.isASCII {
        plain += 1
      } else if Confusables.ascii(scalar) == nil {
        others += 1
      } else if scalar.properties.generalCategory == .modifierLetter {
        plain += 1
      } else if scalar.value >= 0x1D400 || (0x1D00...0x1D22).contains(scalar.value) {
        styled += 1
      } else {
        alike += 1
      }
    }

    func isDisguised(isName: Bool) -> Bool {
      if isName { return styled > 0 || (alike > 0 && others == 0) }
      // Units such as those of microseconds are written with a letter of Greek.
      return styled > 2 || (alike > 0 && plain > 0 && others == 0 && count > 3)
    }
  }
}
