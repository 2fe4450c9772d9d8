/// A server's name: `[A-Za-z0-9][A-Za-z0-9._-]{0,63}`, so that it is a file name everywhere.
public struct ServerName: Hashable, Sendable, CustomStringConvertible {
  public let text: String

  /// Nil where the text is not a name.
  public init?(_ text: String) {
    guard NameRule.admits(text) else { return nil }
    self.text = text
  }

  public var description: String { text }
}

/// The grammar that servers' and profiles' names share.
enum NameRule {
  static let longest = 64

  static func admits(_ text: String) -> Bool {
    guard let first = text.utf8.first, first.isLetter || first.isDigit else { return false }
    return text.utf8.count <= longest
      && text.utf8.allSatisfy {
        $0.isLetter || $0.isDigit || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "_")
          || $0 == UInt8(ascii: "-")
      }
  }

  static let hint =
    "a name has 1 to \(longest) letters, digits, '.', '_' and '-', and begins with a letter or digit"
}

/// A profile, as `extends`, `profile` and `--profile` name it.
public enum ProfileReference: Hashable, Sendable {
  /// Looked for in the configuration directories, then among those shipped.
  case named(String)
  /// An absolute path. Such a profile can't name programs to run.
  case path(String)

  /// What contains a slash or begins with `~` or `${` is a path.
  static func parse(
    _ text: String, expansion: PathExpansion
  ) throws(ValueFault) -> ProfileReference {
    if text.utf8.contains(UInt8(ascii: "/")) || text.hasPrefix("~") || text.hasPrefix("${") {
      return .path(try expansion.expand(text))
    }
    guard NameRule.admits(text) else {
      throw ValueFault(
        .badName, "\(Printable.quoted(text)) is not a profile's name", hint: NameRule.hint)
    }
    return .named(text)
  }
}
