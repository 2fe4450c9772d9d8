import Manifest

/// Text for a message, made unable to steer the terminal it is printed on.
///
/// Newlines and tabs stay: a message about a file shows its line. Every other control character,
/// and what would reorder or hide text, becomes `‹U+202E›`.
enum Printable {
  static func text(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isDeceiving) else { return text }
    var safe = ""
    for scalar in text.unicodeScalars {
      if isDeceiving(scalar) {
        safe += escaped(scalar)
      } else {
        safe.unicodeScalars.append(scalar)
      }
    }
    return safe
  }

  /// By the rules of `Rendering`, whose marks are let through: a message may quote what was made
  /// visible already.
  static func isDeceiving(_ scalar: Unicode.Scalar) -> Bool {
    if ["\n", "\t", "‹", "›", "⟦", "⟧"].contains(scalar) { return false }
    return !Rendering.isShown(scalar)
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "‹U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "›"
  }
}
