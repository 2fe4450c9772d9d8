import Foundation
import Testing

/// Grants as a server meets them, against the running kernel.
@Suite struct FileGrantTests {
  func options(_ workspace: Workspace, _ identity: String, _ more: String...) -> [String] {
    ["--identity", identity, "--read-write", workspace.folder] + more
  }

  static let project = [
    ".git/config", ".git/hooks/pre-commit", ".git/HEAD", ".mcp.json", ".vscode/tasks.json",
    ".bashrc", "src/main.c", "vendor/lib/.git/config", "rc/envrc",
  ]

  /// What runs later, read-only, and missing names that cannot be made.
  static let protected: [(attempt: String, errno: String)] = [
    ("write .git/config", "EROFS"), ("write .git/hooks/pre-commit", "EROFS"),
    ("create .git/hooks/post-checkout", "EROFS"), ("create .git/commondir", "EROFS"),
    ("remove .git", "EBUSY"), ("replace .git", "EBUSY"), ("remove .git/config", "EROFS"),
    ("write .mcp.json", "EROFS"), ("remove .mcp.json", "EBUSY"), ("replace .mcp.json", "EBUSY"),
    ("write .vscode/tasks.json", "EROFS"), ("create .vscode/settings.json", "EROFS"),
    ("write .bashrc", "EROFS"), ("link .git/config stolen", "EXDEV"),
    // The link is held, and what it leads to is read-only.
    ("write .envrc", "EROFS"), ("replace .envrc", "EBUSY"), ("write rc/envrc", "EROFS"),
    ("rename rc rc2", "EBUSY"),
    // Missing ones.
    ("create .idea", "EEXIST"), ("mkdir .idea", "EEXIST"), ("mkdir .cursor", "EEXIST"),
    ("rename src .claude", "EBUSY"),
    // A repository inside: it stays where it is, and so do the directories above it.
    ("write vendor/lib/.git/config", "EROFS"), ("rename vendor vendor2", "EBUSY"),
    ("rename vendor/lib vendor/lib2", "EBUSY"),
  ]
  static let open = [
    "write src/main.c", "create src/new.c", "rename src/main.c src/moved.c", "create Makefile",
    "create vendor/lib/new.c", "mkdir build", "serve socket",
  ]

  @Test(arguments: Workspace.identities)
  func whatRunsLaterCannotBeChanged(identity: String) throws {
    let workspace = try Workspace(
      Scene(), files: Self.project, links: [".envrc": "rc/envrc"])
    let before = try workspace.names()
    let (outcomes, done) = try workspace.attempts(
      Self.protected.map(\.attempt) + Self.open, options: options(workspace, identity))
    for (attempt, errno) in Self.protected {
      #expect(outcomes[attempt] == errno, "\(attempt): \(done.errors)")
    }
    for attempt in Self.open { #expect(outcomes[attempt] == "OK", "\(attempt)") }
    #expect(try workspace.names() == before, "the session left something behind")
  }

  @Test(arguments: Workspace.identities)
  func whatIsNamedIsOpen(identity: String) throws {
    let workspace = try Workspace(Scene(), files: Self.project + [".git/objects/", ".git/refs/"])
    let attempts = [
      "write .git/HEAD", "create .git/index.lock", "write .git/config", "write .mcp.json",
      "create .git/hooks/x", "rename .git moved",
    ]
    let (outcomes, done) = try workspace.attempts(
      attempts,
      options: options(
        workspace, identity, "--read-write", workspace.folder + "/.git", "--read-write",
        workspace.folder + "/.mcp.json"))
    #expect(outcomes["write .git/HEAD"] == "OK", "\(done.errors)")
    #expect(outcomes["create .git/index.lock"] == "OK")
    #expect(outcomes["write .mcp.json"] == "OK")
    // Its objects are open, and not what names programs.
    #expect(outcomes["write .git/config"] == "EROFS")
    #expect(outcomes["create .git/hooks/x"] == "EROFS")
    #expect(outcomes["rename .git moved"] == "EBUSY")
  }

  /// git commits where its directory is named, with the configuration that it had.
  @Test func gitWorksWhereItsDirectoryIsNamed() throws {
    let workspace = try Workspace(Scene(), files: ["file"])
    let git = ["/usr/bin/git", "-C", workspace.folder, "-c", "safe.directory=*"]
    _ = try Finished.run(git + ["init", "-q"], environment: workspace.scene.environment)
    let commit =
      git + [
        "-c", "user.name=Test", "-c", "user.email=test@localhost", "commit", "-qam", "done",
        "--allow-empty",
      ]
    let identity = Places.isRoot ? "separate" : "caller"
    func run(_ options: [String]) throws -> Finished {
      try Finished.run(
        workspace.scene.run(
          "git\(options.count)", options: self.options(workspace, identity) + options,
          command: commit), environment: workspace.scene.environment)
    }
    #expect(try run([]).errors.contains("Read-only file system"))
    let done = try run(["--read-write", workspace.folder + "/.git"])
    #expect(done.status == 0, "\(done.errors)")
    let log = try Finished.run(
      git + ["log", "--format=%s"], environment: workspace.scene.environment)
    #expect(log.output == "done\n")
  }

  @Test func acceptedNamesCanBeMade() throws {
    let workspace = try Workspace(Scene(), files: ["file"])
    let (outcomes, done) = try workspace.attempts(
      ["create .envrc"],
      options: options(workspace, "caller", "--accept", "startup-files-in-grants"))
    #expect(outcomes["create .envrc"] == "OK", "\(done.errors)")
    #expect(done.errors.contains("accepted: startup-files-in-grants"))
  }

  @Test(arguments: Workspace.identities)
  func theNarrowerGrantWins(identity: String) throws {
    let workspace = try Workspace(Scene(), files: ["a/ref/file", "out/file", "file"])
    let attempts = [
      "write file", "write a/ref/file", "create a/ref/new", "rename a moved", "rename a/ref a/x",
      "write out/file", "create out/new",
    ]
    let inner = try workspace.attempts(
      attempts, options: options(workspace, identity, "--read-only", workspace.folder + "/a/ref"))
    #expect(inner.outcomes["write file"] == "OK", "\(inner.done.errors)")
    #expect(inner.outcomes["write a/ref/file"] == "EROFS")
    #expect(inner.outcomes["create a/ref/new"] == "EROFS")
    #expect(inner.outcomes["rename a moved"] == "EBUSY")
    #expect(inner.outcomes["rename a/ref a/x"] == "EBUSY")
    let outer = try workspace.attempts(
      attempts,
      options: [
        "--identity", identity, "--read-only", workspace.folder, "--read-write",
        workspace.folder + "/out",
      ])
    #expect(outer.outcomes["write file"] == "EROFS", "\(outer.done.errors)")
    #expect(outer.outcomes["write out/file"] == "OK")
    #expect(outer.outcomes["create out/new"] == "OK")
  }

  @Test func aMissingPathIsAnErrorUnlessItIsOptional() throws {
    let scene = try Scene()
    let missing = scene.folder + "/missing"
    let done = try Finished.run(
      scene.run("shell", options: ["--read-only", missing], "/bin/true"),
      environment: scene.environment)
    #expect(done.status == 78 && done.errors.contains("(ENOENT)"), "\(done.errors)")
    _ = try scene.write(
      #"{ "filesystem": { "readOnly": [{ "path": "\#(missing)", "optional": true }] } }"#,
      to: "config/profiles/lax.jsonc")
    let lax = try Finished.run(
      scene.run("shell", options: ["--profile", "lax"], "/bin/true"),
      environment: scene.environment)
    #expect(lax.status == 0, "\(lax.errors)")
  }

  @Test func theWorkingDirectory() throws {
    let scene = try Scene()
    let folders = try ["one", "two"].map { name in
      let folder = scene.folder + "/" + name
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
      return folder
    }
    func directory(_ options: [String]) throws -> String {
      let done = try Finished.run(
        scene.run("shell", options: options, "/bin/sh", "-c", "pwd >&2"),
        environment: scene.environment)
      // What this machine cannot limit is said before.
      let line = done.errors.split(separator: "\n").first { $0.hasPrefix("/") }
      return line.map(String.init) ?? done.errors
    }
    let grants = folders.flatMap { ["--read-only", $0] }
    #expect(try directory([]) == "/home/server")
    #expect(try directory(Array(grants.prefix(2))) == folders[0])
    #expect(try directory(grants) == "/home/server")
    _ = try scene.write(
      #"{ "workingDirectory": "\#(folders[1])" }"#, to: "config/profiles/two.jsonc")
    #expect(try directory(grants + ["--profile", "two"]) == folders[1])
  }

  /// Whoever can write above a granted path swaps a component for a link, again and again. What a
  /// person approved is the place itself.
  @Test func aSwappedComponentLeadsNowhereElse() throws {
    let scene = try Scene()
    for name in ["work/a/b/ours", "secret/b/theirs"] {
      _ = try scene.write("x\n", to: name, permissions: 0o644)
    }
    let granted = scene.folder + "/work/a/b"
    _ = try Finished.run(
      ["/bin/chmod", "-R", "a+rX", scene.folder + "/work", scene.folder + "/secret"],
      environment: scene.environment)
    /// Nil where the launch was refused.
    func names() throws -> [String]? {
      let host = try Host(
        scene.example("notes_server.py", options: ["--read-only", granted]), in: scene)
      guard (try? host.connect(.modern)) != nil, (try? host.tools()) != nil else { return nil }
      let inside = try Value.parse(host.text(of: "inspect_sandbox", ["paths": [.string(granted)]]))
      try host.leave()
      return inside["paths"][granted].array.compactMap(\.string)
    }
    try #require(try names() == ["ours"])
    let swapper = ChildProcess()
    swapper.executableURL = URL(filePath: "/bin/sh")
    swapper.arguments = [
      "-c",
      "cd \(scene.folder)/work; while :; do mv a x; ln -s ../secret a; rm a; mv x a; "
        + "sleep 0.0005; done",
    ]
    try swapper.run()
    defer {
      swapper.terminate()
      swapper.waitUntilExit()
    }
    for _ in 0..<15 {
      // Changed in between, gone for a moment, or the launch of another place: refused.
      if let names = try names() { #expect(names == ["ours"]) }
    }
  }
}
