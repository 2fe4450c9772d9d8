/// A variable in the server's environment.
public struct Variable: Hashable, Sendable {
  public enum Value: Hashable, Sendable {
    /// The caller's value, where the caller has one.
    case passed
    case literal(String)
  }

  public let name: String
  public let value: Value
}

/// What may be said of environment variables.
public enum VariableRule {
  /// `[A-Za-z_][A-Za-z0-9_]*`, as POSIX has it.
  static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, first.isLetter || first == UInt8(ascii: "_") else {
      return false
    }
    return text.utf8.count <= 256
      && text.utf8.allSatisfy { $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "_") }
  }

  static func name(_ text: String) throws(ValueFault) -> String {
    guard isName(text) else {
      throw ValueFault(
        .badVariable, "\(Printable.quoted(text)) is not a variable's name",
        hint: "letters, digits and '_', not beginning with a digit")
    }
    return text
  }

  /// The kernel takes 131,072 bytes for `NAME=VALUE` and the final zero.
  static let longest = 131_072

  static func literal(_ name: String, _ value: String) throws(ValueFault) -> Variable {
    guard !value.utf8.contains(0) else {
      throw ValueFault(.badVariable, "the value of \(name) has a zero byte in it")
    }
    guard name.utf8.count + value.utf8.count + 2 <= longest else {
      throw ValueFault(.badVariable, "the value of \(name) is longer than the kernel takes")
    }
    return Variable(name: name, value: .literal(value))
  }

  static func passed(_ name: String) throws(ValueFault) -> Variable {
    if let place = ownVariables[name] {
      throw ValueFault(
        .badVariable, "\(name) can't be passed: inside it is \(place)",
        hint: "set a literal value where the server needs another")
    }
    if SteeringVariables.contains(name) {
      throw ValueFault(
        .steeringVariable,
        "\(name) can't be passed by name: it steers what an interpreter or linker loads",
        hint: "set a literal value, so that it is part of what a person approves")
    }
    return Variable(name: name, value: .passed)
  }

  /// Variables whose outer value would be wrong inside.
  static let ownVariables = [
    "HOME": "the server's own home", "PATH": "made from what is visible there",
    "TMPDIR": "the sandbox's own /tmp", "PWD": "the working directory there",
    "OLDPWD": "not set", "USER": "the server's own user", "LOGNAME": "the server's own user",
    "SHELL": "not set",
  ]
}
