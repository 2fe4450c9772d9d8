import Digest
import Glibc
public import Kernel

/// A program of the profile's that puts a question to the user, as `ssh-askpass` does.
public enum AskingProgram {
  /// What the program is given of the caller's environment, where it is there: how to reach the
  /// screen, and the language. `LC_` stands for all that begin so. Beside it `HOME`, from the
  /// password database, and a fixed `PATH`; nothing else.
  public static let variables = [
    "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS",
    "LANG", "LC_", "TERM",
  ]
  static let path = "/usr/local/bin:/usr/bin:/bin"

  /// - Parameter entries: the caller's, each `NAME=VALUE`.
  public static func environment(home: String?, from entries: [[UInt8]]) -> [[UInt8]] {
    let passed = entries.filter { entry in
      let name = entry.prefix { $0 != UInt8(ascii: "=") }
      return variables.contains { wanted in
        wanted.utf8.last == UInt8(ascii: "_")
          ? name.starts(with: wanted.utf8) : name.elementsEqual(wanted.utf8)
      }
    }
    return [Array("HOME=\(home ?? "/")".utf8), Array("PATH=\(path)".utf8)] + passed
  }

  /// Whether a program may decide in this user's place: nobody but root and this user can change it,
  /// nor put another in its place.
  ///
  /// - Returns: its path without symbolic links.
  /// - Throws: with the steps `find`, `owner`, `permissions` (`EPERM`), `execute` (`EACCES`).
  public static func check(_ path: String, as uid: UInt32) throws(SystemError) -> String {
    let real = try resolve(path)
    let file = try look(real)
    guard file.kind == .regular else {
      throw SystemError(step: "execute", subject: real, errno: Errno(EACCES))
    }
    try check(file, real, uid)
    guard file.mode & 0o111 != 0 else {
      throw SystemError(step: "execute", subject: real, errno: Errno(EACCES))
    }
    var directory = real
    while directory != "/" {
      directory = Files.parent(of: directory)
      try check(try look(directory), directory, uid)
    }
    return real
  }

  private static func check(
    _ status: FileStatus, _ path: String, _ uid: UInt32
  ) throws(SystemError) {
    guard status.uid == 0 || status.uid == uid else {
      throw SystemError(step: "owner", subject: path, errno: Errno(EPERM))
    }
    // In a sticky directory such as /tmp nobody can move what is another's.
    let isSticky = status.kind == .directory && status.mode & 0o1000 != 0
    guard status.mode & 0o022 == 0 || isSticky else {
      throw SystemError(step: "permissions", subject: path, errno: Errno(EPERM))
    }
  }

  private static func look(_ path: String) throws(SystemError) -> FileStatus {
    do throws(SystemError) {
      return try Files.status(path, follow: false)
    } catch {
      throw SystemError(step: "find", subject: path, errno: error.errno)
    }
  }

  private static func resolve(_ path: String) throws(SystemError) -> String {
    guard let real = unsafe realpath(path, nil) else {
      throw SystemError(step: "find", subject: path, errno: .current)
    }
    // realpath allocates with malloc where it is given no buffer.
    defer { unsafe free(real) }
    guard let text = unsafe String(validatingCString: real) else {
      throw SystemError(step: "find", subject: path, errno: Errno(EILSEQ))
    }
    return text
  }

  /// What cures the failure of a step.
  public static func hint(step: String) -> String {
    switch step {
    case "find": "approval.program names a program by its absolute path: is it there?"
    case "owner": "the program and its directories must be yours or root's: chown them, or move it"
    case "permissions":
      "nobody else may write the program or its directories: chmod go-w"
    case "execute":
      "it must be a program that you may execute: chmod u+x, and a first line #!/bin/sh in a script"
    default: "the approval waits all the same: cordon review"
    }
  }

  /// The one line that decides, or `later`. Anything else is no answer: a program that crashes, or
  /// one that ends well without a word, approves nothing.
  static func answer(_ output: [UInt8], status: Int32, signalled: Bool) -> ProgramAnswer {
    if signalled { return .none("it was ended by signal \(status)") }
    guard status == 0 else { return .none("it ended with status \(status)") }
    let line = output.last == UInt8(ascii: "\n") ? output.dropLast() : output[...]
    if line.elementsEqual("later".utf8) { return .later }
    for (word, make) in [("approve ", ProgramAnswer.approve), ("reject ", ProgramAnswer.reject)] {
      guard line.starts(with: word.utf8) else { continue }
      let digits = line.dropFirst(word.utf8.count)
      if let text = String(validating: digits, as: UTF8.self), let digest = Digest(hex: text) {
        return make(digest)
      }
    }
    return .none(
      output.isEmpty
        ? "it wrote nothing" : "it wrote none of approve DIGEST, reject DIGEST and later")
  }
}
