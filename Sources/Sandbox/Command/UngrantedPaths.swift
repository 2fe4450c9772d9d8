import Kernel

/// An argument that names something which exists outside and will not exist inside.
public struct UngrantedPath: Hashable, Sendable {
  public let argument: String
  public let path: String

  /// Whether the argument is relative: inside, it is relative to another directory.
  public let isRelative: Bool

  public var hint: String {
    isRelative ? "give the absolute path, and --read-only \(path)" : "--read-only \(path)"
  }
}

extension CommandFinder {
  /// The arguments, argv[0] not among them, that name existing paths which nothing grants.
  ///
  /// Looked at: absolute paths, `~/…`, and relative ones with a slash or of an existing file, each
  /// alone or behind `--option=`.
  ///
  /// - Parameter granted: the paths that will be seen inside, each with all that lies below it.
  public static func ungrantedPaths(
    arguments: [String], granted: [String], home: String, workingDirectory: String
  ) -> [UngrantedPath] {
    arguments.compactMap { argument in
      var text = argument
      if text.hasPrefix("-") {
        guard let equals = text.firstIndex(of: "=") else { return nil }
        text = String(text[text.index(after: equals)...])
      }
      guard !text.isEmpty, !text.hasPrefix("-") else { return nil }
      let isRelative = !Path.isAbsolute(text) && !text.hasPrefix("~/")
      let path: String
      if isRelative {
        path = Path.normalized(Path.join(workingDirectory, text))
      } else {
        path = Path.normalized(
          Path.isAbsolute(text) ? text : Path.join(home, String(text.dropFirst(2))))
      }
      // "." and bare words that happen to be directories' names are no paths to most programs.
      guard Path.components(path).count > 0, Files.exists(path), !isSeen(path, granted) else {
        return nil
      }
      if isRelative, !text.contains("/"), !isFile(path) { return nil }
      return UngrantedPath(argument: argument, path: path, isRelative: isRelative)
    }
  }

  private static func isSeen(_ path: String, _ granted: [String]) -> Bool {
    let own = ["/proc", "/dev", "/tmp", "/run", "/home/server"]
    if own.containsPath(path) || SystemDirectories.own.contains(where: { Path.isWithin(path, $0) })
    {
      return true
    }
    return SystemDirectories.shows(path) || granted.contains { Path.isWithin(path, $0) }
  }

  private static func isFile(_ path: String) -> Bool {
    guard let status = try? Files.status(path) else { return false }
    return status.kind == .regular
  }
}
