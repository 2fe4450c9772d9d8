import Glibc
import Kernel

/// Where a secret's value comes from.
public enum SecretSource: Hashable, Sendable, CustomStringConvertible {
  /// A variable of the supervisor's own environment.
  case environment(String)
  /// A file; its content without one trailing newline.
  case file(String)

  /// Reads `env:VARIABLE` and `file:PATH`.
  ///
  /// - Parameter home: what `~/` at the path's beginning stands for.
  public static func parse(_ text: String, home: String? = nil) throws(SecretError) -> SecretSource
  {
    guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else {
      throw .unknownSource("")
    }
    let rest = String(text[text.utf8.index(after: colon)...])
    switch text[..<colon] {
    case "env":
      guard Secret.isVariable(rest) else { throw .invalidVariable }
      return .environment(rest)
    case "file":
      if rest.hasPrefix("~/"), let home { return .file(home + rest.dropFirst(1)) }
      guard rest.hasPrefix("/") else { throw .relativePath(rest) }
      return .file(rest)
    case let scheme:
      throw .unknownSource(scheme.utf8.count <= 16 ? String(scheme) : "")
    }
  }

  public var description: String {
    switch self {
    case .environment(let variable): "env:\(variable)"
    case .file(let path): "file:\(path)"
    }
  }

  /// The value, as the secret of this name.
  ///
  /// - Parameter environment: looks a variable up.
  /// - Throws: also where the file can be read by everybody, or written by others than its owner,
  ///   or belongs to neither the caller nor root. Its group may read it: service managers share
  ///   secrets that way.
  public func read(
    name: String, environment: (String) -> [UInt8]? = SecretSource.variable
  ) throws(SecretError) -> Secret {
    switch self {
    case .environment(let variable):
      guard let value = environment(variable) else { throw .unset(variable: variable) }
      return try Secret(name: name, value: value)
    case .file(let path):
      return try Secret(name: name, value: try contents(of: path, name: name))
    }
  }

  /// A variable of this process's environment.
  public static func variable(_ name: String) -> [UInt8]? {
    // Nothing in this process sets variables, so the pointer stays valid while it is copied.
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe Array(UnsafeBufferPointer(start: value, count: strlen(value))).map(UInt8.init)
  }

  /// The checks are made on the open file, so a change of name in between does not matter.
  private func contents(of path: String, name: String) throws(SecretError) -> [UInt8] {
    // Not blocking: a FIFO must be refused, not waited for.
    let file = try SecretError.wrapping { () throws(SystemError) in
      try Files.open(path, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY)
    }
    let status = try SecretError.wrapping { () throws(SystemError) in
      try Files.status(file, subject: path)
    }
    guard status.kind == .regular else { throw .notRegular(path: path) }
    guard status.uid == geteuid() || status.uid == 0 else {
      throw .exposed(path: path, problem: "belongs to uid \(status.uid)")
    }
    guard status.mode & 0o027 == 0 else {
      let mode = String(status.mode & 0o777, radix: 8)
      throw .exposed(path: path, problem: "others can reach it (mode \(mode))")
    }
    guard status.size <= Secret.maximumLength + 2 else { throw .tooLong(name) }
    // Two bytes more than a value: the newline that is taken off.
    var bytes = try SecretError.wrapping { () throws(SystemError) in
      try Files.read(file, limit: Secret.maximumLength + 2, subject: path)
    }
    if bytes.last == UInt8(ascii: "\n") {
      bytes.removeLast()
      if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
    }
    return bytes
  }
}
