/// Paths of a command that lead to a person's own files, or the system's.
enum PlaceRules {
  static func find(argument: [UInt8], _ marks: inout Marks) {
    PathRules.find(in: FoldedText(argument), &marks)
    for path in paths(in: argument) {
      if isHome(argument[path]) {
        marks.add(.homePath, path, "names the home folder or something in it")
      } else if starts(argument[path], with: named) || path.count == 1 && argument[path] == [0x2F] {
        marks.add(.systemPath, path, "names a directory of the system")
      }
    }
  }

  static func find(writable path: [UInt8], _ marks: inout Marks) {
    PathRules.find(in: FoldedText(path), &marks)
    if isHome(path[...]) {
      marks.add(.homePath, 0..<path.count, "may write to the home folder or something in it")
    } else if starts(path[...], with: named + programs) || path == [0x2F] {
      marks.add(.systemPath, 0..<path.count, "may write to a directory of the system")
    }
  }

  private static let named = [
    "/etc", "/root", "/boot", "/dev", "/proc", "/sys", "/var", "/run",
  ]
  private static let programs = ["/usr", "/bin", "/sbin", "/lib", "/lib64", "/opt", "/srv"]

  private static func isHome(_ path: ArraySlice<UInt8>) -> Bool {
    path.first == UInt8(ascii: "~") || starts(path, with: ["/home", "/root", "$HOME", "${HOME}"])
  }

  private static func starts(_ path: ArraySlice<UInt8>, with folders: [String]) -> Bool {
    folders.contains { folder in
      let rest = path.dropFirst(folder.utf8.count)
      return path.starts(with: folder.utf8) && (rest.isEmpty || rest.first == UInt8(ascii: "/"))
    }
  }

  /// Whatever in an argument begins like a path.
  private static func paths(in argument: [UInt8]) -> [Range<Int>] {
    var paths: [Range<Int>] = []
    var start: Int?
    for (index, byte) in argument.enumerated() {
      if " \t\n;|&()`\"'<>=,:".utf8.contains(byte) {
        if let first = start { paths.append(first..<index) }
        start = nil
      } else if start == nil, index == 0 || !FoldedText.isWord(argument[index - 1]),
        byte == UInt8(ascii: "/") || byte == UInt8(ascii: "~") || byte == UInt8(ascii: "$")
      {
        start = index
      }
    }
    if let start { paths.append(start..<argument.count) }
    return paths
  }
}
