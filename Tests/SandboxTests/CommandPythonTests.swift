import Kernel
import Sandbox
import Testing

@Suite struct CommandPythonTests {
  /// A Python installation, with the program of another one.
  private func python(_ tree: CommandTree, _ prefix: String, _ version: String) throws {
    try tree.program("\(prefix)/bin/python\(version)")
    try tree.link("\(prefix)/bin/python3", to: "python\(version)")
    try tree.link("\(prefix)/bin/python", to: "python3")
    try tree.file("\(prefix)/lib/python\(version)/os.py", "")
  }

  @Test func virtualEnvironmentShowsItselfAndItsBase() throws {
    let tree = try CommandTree()
    try python(tree, "python-3.11", "3.11")
    try tree.environment("project/.venv", base: tree.path("python-3.11/bin"))
    let script = try tree.script(
      "project/.venv/bin/server", "#!\(tree.path("project/.venv/bin/python"))\n")
    let command = try tree.resolve(script)
    #expect(tree.shown(command) == ["project/.venv/", "python-3.11/"])
    #expect(command.searchPath == [tree.path("project/.venv/bin")])
    #expect(
      command.launchFiles == [
        LaunchFile(role: .executable, path: script),
        LaunchFile(role: .interpreter, path: tree.path("python-3.11/bin/python3.11")),
      ])
  }

  @Test func theEnvironmentsPythonKeepsItsPath() throws {
    let tree = try CommandTree()
    try tree.environment(".venv")
    let command = try tree.resolve(tree.path(".venv/bin/python"), ["-V"])
    // Python knows its environment by the path that it is started with.
    #expect(command.executable == tree.path(".venv/bin/python"))
    #expect(tree.shown(command) == [".venv/"])
  }

  @Test func toolsOfUVAndPipxAreFoundBehindLocalBin() throws {
    let tree = try CommandTree()
    for manager in ["uv/tools", "pipx/venvs"] {
      let environment = ".local/share/\(manager)/server"
      try tree.environment(environment)
      try tree.script(
        "\(environment)/bin/server", "#!\(tree.path("\(environment)/bin/python"))\n")
      try tree.file(".local/share/\(manager)/other/secret", "")
      try? Files.remove(tree.path(".local/bin/server"))
      try tree.link(".local/bin/server", to: tree.path("\(environment)/bin/server"))
      let command = try tree.resolve("server")
      #expect(
        tree.shown(command) == [
          ".local/bin/server -> ~/\(environment)/bin/server", "\(environment)/",
        ])
    }
  }

  @Test func uvsPythonIsShownByItsOwnPrefix() throws {
    let tree = try CommandTree()
    try python(tree, ".local/share/uv/python/cpython-3.12.3-linux-x86_64-gnu", "3.12")
    try tree.link(
      ".local/share/uv/python/cpython-3.12-linux-x86_64-gnu", to: "cpython-3.12.3-linux-x86_64-gnu")
    try tree.link(
      ".local/bin/python3.12",
      to: tree.path(".local/share/uv/python/cpython-3.12-linux-x86_64-gnu/bin/python3.12"))
    let command = try tree.resolve("python3.12", searchPath: "/nowhere")
    #expect(
      tree.shown(command) == [
        ".local/bin/python3.12 -> "
          + "~/.local/share/uv/python/cpython-3.12-linux-x86_64-gnu/bin/python3.12",
        ".local/share/uv/python/cpython-3.12-linux-x86_64-gnu -> cpython-3.12.3-linux-x86_64-gnu",
        ".local/share/uv/python/cpython-3.12.3-linux-x86_64-gnu/",
      ])
  }

  @Test func aSharedPrefixIsNotShownWhole() throws {
    let tree = try CommandTree()
    try python(tree, ".local", "3.11")
    let command = try tree.resolve("python3.11", searchPath: "/nowhere")
    #expect(tree.shown(command) == [".local/bin/python3.11", ".local/lib/python3.11/"])
  }

  @Test func theHomeDirectoryIsNeverShownWhole() throws {
    let tree = try CommandTree()
    try tree.environment(".")
    let script = try tree.script("bin/server", "#!/bin/sh\n")
    #expect(throws: CommandError.tooWide(tree.home, for: script)) { try tree.resolve(script) }
  }

  @Test func projectsInstalledForEditingAreTold() throws {
    let tree = try CommandTree()
    try tree.environment(".venv")
    try tree.file("project/src/server.py", "")
    try tree.file(
      ".venv/lib/python3.11/site-packages/_server.pth", "import this\n\(tree.path("project/src"))\n"
    )
    let command = try tree.resolve(tree.path(".venv/bin/python"))
    #expect(tree.shown(command) == [".venv/"])
    #expect(
      command.warnings == [
        "\(tree.path(".venv")) loads code from \(tree.path("project/src")): "
          + "--read-only \(tree.path("project/src"))"
      ])
  }

  @Test func projectsWithAFinderAreToldOnce() throws {
    let tree = try CommandTree()
    try tree.environment(".venv")
    try tree.file("project/src/server.py", "")
    try tree.file("flat/server.py", "")
    let packages = ".venv/lib/python3.11/site-packages"
    try tree.file("\(packages)/_server.pth", tree.path("project/src"))
    for project in ["project", "flat", "other"] {
      let isEditable = project != "other"
      try tree.file(
        "\(packages)/\(project)-1.0.dist-info/direct_url.json",
        "{\"url\":\"file://\(tree.path(project))\",\"dir_info\":{\"editable\":\(isEditable)}}")
    }
    let warnings = try tree.resolve(tree.path(".venv/bin/python")).warnings
    #expect(
      warnings.map { $0.split(separator: " ").last } == [
        Substring(tree.path("project/src")), Substring(tree.path("flat")),
      ])
  }

  @Test func modulesOfAnEnvironmentArePinned() throws {
    let tree = try CommandTree()
    try tree.environment(".venv")
    let main = try tree.file(".venv/lib/python3.11/site-packages/notes/server/__main__.py", "")
    let command = try tree.resolve(tree.path(".venv/bin/python"), ["-m", "notes.server"])
    #expect(command.launchFiles.last == LaunchFile(role: .entry, path: main))
  }

  // MARK: - pyenv

  private func pyenv(_ tree: CommandTree, versions: [String]) throws {
    try tree.file(".pyenv/libexec/pyenv", "")
    for version in versions { try python(tree, ".pyenv/versions/\(version)", "3.9") }
    try tree.script(
      ".pyenv/shims/python3",
      "#!/usr/bin/env bash\nexec \"\(tree.path(".pyenv/libexec/pyenv"))\" exec python3 \"$@\"\n")
  }

  struct Choice: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var variable: String?
    var local: String?
    var global: String?
    let version: String?
  }

  static let choices = [
    Choice(testDescription: "global", global: "3.9.18\n", version: "3.9.18"),
    Choice(
      testDescription: "variable wins", variable: "3.10.1", global: "3.9.18", version: "3.10.1"),
    Choice(testDescription: "home wins", local: "3.10.1", global: "3.9.18", version: "3.10.1"),
    Choice(testDescription: "prefix means the latest", global: "3.10", version: "3.10.13"),
    Choice(testDescription: "python- is dropped", global: "python-3.9.18", version: "3.9.18"),
    Choice(testDescription: "first that exists", global: "2.7 3.9.18", version: "3.9.18"),
    Choice(testDescription: "comments", global: "# none\n3.9.18 # this\n", version: "3.9.18"),
    Choice(testDescription: "system", global: "system", version: nil),
    Choice(testDescription: "no choice", version: nil),
    Choice(testDescription: "no way out", global: "../../elsewhere\nsystem", version: nil),
  ]

  @Test(arguments: choices)
  func pyenvShimStandsForItsVersion(_ choice: Choice) throws {
    let tree = try CommandTree()
    try pyenv(tree, versions: ["3.9.18", "3.10.1", "3.10.13"])
    try tree.program("elsewhere/bin/python3")
    try tree.program("system/python3")
    if let local = choice.local { try tree.file(".python-version", local) }
    if let global = choice.global { try tree.file(".pyenv/version", global) }
    let command = try tree.resolve(
      "python3", searchPath: "\(tree.path(".pyenv/shims")):\(tree.path("system"))",
      environment: choice.variable.map { ["PYENV_VERSION": $0] } ?? [:])
    if let version = choice.version {
      #expect(command.executable == tree.path(".pyenv/versions/\(version)/bin/python3"))
      #expect(tree.shown(command) == [".pyenv/versions/\(version)/"])
    } else {
      #expect(command.executable == tree.path("system/python3"))
    }
  }

  @Test func pyenvIsFoundWithoutPath() throws {
    let tree = try CommandTree()
    try pyenv(tree, versions: ["3.9.18"])
    try tree.file(".pyenv/version", "3.9.18")
    let command = try tree.resolve("python3", searchPath: "/nowhere")
    #expect(
      command.notes == [
        "python3: found in pyenv, after PATH, pyenv version 3.9.18 "
          + "(set by \(tree.path(".pyenv/version")))"
      ])
  }

  @Test func versionsThatHaveTheCommandAreNamed() throws {
    let tree = try CommandTree()
    try pyenv(tree, versions: ["3.9.18", "3.10.1"])
    try tree.file(".pyenv/version", "3.7.1")
    let shim = tree.path(".pyenv/shims/python3")
    for command in ["python3", shim] {
      #expect(
        throws: CommandError.noVersion("python3", manager: "pyenv", versions: ["3.9.18", "3.10.1"])
      ) {
        try tree.resolve(command, searchPath: "/nowhere")
      }
    }
  }

  @Test func pyenvsVirtualEnvironments() throws {
    let tree = try CommandTree()
    try pyenv(tree, versions: ["3.9.18"])
    let environment = ".pyenv/versions/3.9.18/envs/work"
    try tree.environment(environment, base: tree.path(".pyenv/versions/3.9.18/bin"))
    try tree.link("\(environment)/bin/python3", to: "python")
    try tree.link(".pyenv/versions/work", to: tree.path(environment))
    try tree.file(".pyenv/version", "work")
    let command = try tree.resolve("python3", searchPath: "/nowhere")
    #expect(command.executable == tree.path(".pyenv/versions/work/bin/python3"))
    #expect(
      tree.shown(command) == [
        ".pyenv/versions/3.9.18/", ".pyenv/versions/work -> ~/\(environment)",
      ])
  }
}
