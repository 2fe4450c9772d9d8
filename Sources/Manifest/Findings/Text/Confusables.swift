/// Letters and digits that look like one of ASCII.
///
/// A small table of our own, of what is in "confusables.txt" of Unicode Technical Standard 39 for
/// letters that a name or an English word is written in; it leaves out what only looks alike in
/// some typefaces, and letters with accents, which languages need.
enum Confusables {
  /// The letter, digit or hyphen of ASCII, small, that a character looks like; nil where it is
  /// ASCII itself, or looks like none.
  static func ascii(_ scalar: Unicode.Scalar) -> UInt8? {
    let value = scalar.value
    switch value {
    case ..<0x80: return nil
    // Full width.
    case 0xFF01...0xFF5E: return Letters.small(UInt8(value - 0xFEE0))
    // Mathematical alphabets: thirteen of 52 letters each, then five of ten digits.
    case 0x1D400...0x1D6A3: return UInt8(ascii: "a") + UInt8((value - 0x1D400) % 26)
    case 0x1D7CE...0x1D7FF: return UInt8(ascii: "0") + UInt8((value - 0x1D7CE) % 10)
    // Circled, parenthesized and squared letters.
    case 0x24B6...0x24E9: return UInt8(ascii: "a") + UInt8((value - 0x24B6) % 26)
    case 0x249C...0x24B5: return UInt8(ascii: "a") + UInt8(value - 0x249C)
    case 0x1F110...0x1F129: return UInt8(ascii: "a") + UInt8(value - 0x1F110)
    case 0x1F130...0x1F149: return UInt8(ascii: "a") + UInt8(value - 0x1F130)
    case 0x1F150...0x1F169: return UInt8(ascii: "a") + UInt8(value - 0x1F150)
    case 0x1F170...0x1F189: return UInt8(ascii: "a") + UInt8(value - 0x1F170)
    default: return table[value]
    }
  }

  /// A mark that is drawn over the letter before it.
  static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x300...0x36F, 0x483...0x489, 0x1AB0...0x1AFF, 0x1DC0...0x1DFF, 0x20D0...0x20FF,
      0xFE20...0xFE2F:
      true
    default: false
    }
  }

  /// A letter or sign of which nothing is drawn where it stands by itself.
  static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isDefaultIgnorableCodePoint || VisibleText.isJoiningJamo(scalar)
  }

  private static let table: [UInt32: UInt8] = {
    var table: [UInt32: UInt8] = [:]
    for (letter, alike) in rows {
      for scalar in alike.unicodeScalars { table[scalar.value] = letter }
    }
    return table
  }()

  /// Cyrillic, Greek, Armenian, Cherokee, small capitals, letter-like symbols, Roman numerals and raised letters.
  private static let rows: [(UInt8, String)] = [
    (UInt8(ascii: "a"), "аАαΑɑᴀᎪᵃₐ⍺"),
    (UInt8(ascii: "b"), "ВвΒβЬьʙᏼᏴᵇℬƄ"),
    (UInt8(ascii: "c"), "сСϲϹᴄᏟⅽⅭℂℭᶜ"),
    (UInt8(ascii: "d"), "ԁԀᴅᎠⅾⅮⅆⅅᵈ"),
    (UInt8(ascii: "e"), "еЕёЁεΕᴇᎬℯℰⅇᵉₑҽ"),
    (UInt8(ascii: "f"), "ꜰℱϝᶠẝ"),
    (UInt8(ascii: "g"), "ɡɢցԌᏀℊᵍ"),
    (UInt8(ascii: "h"), "һҺНнհʜΗᎻℋℌℍℎʰₕ"),
    (UInt8(ascii: "i"), "іІїЇιΙıɩɪℐℑℹⅈⅰⅠᎥⁱᵢ"),
    (UInt8(ascii: "j"), "јЈϳյᴊᎫⅉʲⱼ"),
    (UInt8(ascii: "k"), "кКκΚᴋᏦKᵏₖ"),
    (UInt8(ascii: "l"), "ӏӀʟᏞℓℒⅼⅬˡₗ"),
    (UInt8(ascii: "m"), "мМΜᴍᎷⅿⅯℳᵐₘ"),
    (UInt8(ascii: "n"), "пΝηոɴℕⁿₙ"),
    (UInt8(ascii: "o"), "оОοΟσօՕᴏℴᵒₒ"),
    (UInt8(ascii: "p"), "рРρΡᴘᏢℙᵖₚ"),
    (UInt8(ascii: "q"), "ԛԚզℚ"),
    (UInt8(ascii: "r"), "гʀᎡᏒℛℜℝʳᵣ"),
    (UInt8(ascii: "s"), "ѕЅꜱᏚſˢₛ"),
    (UInt8(ascii: "t"), "тТτΤᴛᎢᵗₜ"),
    (UInt8(ascii: "u"), "υսᴜμᵘᵤ"),
    (UInt8(ascii: "v"), "ѵѴνᴠᏙⅴⅤᵛᵥ"),
    (UInt8(ascii: "w"), "ԝԜωաᴡᎳʷ"),
    (UInt8(ascii: "x"), "хХχΧⅹⅩˣₓ"),
    (UInt8(ascii: "y"), "уУүҮγΥʏʸ"),
    (UInt8(ascii: "z"), "ΖᴢᏃℤᶻ"),
    (UInt8(ascii: "3"), "зЗӠ"),
    (UInt8(ascii: "-"), "\u{2010}\u{2011}\u{2012}\u{2013}\u{2014}\u{2212}\u{FE63}"),
    (UInt8(ascii: "'"), "\u{2018}\u{2019}\u{02BC}"),
  ]
}
