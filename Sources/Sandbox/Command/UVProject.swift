import Kernel

/// `uv run`: the project's environment, as an earlier `uv sync` made it.
struct UVProject {
  let request: CommandRequest

  func replacement() throws(CommandError) -> UVTool.Replacement? {
    var rest = request.arguments[...]
    var directory = request.workingDirectory
    var project: String?
    var isRun = false
    while let word = rest.first {
      if word == "run", !isRun {
        isRun = true
        rest = rest.dropFirst()
        continue
      }
      if word == "-m" || word == "--module" || !word.hasPrefix("-") { break }
      if word == "--" {
        rest = rest.dropFirst()
        break
      }
      let option = try UVOption.take(from: &rest, tool: "uv")
      switch option.name {
      case "--directory": directory = request.absolute(option.value ?? "")
      case "--project": project = request.absolute(option.value ?? "")
      case "--with", "-w", "--python", "-p":
        throw .unsupported("the option \(option.name)", tool: "uv run")
      default: continue
      }
    }
    guard isRun else { throw .unsupported("uv \(rest.first ?? "")", tool: "uv") }
    let root = project ?? directory
    let environment = Path.join(root, ".venv")
    let python = Path.join(environment, "bin/python")
    guard Look.isExecutable(python) else {
      throw .notCached(root, tool: "uv run", looked: [environment])
    }
    return start(rest, environment, python, directory)
  }

  private func start(
    _ words: ArraySlice<String>, _ environment: String, _ python: String, _ directory: String
  ) -> UVTool.Replacement? {
    guard let target = words.first else { return nil }
    let rest = Array(words.dropFirst())
    let notes = ["uv run: environment \(environment)"]
    if target == "-m" || target == "--module" {
      return UVTool.Replacement(program: python, arguments: ["-m"] + rest, notes: notes)
    }
    if target.hasSuffix(".py") {
      // uv starts in its --directory; inside, the working directory is the profile's.
      let script = Path.isAbsolute(target) ? target : Path.normalized(Path.join(directory, target))
      return UVTool.Replacement(program: python, arguments: [script] + rest, notes: notes)
    }
    let program = Path.isAbsolute(target) ? target : Path.join(environment, "bin/\(target)")
    return UVTool.Replacement(program: program, arguments: rest, notes: notes)
  }
}
