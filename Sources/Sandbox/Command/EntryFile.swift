import Kernel

/// The file that an interpreter's arguments tell it to run: it is what runs, as much as the
/// interpreter is.
enum EntryFile {
  private static let interpreters = [
    "python", "pypy", "node", "bun", "deno", "ruby", "perl", "sh", "bash", "dash",
  ]
  /// Options that take the next argument.
  private static let valued: Set<String> = [
    "-W", "-X", "--check-hash-based-pycs", "-r", "--require", "--import", "--loader", "-C",
    "--env-file", "-I", "-o",
  ]
  /// Options after which there is no file: the code is in the arguments.
  private static let inline: Set<String> = ["-c", "-e", "-p", "--eval", "--print"]

  /// - Parameter program: the interpreter, by the path that it is started with.
  static func find(_ program: String, _ arguments: [String], _ request: CommandRequest) -> String? {
    let name = Path.name(program)
    guard interpreters.contains(where: { name.hasPrefix($0) }) else { return nil }
    var rest = arguments[...]
    while let word = rest.popFirst() {
      if inline.contains(word) { return nil }
      if word == "-m", name.hasPrefix("py") {
        return rest.first.flatMap { module($0, of: program) }
      }
      if valued.contains(word) {
        rest = rest.dropFirst()
      } else if !word.hasPrefix("-") {
        let path = request.absolute(word)
        return Files.exists(path) ? path : nil
      }
    }
    return nil
  }

  /// `python -m name`, where the package lies in the interpreter's own environment.
  private static func module(_ name: String, of program: String) -> String? {
    let prefix = Path.parent(Path.parent(program))
    guard let packages = VirtualEnvironment.sitePackages(prefix) else { return nil }
    let path = Path.join(packages, name.split(separator: ".").joined(separator: "/"))
    return ["\(path)/__main__.py", "\(path).py"].first(where: Files.exists)
  }
}
