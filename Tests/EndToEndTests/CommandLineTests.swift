import Foundation
import Testing

/// `cordon` as a command: what it refuses, with which status, and what it says before a launch.
@Suite struct CommandLineTests {
  @Test(arguments: [
    ([], 64), (["no-such-command"], 64), (["run"], 64), (["run", "--no-such-option", "x"], 64),
    (["run", "--name", "a/b", "--", "/bin/true"], 64), (["run", "--name", "x", "--"], 64),
    (["run", "not-defined"], 66),
    (["run", "--name", "x", "--profile", "nope", "--", "/bin/true"], 78),
    (["run", "--name", "x", "--allow", "*.com:443", "--", "/bin/true"], 64),
    (["run", "--name", "x", "--", "no-such-program-anywhere"], 127),
    (["run", "--name", "x", "--", "/no/such/program"], 127),
    (["approve", "nobody", "--manifest", String(repeating: "0", count: 64)], 66),
    (["manifest", "show", "nobody"], 66), (["doctor", "x"], 64), (["wrap", "x"], 64),
    (["--help"], 0),
    (["run", "--help"], 0), (["--version"], 0),
  ])
  func statusOfACommandLine(arguments: [String], status: Int) throws {
    let scene = try Scene()
    let done = try Finished.run([Places.binary] + arguments, environment: scene.environment)
    #expect(done.status == status, "\(arguments): \(done.errors)")
    if status != 0 {
      #expect(done.output.isEmpty || status == 1)
      #expect(done.errors.contains("cordon: error: "), "\(done.errors)")
    } else {
      #expect(!done.output.isEmpty)
    }
  }

  @Test func aRefusedLaunchAnswersTheFirstRequest() throws {
    let scene = try Scene()
    let host = try Host(
      scene.run("x", options: ["--read-only", "/nowhere/at/all"], "/bin/true"), in: scene)
    let answer = try host.attempt("connect", ["era": "legacy", "seconds": 5])
    #expect(answer["error"]["code"] == -32603, "\(answer)")
    let ended = try host.order("wait", ["seconds": 5])
    #expect(ended["status"] == 78, "\(ended)")
    #expect(ended["stderr"].string?.contains("/nowhere/at/all") == true)
  }

  @Test func aDefinedServerRuns() throws {
    let scene = try Scene()
    _ = try scene.write(
      """
      {
        // A server of the user's own.
        "command": "\(Places.python)",
        "args": ["\(Places.examples)/notes_server.py"],
        "profile": "python",
        "filesystem": { "readOnly": ["\(Places.examples)"] },
        "environment": { "set": { "GREETING": "hello" } },
        "manifest": { "firstUse": "trust" },
      }
      """, to: "config/servers/notes.jsonc")
    let host = try Host([Places.binary, "run", "notes"], in: scene)
    try host.connect(.modern)
    let inside = try Value.parse(host.text(of: "inspect_sandbox"))
    #expect(inside["environment"]["GREETING"] == "hello")
    try host.leave()
    let clash = try scene.cordon("run", "--name", "notes", "--", "/bin/true")
    #expect(clash.status == 64)
  }

  @Test func aDefinitionThatAsksForMoreThanIsEnforcedIsRefused() throws {
    let scene = try Scene()
    for (field, named) in [
      (#""network": { "upstream": "proxy.example.com:3128" }"#, "network.upstream"),
      (#""network": { "allow": ["*.com:443"] }"#, "*.com"),
      (#""tools": { "allow": ["*"] }"#, "tools.allow"),
      (#""filesytem": {}"#, "filesytem"),
    ] {
      _ = try scene.write(
        "{ \"command\": \"/bin/true\",\n  \(field) }", to: "config/servers/odd.jsonc")
      let done = try scene.cordon("run", "odd")
      #expect(done.status == 78, "\(field): \(done.errors)")
      #expect(done.errors.contains(named))
      #expect(done.errors.contains("odd.jsonc:2:"))
    }
  }

  @Test func aDryRunTellsThePlanAndStartsNothing() throws {
    let scene = try Scene()
    let marker = scene.folder + "/started"
    let argv = scene.run(
      "x", options: ["--dry-run", "--read-write", scene.folder], "/usr/bin/touch", marker)
    let plan = try Finished.run(argv, environment: scene.environment)
    // A grant may not cover the configuration and the state.
    #expect(plan.status != 0)
    let granted = scene.folder + "/data"
    try FileManager.default.createDirectory(atPath: granted, withIntermediateDirectories: true)
    let allowed = try Finished.run(
      scene.run(
        "x", options: ["--dry-run", "--read-only", granted], "/usr/bin/touch", granted + "/started"),
      environment: scene.environment)
    #expect(allowed.status == 0, "\(allowed.errors)")
    #expect(allowed.output.contains(granted))
    #expect(!FileManager.default.fileExists(atPath: granted + "/started"))
  }

  @Test func anArgumentThatIsNotGrantedIsPointedOut() throws {
    let scene = try Scene()
    let file = try scene.write("x", to: "data/file.txt", permissions: 0o644)
    let done = try Finished.run(
      scene.run("x", "/usr/bin/cat", file), environment: scene.environment)
    #expect(done.errors.contains("--read-only"), "\(done.errors)")
    #expect(done.errors.contains("file.txt"))
  }

  @Test func aScriptRunsByItsShebang() throws {
    let scene = try Scene()
    let host = try Host(
      scene.run(
        "notes", options: ["--read-only", Places.examples], Places.examples + "/notes_server.py"),
      in: scene)
    try host.connect()
    #expect(try host.tools().count == 4)
    try host.leave()
  }

  @Test func theBinaryIsOneStaticFile() throws {
    let scene = try Scene()
    let copy = scene.folder + "/copied"
    try CopiedProgram.make(of: Places.binary, at: copy)
    let done = try Finished.run([copy, "--version"], environment: [:])
    #expect(done.status == 0)
    let header = try Finished.run(
      ["/usr/bin/readelf", "--program-headers", copy], environment: scene.environment)
    #expect(header.status == 0)
    #expect(!header.output.contains("INTERP"))
  }
}
