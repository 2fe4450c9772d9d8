/// Text for a terminal: what a file says must not be able to draw on it.
enum Printable {
  /// Tabs become one space; controls, format characters (bidirectional, zero-width, tags), private
  /// and unassigned ones become visible, such as `‹U+202E›`.
  static func text(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    var shown = String.UnicodeScalarView()
    for scalar in scalars {
      switch scalar.properties.generalCategory {
      case _ where scalar == "\t":
        shown.append(" ")
      case .control, .format, .privateUse, .unassigned, .surrogate, .lineSeparator,
        .paragraphSeparator:
        shown.append(contentsOf: "‹U+\(hexadecimal(scalar.value))›".unicodeScalars)
      default:
        shown.append(scalar)
      }
    }
    return String(shown)
  }

  /// A word from a file in quotes, shortened where it is long.
  static func quoted(_ word: String) -> String {
    let shown = text(word.unicodeScalars)
    return shown.count > 80 ? "\"\(shown.prefix(79))…\"" : "\"\(shown)\""
  }

  private static func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(4 - digits.count, 0)) + digits
  }
}
