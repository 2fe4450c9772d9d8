import Foundation
import Testing

/// What a server sees: the notes server's own look around.
@Suite struct InsideTests {
  static let none = "0000000000000000"

  func inspect(_ scene: Scene, options: [String] = [], paths: [String] = []) throws -> (Value, Host)
  {
    let host = try Host(scene.example("notes_server.py", options: options), in: scene)
    try host.connect(.modern)
    let inside = try Value.parse(host.text(of: "inspect_sandbox", ["paths": Value(paths)]))
    return (inside, host)
  }

  @Test func noPrivilegeAndAFilter() throws {
    let (inside, host) = try inspect(Scene())
    for (set, value) in inside["capabilities"].object {
      #expect(value.string == Self.none, "\(set)")
    }
    #expect(inside["capabilities"].object.count == 5)
    #expect(inside["noNewPrivileges"] == "1")
    #expect(inside["seccomp"] == "2")
    try host.leave()
  }

  @Test func aUserOfItsOwn() throws {
    let (inside, host) = try inspect(Scene())
    let inner = try #require(inside["uid"].int)
    #expect(inner != 0)
    #expect(inside["groups"].array.allSatisfy { $0 != 0 })
    // As the kernel outside tells it: no process of the sandbox but the stage shares a UID with
    // the supervisor, and the server shares none with the relay either.
    let family = ProcessTree.below(host.pid)
    let server = try #require(family.first { $0.name.hasPrefix("python") })
    func uid(_ mark: ProcessMark) -> String? {
      ProcessTree.status(mark.pid, "Uid")?.split(separator: "\t").first.map(String.init)
    }
    let others = family.filter { $0 != server }
    #expect(others.count >= 3, "supervisor, relay and stage: \(family)")
    let serverUID = try #require(uid(server))
    #expect(serverUID != "\(geteuid())")
    for other in others { #expect(uid(other) != serverUID, "\(other)") }
    try host.leave()
  }

  @Test func noTwoServersShareAUser() throws {
    let scene = try Scene()
    let hosts = try ["first", "second"].map { name in
      try Host(scene.example("notes_server.py", name: name), in: scene)
    }
    let users = try hosts.map { host in
      try host.connect()
      let server = ProcessTree.below(host.pid).first { $0.name.hasPrefix("python") }
      return try #require(server.flatMap { ProcessTree.status($0.pid, "Uid") })
    }
    #expect(Set(users).count == 2, "\(users)")
    for host in hosts { try host.leave() }
  }

  @Test func onlyTheLoopbackInterface() throws {
    let (inside, host) = try inspect(Scene())
    #expect(inside["interfaces"] == ["lo"])
    try host.leave()
  }

  @Test func onlyTheSandboxesOwnProcesses() throws {
    let (inside, host) = try inspect(Scene())
    // The server itself, and PID 1 where the kernel shows it.
    let pids = Set(inside["processes"].object.keys)
    #expect(pids.contains("\(inside["pid"].int ?? 0)"))
    #expect(pids.count <= 2, "\(pids)")
    #expect(try #require(inside["pid"].int) < 10)
    try host.leave()
  }

  @Test func noFileOfTheCallersHome() throws {
    let scene = try Scene()
    let home = NSHomeDirectory()
    let (inside, host) = try inspect(
      scene, paths: [home, scene.folder, "/etc/shadow", "/root", "/var", "/etc/cordon"])
    #expect(inside["home"] == "/home/server")
    #expect(inside["homeFiles"].array.isEmpty)
    for path in [home, scene.folder, "/etc/shadow"] {
      let seen = inside["paths"][path]
      // A parent of a grant is there, and holds the way to it only.
      #expect(
        seen == "No such file or directory" || seen == "Permission denied"
          || seen.array.count <= 1, "\(path): \(seen)")
    }
    let usual = [
      "bin", "dev", "etc", "home", "lib", "lib32", "lib64", "libx32", "opt", "proc", "root", "run",
      "sbin", "tmp", "usr", "var",
    ]
    let way = Places.root.split(separator: "/").first.map(String.init) ?? ""
    for entry in inside["root"].array.compactMap(\.string) {
      #expect(usual.contains(entry) || entry == way, "/\(entry)")
    }
    try host.leave()
  }

  @Test func onlyTheGrantedEnvironment() throws {
    let (inside, host) = try inspect(
      Scene(), options: ["--env", "GREETING=hello", "--env", "CANARY2"])
    let allowed: Set = [
      "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR",
      "TERM", "GREETING", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "XDG_RUNTIME_DIR",
      "SSL_CERT_FILE", "SSL_CERT_DIR", "PWD", "HOSTNAME",
    ]
    let environment = inside["environment"].object
    #expect(Set(environment.keys).isSubset(of: allowed), "\(environment.keys.sorted())")
    #expect(environment["GREETING"] == "hello")
    #expect(environment["HOME"] == "/home/server")
    #expect(!environment.values.contains { $0.string?.contains("canary") == true })
    try host.leave()
  }

  @Test func noDescriptorButTheThree() throws {
    let scene = try Scene()
    let host = try Host(
      scene.example("notes_server.py"), in: scene,
      leaking: scene.write("the caller's", to: "leaked"))
    try host.connect()
    let inside = try Value.parse(host.text(of: "inspect_sandbox"))
    let descriptors = inside["descriptors"].object
    #expect(Set(descriptors.keys) == ["0", "1", "2"])
    #expect(descriptors.values.allSatisfy { $0.string?.hasPrefix("pipe:") == true })
    try host.leave()
  }

  /// Ignored and blocked signals pass through exec: a careless host must not shape the server.
  @Test func everySignalIsAsTheKernelGivesIt() throws {
    let scene = try Scene()
    let run = scene.run("shell", "/bin/sh", "-c", "grep -E 'Sig(Blk|Ign)' /proc/self/status >&2")
    let done = try Finished.run(
      ["/bin/sh", "-c", "trap '' QUIT USR1; exec \"$@\"", "sh"] + run,
      environment: scene.environment)
    // Of the 31 that have names: the C library keeps two behind them to itself.
    let masks = done.errors.split(separator: "\n").compactMap { line in
      line.split(separator: "\t").last.flatMap { UInt64($0, radix: 16) }
    }
    #expect(masks.count == 2)
    #expect(masks.allSatisfy { $0 & 0x7fff_ffff == 0 }, "\(done.errors)")
  }

  @Test func aPrivateHomeIsKeptAndTemporaryFilesAreNot() throws {
    let scene = try Scene()
    let first = try Host(scene.example("notes_server.py"), in: scene)
    try first.connect()
    _ = try first.text(of: "add_note", ["title": "Kept", "text": "x"])
    try first.leave()
    let second = try Host(scene.example("notes_server.py"), in: scene)
    try second.connect()
    #expect(try second.text(of: "list_notes") == "Kept")
    try second.leave()
    // Another name, another home.
    let other = try Host(scene.example("notes_server.py", name: "other"), in: scene)
    try other.connect()
    #expect(try other.text(of: "list_notes") == "no notes yet")
    try other.leave()
  }
}
