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
    guard path.first == UInt8(ascii: "/") else {
      throw ValueFault(
        .badPath, "\(Printable.quoted(text)) is not an absolute path",
        hint: "begin it with / or ~/; nothing is taken from the working directory")
    }
    // By bytes, as the kernel does: a `Character` may be a slash with a combining mark.
    var plain: [UInt8] = []
    for component in path.split(separator: UInt8(ascii: "/")) {
      if component.elementsEqual(".".utf8) { continue }
      if component.elementsEqual("..".utf8) {
        throw ValueFault(
          .badPath, "\(Printable.quoted(text)) has \"..\" in it",
          hint: "write the path that is meant")
      }
      guard component.count < 256 else {
        throw ValueFault(.badPath, "\(Printable.quoted(text)) has a part of over 255 bytes")
      }
      plain += [UInt8(ascii: "/")] + component
    }
    guard plain.count < 4096 else {
      throw ValueFault(.badPath, "a path of \(plain.count) bytes is longer than the kernel takes")
    }
    return plain.isEmpty ? "/" : String(decoding: plain, as: UTF8.self)
  }

  private func replaceTilde(in text: String) throws(ValueFault) -> [UInt8] {
    let bytes = Array(text.utf8)
    guard bytes.first == UInt8(ascii: "~") else { return bytes }
    guard bytes.count == 1 || bytes[1] == UInt8(ascii: "/") else {
      throw ValueFault(
        .badPath, "\(Printable.quoted(text)): the home of another user is not expanded",
        hint: "write its absolute path")
    }
    return Array("${HOME}".utf8) + bytes.dropFirst()
  }

  private func replaceVariables(in bytes: [UInt8]) throws(ValueFault) -> [UInt8] {
    let text = String(decoding: bytes, as: UTF8.self)
    var result: [UInt8] = []
    var rest = bytes[...]
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
    return result
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
