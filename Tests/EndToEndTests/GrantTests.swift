import Foundation
import Testing

/// What is granted, and to whom what a server writes belongs.
@Suite struct GrantTests {
  /// A shell inside: its words go to stderr, which Cordon passes on.
  func shell(_ scene: Scene, _ script: String, options: [String]) throws -> Finished {
    try Finished.run(
      scene.run("shell", options: options, "/bin/sh", "-c", script + " >&2"),
      environment: scene.environment)
  }

  func folder(_ scene: Scene) throws -> String {
    let folder = scene.folder + "/granted"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
    _ = try scene.write("the user's words\n", to: "granted/file", permissions: 0o644)
    return folder
  }

  @Test func aReadOnlyGrantCanBeReadAndNothingElse() throws {
    let scene = try Scene()
    let folder = try folder(scene)
    let done = try shell(
      scene,
      "cat \(folder)/file; echo x > \(folder)/file; echo x > \(folder)/new; rm \(folder)/file",
      options: ["--read-only", folder])
    #expect(done.errors.contains("the user's words"))
    #expect(done.errors.contains("Read-only file system"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["file"])
  }

  /// What a link of the host leads to is part of what was approved: another server may have
  /// planted it.
  @Test func aGrantThatLeadsElsewhereIsAnotherLaunch() throws {
    let scene = try Scene()
    let files = FileManager.default
    for name in ["one", "two"] {
      try files.createDirectory(
        atPath: scene.folder + "/" + name, withIntermediateDirectories: true)
    }
    let link = scene.folder + "/link"
    try files.createSymbolicLink(atPath: link, withDestinationPath: scene.folder + "/one")
    let arguments = scene.example("notes_server.py", options: ["--read-only", link])
    let first = try Host(arguments, in: scene)
    try first.connect()
    _ = try first.tools()
    try first.leave()
    try files.removeItem(atPath: link)
    try files.createSymbolicLink(atPath: link, withDestinationPath: scene.folder + "/two")
    let done = try Finished.run(arguments, environment: scene.environment)
    #expect(done.status == 77, "\(done.errors)")
  }

  @Test func aClosedStandardErrorDoesNotBecomeTheAuditLog() throws {
    let scene = try Scene()
    let command = scene.run("shell", "/bin/sh", "-c", "echo FORGED >&2")
    let line = command.map { "'\($0)'" }.joined(separator: " ") + " 2>&-"
    let done = try Finished.run(["/bin/sh", "-c", line], environment: scene.environment)
    #expect(done.status == 0)
    let log = try String(contentsOfFile: scene.folder + "/state/audit/shell.jsonl", encoding: .utf8)
    #expect(log.contains(#""event":"launch""#))
    #expect(!log.contains("FORGED"))
  }

  /// Some hosts leave SIGCHLD ignored, and a child inherits that.
  @Test func anIgnoredChildSignalLosesNoStatus() throws {
    let scene = try Scene()
    let script =
      "import os, signal, sys; signal.signal(signal.SIGCHLD, signal.SIG_IGN); "
      + "os.execv(sys.argv[1], sys.argv[1:])"
    let done = try Finished.run(
      [Places.python, "-c", script] + scene.run("shell", "/bin/sh", "-c", "exit 3"),
      environment: scene.environment)
    #expect(done.errors.contains("exit 3"), "\(done.errors)")
  }

  @Test func aStateDirectoryThatOthersCanWriteIsRefused() throws {
    let scene = try Scene()
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o777], ofItemAtPath: scene.folder + "/state")
    let done = try Finished.run(
      scene.run("shell", "/bin/sh", "-c", "exit 3"), environment: scene.environment)
    #expect(done.status == 74, "\(done.errors)")
  }

  /// As root the mount is id-mapped; an ordinary user has to say that the server is to be them.
  @Test func whatAServerWritesBelongsToTheUser() throws {
    let scene = try Scene()
    let folder = try folder(scene)
    let identity = Places.isRoot ? "separate" : "caller"
    let done = try shell(
      scene, "(umask 022; echo mine > \(folder)/new; echo more >> \(folder)/file; id -u)",
      options: ["--read-write", folder, "--identity", identity])
    #expect(done.status == 0, "\(done.errors)")
    let new = try FileManager.default.attributesOfItem(atPath: folder + "/new")
    #expect(new[.ownerAccountID] as? Int == Int(geteuid()))
    #expect(try String(contentsOfFile: folder + "/new", encoding: .utf8) == "mine\n")
    #expect(
      try String(contentsOfFile: folder + "/file", encoding: .utf8) == "the user's words\nmore\n")
  }

  @Test func theStoresCannotBeGranted() throws {
    let scene = try Scene()
    for path in [scene.folder + "/state", scene.folder + "/config", scene.folder, "/"] {
      let done = try shell(scene, "true", options: ["--read-only", path])
      #expect([64, 77, 78].contains(done.status), "\(path): \(done.errors)")
      #expect(done.errors.contains("cordon: error:"))
    }
  }

  @Test func theRootAndTheSystemCannotBeWritten() throws {
    let scene = try Scene()
    let done = try shell(
      scene,
      "for p in / /usr /usr/bin /etc /dev /proc /home; do"
        + " touch $p/written 2>/dev/null && echo wrote $p; done;"
        + " touch /tmp/a /home/server/a /dev/shm/a && echo private places work",
      options: [])
    #expect(!done.errors.contains("wrote "), "\(done.errors)")
    #expect(done.errors.contains("private places work"), "\(done.errors)")
  }

  @Test func limitsHold() throws {
    let scene = try Scene()
    _ = try scene.write(
      """
      {
        "command": "/bin/bash",
        "args": ["-c", "ulimit -n >&2; ulimit -c >&2; ulimit -u >&2"],
        "limits": { "openFiles": 99, "processes": 21 },
      }
      """, to: "config/servers/limited.jsonc")
    let done = try scene.cordon("run", "limited")
    let numbers = done.errors.split(separator: "\n").filter { Int($0) != nil }
    #expect(numbers == ["99", "0", "21"], "\(done.errors)")
  }
}
