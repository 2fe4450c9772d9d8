/// Turns a path as written into an absolute one. `~` and `${HOME}` at the beginning and
/// `${SERVER}` anywhere are expanded; nothing else is.
public struct PathExpansion: Sendable {
  /// The caller's home as the password database gives it, never `$HOME`.
  public let home: String
  public let server: String

  public init(home: String, server: String) {
    self.home = home
    self.server = server
  }

  /// - Returns: an absolute path without empty, `.` or `..` components and without a final slash.
  ///   Symbolic links are not looked at.
  func expand(_ text: String) throws(ValueFault) -> String {
    guard !text.isEmpty else { throw ValueFault(.badPath, "a path can't be empty") }
    guard !text.hasControlCharacter else {
      throw ValueFault(.badPath, "\(Printable.quoted(text)) has a control character in it")
    }
    let path = try replaceVariables(in: replaceTilde(in: text))
    guard path.utf8.first == UInt8(ascii: "/") else {
      throw ValueFault(
        .badPath, "\(Printable.quoted(text)) is not an absolute path",
        hint: "begin it with / or ~/; nothing is taken from the working directory")
    }
    var components: [Substring] = []
    for component in path.split(separator: "/") where component != "." {
      if component == ".." {
        throw ValueFault(
          .badPath, "\(Printable.quoted(text)) has \"..\" in it",
          hint: "write the path that is meant")
      }
      components.append(component)
    }
    let plain = "/" + components.joined(separator: "/")
    guard plain.utf8.count < 4096 else {
      throw ValueFault(
        .badPath, "a path of \(plain.utf8.count) bytes is longer than the kernel takes")
    }
    return plain
  }

  private func replaceTilde(in text: String) throws(ValueFault) -> String {
    guard text.utf8.first == UInt8(ascii: "~") else { return text }
    let rest = text.dropFirst()
    guard rest.isEmpty || rest.utf8.first == UInt8(ascii: "/") else {
      throw ValueFault(
        .badPath, "\(Printable.quoted(text)): the home of another user is not expanded",
        hint: "write its absolute path")
    }
    return "${HOME}" + rest
  }

  private func replaceVariables(in text: String) throws(ValueFault) -> String {
    var result: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "$"), rest.first == UInt8(ascii: "{") else {
        result.append(byte)
        continue
      }
      guard let end = rest.firstIndex(of: UInt8(ascii: "}")) else {
        throw ValueFault(.badPath, "\(Printable.quoted(text)) has \"${\" without \"}\"")
      }
      let name = String(decoding: rest[(rest.startIndex + 1)..<end], as: UTF8.self)
      rest = rest[(end + 1)...]
      switch name {
      case "SERVER":
        result.append(contentsOf: server.utf8)
      case "HOME" where result.isEmpty:
        guard home.utf8.first == UInt8(ascii: "/") else {
          throw ValueFault(
            .badPath, "\(Printable.quoted(text)): the caller has no home in the password database")
        }
        result.append(contentsOf: home.utf8)
      case "HOME":
        throw ValueFault(
          .badPath, "\(Printable.quoted(text)): ${HOME} is expanded at the beginning only")
      default:
        throw ValueFault(
          .badPath, "${\(Printable.text(name.unicodeScalars))} is not expanded in a path",
          hint: Suggestion.hint(for: name, in: ["HOME", "SERVER"]))
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}

/// How absolute paths lie to each other, by their components.
public enum PathOrder {
  /// Whether the path is the other one or lies below it.
  public static func contains(_ outer: String, _ path: String) -> Bool {
    outer.utf8.elementsEqual("/".utf8) || path.hasSameBytes(as: outer)
      || path.utf8.starts(with: (outer + "/").utf8)
  }

  /// Whether one of the two contains the other.
  public static func overlap(_ first: String, _ second: String) -> Bool {
    contains(first, second) || contains(second, first)
  }
}
