extension VisibleText {
  /// Whether a character can be shown as itself: it has a shape of its own, moves nothing, and is
  /// not one of the marks that Cordon writes.
  static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return scalar.value >= 0x20 && scalar.value != 0x7F }
    switch scalar {
    case "‹", "›", "⟦", "⟧": return false
    // Blank, though a symbol.
    case "\u{2800}": return false
    default: break
    }
    // Zero-width characters, bidirectional controls, variation selectors, the tag block, the soft
    // hyphen, fillers.
    if scalar.properties.isDefaultIgnorableCodePoint { return false }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator, .spaceSeparator:
      return false
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

  /// Columns on a terminal, never too few: what may be wide counts as wide.
  static func width(_ scalar: Unicode.Scalar) -> Int {
    if scalar.value < 0x1100 { return isMark(scalar) ? 0 : 1 }
    return isMark(scalar) ? 0 : 2
  }
}
