import Foundation
import Testing

/// The system calls of a server as a profile chooses them.
@Suite struct SystemCallTests {
  /// Runs one line of Python inside under a profile with this `system` object.
  func python(
    _ scene: Scene, system: String, options: [String] = [], _ script: String
  ) throws -> Finished {
    let profile = try scene.write(#"{ "system": \#(system) }"#, to: "calls.jsonc")
    return try Finished.run(
      scene.run(
        "calls", options: ["--profile", profile] + options,
        command: [Places.python, "-c", script]),
      environment: scene.environment)
  }

  static let personality = """
    import ctypes, os, sys
    libc = ctypes.CDLL(None, use_errno=True)
    got = libc.personality(0x0040000)
    print("allowed" if got >= 0 else os.strerror(ctypes.get_errno()), file=sys.stderr)
    """

  @Test func anAllowedCallIsToldInWords() throws {
    let scene = try Scene()
    let denied = try python(scene, system: "{}", Self.personality)
    #expect(denied.errors.contains("Operation not permitted"), "\(denied.errors)")
    #expect(!denied.errors.contains("system call allowed"))
    let allowed = try python(
      scene, system: #"{ "allow": ["personality", "read"] }"#, Self.personality)
    #expect(allowed.errors.contains("\nallowed\n"), "\(allowed.errors)")
    #expect(
      allowed.errors.contains(
        "system call allowed beyond the default filter: personality: memory at known places"))
    #expect(!allowed.errors.contains("filter: read"), "read is allowed anyway")
    let launch = try #require(scene.audit("calls").last { $0["event"] == "launch" })
    #expect(launch["systemCalls"] == "default")
    #expect(launch["allowedCalls"].array.count == 1)
    #expect(launch["allowedCalls"][0].string?.hasPrefix("personality: memory") == true)
  }

  @Test func aGraveCallHasToBeAcceptedByName() throws {
    let scene = try Scene()
    let script = "import socket, sys; socket.socket(40, 1); print('vsock', file=sys.stderr)"
    let refused = try python(scene, system: #"{ "allow": ["socket"] }"#, script)
    #expect(refused.status == 78, "\(refused.errors)")
    #expect(refused.errors.contains("socket: sockets of every family"))
    #expect(refused.errors.contains("--accept dangerous-calls"))
    let accepted = try python(
      scene, system: #"{ "allow": ["socket"] }"#, options: ["--accept", "dangerous-calls"], script)
    #expect(accepted.errors.contains("accepted: dangerous-calls"), "\(accepted.errors)")
    #expect(accepted.errors.contains("\nvsock\n"))
    let launch = try #require(scene.audit("calls").last { $0["event"] == "launch" })
    #expect(launch["accepted"].array.contains("dangerous-calls"))
  }

  @Test func aDeniedCallFails() throws {
    let scene = try Scene()
    let script = "import os, sys; os.symlink('a', '/tmp/b')"
    #expect(try !python(scene, system: "{}", script).errors.contains("Error"))
    let denied = try python(scene, system: #"{ "deny": ["symlink", "symlinkat"] }"#, script)
    #expect(denied.errors.contains("PermissionError"), "\(denied.errors)")
    let launch = try #require(scene.audit("calls").last { $0["event"] == "launch" })
    #expect(launch["deniedCalls"].array == ["symlink", "symlinkat"])
  }

  @Test func strictLacksWhatAServerOnAPipeDoesNotNeed() throws {
    let scene = try Scene()
    let script = "import os, sys; os.mkfifo('/tmp/fifo'); print('made', file=sys.stderr)"
    #expect(try python(scene, system: "{}", script).errors.contains("made"))
    let strict = try python(scene, system: #"{ "syscalls": "strict" }"#, script)
    #expect(strict.errors.contains("Function not implemented"), "\(strict.errors)")
    let opened = try python(
      scene, system: #"{ "syscalls": "strict", "allow": ["mknod", "mknodat"] }"#, script)
    #expect(opened.errors.contains("\nmade\n"), "\(opened.errors)")
    #expect(opened.errors.contains("mknodat: as in the default filter: "))
  }

  @Test func aServerOfTheUsualKindWorksUnderStrict() throws {
    let scene = try Scene()
    let profile = try scene.write(
      #"{ "system": { "syscalls": "strict" } }"#, to: "strict.jsonc")
    let host = try Host(
      scene.example("notes_server.py", options: ["--profile", profile]), in: scene)
    try host.connect()
    _ = try host.text(of: "add_note", ["title": "Kept", "text": "x"])
    #expect(try host.text(of: "list_notes") == "Kept")
    let ended = try host.leave()
    #expect(ended["status"].int == 0, "\(ended)")
  }

  @Test func theDryRunTellsWhatIsOpened() throws {
    let scene = try Scene()
    let profile = try scene.write(
      #"{ "system": { "syscalls": "strict", "allow": ["kill", "ptrace"], "deny": ["link"] } }"#,
      to: "calls.jsonc")
    let options = ["run", "--name", "calls", "--profile", profile, "--dry-run"]
    func dryRun(_ more: String...) throws -> Finished {
      try Finished.run(
        [Places.binary] + options + more + ["--", "/bin/true"], environment: scene.environment)
    }
    let text = try dryRun()
    #expect(text.output.contains("system calls: strict\n  allowed kill: as in the default filter"))
    #expect(text.output.contains("  allowed ptrace: the memory, registers and descriptors"))
    #expect(text.output.contains("  denied link\n"))
    let calls = try Value.parse(dryRun("--format", "json").output)["systemCalls"]
    #expect(calls["base"] == "strict")
    #expect(calls["allowed"].array.compactMap { $0["name"].string } == ["kill", "ptrace"])
    #expect(calls["denied"].array == ["link"])
  }

  /// From the profile alone: a launch that asks for less is another launch.
  @Test func theFilterIsPartOfWhatWasApproved() throws {
    let scene = try Scene()
    func arguments(_ base: String) throws -> [String] {
      let text = #"{ "system": { "syscalls": "\#(base)" } }"#
      let profile = try scene.write(text, to: "filter.jsonc")
      return scene.example("notes_server.py", options: ["--profile", profile])
    }
    let host = try Host(arguments("strict"), in: scene)
    try host.connect()
    _ = try host.tools()
    try host.leave()
    let changed = try Finished.run(arguments("default"), environment: scene.environment)
    #expect(changed.status == 77, "\(changed.errors)")
  }
}
