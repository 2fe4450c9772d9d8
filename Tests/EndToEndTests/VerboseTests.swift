import Foundation
import Testing

/// `--verbose` names what a server is refused, and refuses nothing else than without it.
@Suite struct VerboseTests {
  /// The ways in which a server is told apart from its caller.
  static let identities = Places.isRoot ? ["separate"] : ["separate", "caller"]

  /// Runs a probe to its end; the host's side stays open meanwhile.
  private func run(
    _ scene: Scene, _ probe: String, identity: String = "separate", verbose: Bool = true,
    options: [String] = [], arguments: [String]
  ) throws -> (errors: String, seconds: Double) {
    let host = try Host(
      scene.run(
        "probe",
        options: ["--read-only", Places.probes, "--identity", identity]
          + (verbose ? ["--verbose"] : []) + options,
        command: [Places.python, Places.probes + "/" + probe] + arguments), in: scene)
    defer { host.end() }
    let end = try host.order("wait", ["seconds": 60])
    return (try #require(end["stderr"].string), try #require(end["seconds"].number))
  }

  private func events(_ scene: Scene, _ kind: String) throws -> [Value] {
    try scene.audit("probe").filter { $0["event"].string == kind }
  }

  // MARK: The same answers

  @Test(arguments: identities, ["refused", "all"])
  func everyCallIsAnsweredAsWithout(_ identity: String, _ set: String) throws {
    let scene = try Scene()
    let results = try [false, true].map { verbose in
      let done = try run(
        scene, "sweep.py", identity: identity, verbose: verbose, arguments: [set])
      let line = done.errors.split(separator: "\n").first { $0.hasPrefix("{") }
      return try Value.parse(try #require(line, "\(done.errors.suffix(2000))"))
    }
    #expect(results[0] == results[1])
    if set == "refused" {
      let answers = results[1].object
      #expect(answers.count > 30)
      #expect(answers["io_uring_setup"] == "ENOSYS" && answers["ptrace"] == "EPERM")
      #expect(answers["vsock, upper bits"] == "EAFNOSUPPORT")
      #expect(!answers.values.contains("ok"))
    }
  }

  // MARK: What is told

  @Test(arguments: identities)
  func refusedCallsAreNamedWithWhatDecided(_ identity: String) throws {
    let scene = try Scene()
    let told = try run(scene, "sweep.py", identity: identity, arguments: ["refused"]).errors
    for line in [
      "refused: io_uring_setup, as on a kernel that lacks it (ENOSYS)", "refused: ptrace (EPERM)",
      "refused: socket(AF_VSOCK) (EAFNOSUPPORT)", "refused: socket(AF_INET, SOCK_RAW) (EPERM)",
      "refused: socket(AF_NETLINK, NETLINK_XFRM) (EPROTONOSUPPORT)",
      "refused: clone(CLONE_NEWUSER) (EPERM)", "refused: ioctl(TIOCSTI) (EPERM)",
    ] {
      #expect(told.contains("cordon: \(line)\n"), "\(line)\n\(told)")
    }
    // Once each, though it was tried twice with other upper bits.
    #expect(told.components(separatedBy: "socket(AF_VSOCK)").count == 2)
    let calls = try events(scene, "refused-call")
    #expect(calls.contains { $0["call"] == "socket(AF_VSOCK)" && $0["errno"] == "EAFNOSUPPORT" })
    #expect(try events(scene, "refusals").count == 1)
    // Cordon's own trials from inside are not the server's.
    #expect(!told.contains("refused: mkdir") && !told.contains("socket(AF_PACKET)\n"))
  }

  @Test(arguments: identities)
  func pathsThatExistHereAreNamedWithTheOption(_ identity: String) throws {
    let scene = try Scene()
    let secret = try scene.write("x", to: "home/.aws/config")
    let program = try scene.write("#!/bin/sh\n", to: "home/program", permissions: 0o755)
    let granted = try scene.write("x", to: "granted/file", permissions: 0o644)
    let folder = scene.folder + "/granted"
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder)
    let told = try run(
      scene, "asked.py", identity: identity, options: ["--read-only", folder],
      arguments: [
        "read", secret, "run", program, "read", granted, "write", granted, "make", folder + "/new",
        "read", "/nowhere/at/all", "read", "/proc/meminfo", "write", "/usr/cordon-test",
        "connect", "192.0.2.1", "443",
      ]
    ).errors
    for line in [
      "not granted: \(secret), which exists here (it wanted to read it)",
      "not granted: \(program), which exists here (it wanted to run it)",
      "read-only: \(granted) (it wanted to write it)",
      "read-only: \(folder)/new (it wanted to make it)",
      "read-only: /usr/cordon-test (it wanted to write it)", "no network: 192.0.2.1 port 443",
    ] {
      #expect(told.contains("cordon: \(line)\n"), "\(line)\n\(told)")
    }
    #expect(
      told.contains(
        "hint: --read-only \(secret), but only if this server is meant to have your credentials\n"))
    #expect(told.contains("hint: --read-only \(program)\n"))
    #expect(told.contains("hint: --read-write \(folder)\n"))
    // What exists nowhere is no news, nor is what it may have.
    #expect(!told.contains("cordon: not granted: /nowhere"))
    #expect(!told.contains("cordon: not granted: \(granted)"))
    #expect(told.contains("which no server is shown: /proc/meminfo"))
    let paths = try events(scene, "refused-path")
    #expect(paths.contains { $0["path"].string == secret && $0["verdict"] == "not-granted" })
    #expect(paths.contains { $0["path"].string == granted && $0["verdict"] == "read-only" })
    #expect(try events(scene, "refused-destination").contains { $0["address"] == "192.0.2.1" })
  }

  @Test func aFileOfTheCallersHomeIsNamed() throws {
    let scene = try Scene()
    let name = ".cordon-test-\(UUID().uuidString.prefix(8))"
    let own = NSHomeDirectory() + "/" + name
    try Data("x".utf8).write(to: URL(filePath: own))
    defer { try? FileManager.default.removeItem(atPath: own) }
    let told = try run(scene, "asked.py", arguments: ["read", "/home/server/" + name]).errors
    #expect(told.contains("where the server's home has nothing and yours has \(own)"), "\(told)")
  }

  @Test func aPathCannotDrawOnTheTerminal() throws {
    let scene = try Scene()
    let told = try run(
      scene, "asked.py", arguments: ["make", "/usr/\u{1B}[2J\nhint: sudo rm -rf \u{202E}"]
    ).errors
    // The server's own last line has no end, and may stand before it.
    let line = try #require(
      told.split(separator: "\n").first { $0.contains("cordon: read-only: /usr/") }, "\(told)")
    #expect(line.contains("‹U+001B›[2J‹U+000A›hint: sudo rm -rf ‹U+202E›"), "\(line)")
  }

  @Test func anOrdinaryRunTellsNothingAndHasNoWitness() throws {
    let scene = try Scene()
    let counts = try [[], ["--verbose"]].map { options in
      let host = try Host(scene.example("notes_server.py", options: options), in: scene)
      defer { host.end() }
      try host.connect()
      let count = ProcessTree.below(host.pid).count
      let end = try host.leave()
      #expect(end["status"] == 0, "\(end)")
      #expect(
        end["stderr"].string?.contains("the server runs") == !options.isEmpty, "\(end)")
      return count
    }
    #expect(counts[1] == counts[0] + 1, "the witness alone is more: \(counts)")
    #expect(try !scene.auditText("notes").contains("\"refused-call\""))
  }

  // MARK: A hostile server

  @Test(arguments: identities)
  func aServerThatRagesHangsNothingAndFillsNothing(_ identity: String) throws {
    let scene = try Scene()
    let done = try run(scene, "raging.py", identity: identity, arguments: ["50000"])
    #expect(done.errors.contains("wrong 0"), "\(done.errors.suffix(2000))")
    #expect(done.seconds < 40, "\(done.seconds) s")
    let lines = done.errors.split(separator: "\n")
    #expect(lines.count < 300, "\(lines.count)")
    #expect(try scene.audit("probe").count < 200)
    #expect(done.errors.contains("more than are named here") || identity == "caller")
  }
}
