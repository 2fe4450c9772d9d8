extension VisibleText {
  /// Whether a character can be shown as itself: it has a shape of its own, moves nothing, reorders
  /// nothing, and is not one of the marks that Cordon writes, nor looks like one.
  static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return scalar.value >= 0x20 && scalar.value != 0x7F }
    if isRightToLeft(scalar) || isLikeOwnMark(scalar) || isBlank(scalar) { return false }
    if isJoiningJamo(scalar) { return false }
    // Zero-width characters, bidirectional controls, variation selectors, the tag block, the soft
    // hyphen, fillers.
    if scalar.properties.isDefaultIgnorableCodePoint { return false }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator, .spaceSeparator:
      return false
    case .nonspacingMark, .spacingMark, .enclosingMark: return !drawsOverNeighbours(scalar)
    default:
      return true
    }
  }

  static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark: true
    default: false
    }
  }

  /// Columns on a terminal, never too few: a terminal set up for Chinese, Japanese or Korean draws
  /// much wide that others draw narrow, and an old one does not know every mark. So everything
  /// outside ASCII counts as wide; one that draws it narrower breaks a line early, and no more.
  static func width(_ scalar: Unicode.Scalar) -> Int {
    if scalar.isASCII { return 1 }
    guard isMark(scalar) else { return 2 }
    return (0x300...0x36F).contains(scalar.value) ? 0 : 1
  }

  /// Blocks whose characters are, or default to, the bidirectional classes R, AL and AN
  /// (DerivedBidiClass.txt). One such letter is enough for a bidirectional terminal to reorder what
  /// stands around it, marks of Cordon's included, so it is shown by its number.
  static func isRightToLeft(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x590...0x8FF, 0xFB1D...0xFDCF, 0xFDF0...0xFDFF, 0xFE70...0xFEFF, 0x10800...0x10FFF,
      0x1E800...0x1EFFF:
      true
    default: false
    }
  }

  /// Vowels and final consonants of Hangul that are drawn into the syllable before them. Terminals
  /// give them no width, so where there is no such syllable nothing is seen of them. No
  /// other letter, number or sign has the width 0 in glibc.
  static func isJoiningJamo(_ scalar: Unicode.Scalar) -> Bool {
    (0x1160...0x11FF).contains(scalar.value) || (0xD7B0...0xD7FF).contains(scalar.value)
  }

  /// `‹ › ⟦ ⟧`, and brackets that pass for them.
  private static func isLikeOwnMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x2039, 0x203A, 0x2329, 0x232A, 0x276C...0x2771, 0x27E6...0x27EB, 0x2983, 0x2984,
      0x29FC, 0x29FD, 0x301A, 0x301B, 0xFF3B, 0xFF3D:
      true
    default: false
    }
  }

  /// Symbols and letters without a shape.
  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x2800, 0xFFFC, 0x16FE4, 0x1D159: true
    default: false
    }
  }

  /// Marks that span two characters, enclose or strike through them: what they are drawn over may
  /// be Cordon's own.
  private static func drawsOverNeighbours(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.properties.generalCategory == .enclosingMark { return true }
    return switch scalar.value {
    case 0x334...0x338, 0x34F, 0x35C...0x362, 0x1DCD, 0x1DFC, 0x20D0...0x20FF, 0xFE20...0xFE2F:
      true
    default: false
    }
  }
}
