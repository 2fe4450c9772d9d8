import Foundation
import Testing

/// Grants that are refused, and what becomes possible where one is accepted by name.
@Suite struct GrantRefusalTests {
  func run(_ scene: Scene, _ options: [String], _ script: String = "true") throws -> Finished {
    try Finished.run(
      scene.run("shell", options: options, "/bin/sh", "-c", "{ \(script); } >&2"),
      environment: scene.environment)
  }

  // MARK: Sockets

  /// A program of the machine's listens in the granted directory, and outside it.
  struct Listening {
    let scene: Scene
    let workspace: Workspace
    let outside: String
    private let program: Driver

    init() throws {
      scene = try Scene()
      workspace = try Workspace(scene, files: ["sub/file"])
      outside = scene.folder + "/service"
      try FileManager.default.createDirectory(
        atPath: outside, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
      program = try Driver(
        [
          Places.python, Places.probes + "/answering.py", workspace.folder + "/sub/socket",
          workspace.copy + "/sub/socket", outside + "/socket", outside + "/other",
        ], environment: scene.environment)
      _ = try program.receive()
    }
  }

  @Test(arguments: ["--read-only", "--read-write"])
  func aSocketInAGrantedDirectory(option: String) throws {
    let listening = try Listening()
    let workspace = listening.workspace
    let refused = try run(listening.scene, [option, workspace.folder])
    #expect(refused.status == 78, "\(refused.errors)")
    #expect(refused.errors.contains(workspace.folder + "/sub/socket"))
    #expect(refused.errors.contains("sockets-in-grants"))
    // Accepted by name, what is there at the start is still hidden.
    let (outcomes, done) = try workspace.attempts(
      ["connect sub/socket", "read sub/file"],
      options: [option, workspace.folder, "--accept", "sockets-in-grants"])
    #expect(outcomes["connect sub/socket"] == "EACCES", "\(done.errors)")
    #expect(outcomes["read sub/file"] == "OK")
    #expect(done.errors.contains("accepted: sockets-in-grants"))
  }

  @Test func aSocketItself() throws {
    let listening = try Listening()
    let socket = listening.outside + "/socket"
    let refused = try run(listening.scene, ["--read-only", socket])
    #expect(refused.status == 78 && refused.errors.contains(#""sockets""#), "\(refused.errors)")
  }

  @Test(arguments: Workspace.identities)
  func aSocketThatIsGrantedByName(identity: String) throws {
    let listening = try Listening()
    let outside = listening.outside
    _ = try listening.scene.write(
      #"{ "filesystem": { "sockets": ["\#(outside)/socket"] } }"#,
      to: "config/profiles/service.jsonc")
    let attempts = ["connect \(outside)/socket", "connect \(outside)/other"]
    let (outcomes, done) = try listening.workspace.attempts(
      attempts, options: ["--identity", identity, "--profile", "service"])
    #expect(outcomes[attempts[0]] == "OK", "\(done.errors)")
    #expect(outcomes[attempts[1]] == "ENOENT")
    #expect(done.errors.contains("socket granted: \(outside)/socket"))
  }

  @Test func aGrantedSocketIsPartOfWhatIsApproved() throws {
    let listening = try Listening()
    let scene = listening.scene
    _ = try scene.write(
      #"{ "filesystem": { "sockets": ["\#(listening.outside)/socket"] } }"#,
      to: "config/profiles/service.jsonc")
    let host = try Host(scene.example("notes_server.py"), in: scene)
    try host.connect()
    _ = try host.tools()
    try host.leave()
    let done = try Finished.run(
      scene.example("notes_server.py", options: ["--profile", "service"]),
      environment: scene.environment)
    #expect(done.status == 77, "\(done.errors)")
  }

  /// What the server makes itself is its own, wherever it may write.
  @Test func socketsOfTheServersOwn() throws {
    let workspace = try Workspace(Scene())
    let (outcomes, done) = try workspace.attempts(
      ["serve own"], alike: ["serve /home/server/own", "serve /tmp/own"],
      options: ["--identity", "caller", "--read-write", workspace.folder])
    for attempt in ["serve own", "serve /home/server/own", "serve /tmp/own"] {
      #expect(outcomes[attempt] == "OK", "\(done.errors)")
    }
  }

  // MARK: Homes, the disk, Cordon's own

  @Test func aHomeDirectory() throws {
    let scene = try Scene()
    let home = NSHomeDirectory()
    for path in [home, URL(filePath: home).deletingLastPathComponent().path(percentEncoded: false)]
    where path != "/" {
      let refused = try run(scene, ["--read-only", path])
      #expect(refused.status == 78, "\(path): \(refused.errors)")
      #expect(refused.errors.contains("grant-of-home"), "\(refused.errors)")
    }
    let accepted = try run(
      scene,
      [
        "--identity", "caller", "--read-only", home, "--accept", "grant-of-home", "--accept",
        "sockets-in-grants",
      ], "ls -a \(home) && touch \(home)/written")
    #expect(accepted.errors.contains("accepted: grant-of-home"), "\(accepted.errors)")
    #expect(accepted.errors.contains("Read-only file system"), "\(accepted.errors)")
  }

  @Test func theWholeDisk() throws {
    let scene = try Scene()
    #expect(try run(scene, ["--read-only", "/"]).errors.contains("grant-of-root"))
    let accepted = try run(
      scene,
      ["--read-only", "/", "--accept", "grant-of-root", "--accept", "sockets-in-grants"],
      "ls -d /etc/hostname /srv /proc/self; ls \(scene.folder)/state; touch /etc/written")
    #expect(accepted.errors.contains("accepted: grant-of-root"), "\(accepted.errors)")
    #expect(accepted.errors.contains("\n/srv\n"), "\(accepted.errors)")
    // The sandbox has its own /tmp, and Cordon's stores are nowhere.
    #expect(accepted.errors.contains("No such file"), "\(accepted.errors)")
    #expect(accepted.errors.contains("Read-only file system"), "\(accepted.errors)")
  }

  @Test func anotherNameOfCordonsConfiguration() throws {
    let scene = try Scene()
    let definition = try scene.write(#"{ "command": "true" }"#, to: "config/servers/x.jsonc")
    let workspace = try Workspace(scene, files: ["file"])
    try FileManager.default.linkItem(atPath: definition, toPath: workspace.folder + "/harmless")
    for option in ["--read-only", "--read-write"] {
      let refused = try run(scene, [option, workspace.folder])
      #expect(refused.status == 78, "\(refused.errors)")
      #expect(refused.errors.contains("Cordon's own"), "\(refused.errors)")
    }
  }

  @Test func theServersOwnProgramIsNotTheServersToWrite() throws {
    let scene = try Scene()
    let script = try scene.write("pass\n", to: "program/server.py", permissions: 0o644)
    let done = try Finished.run(
      scene.run(
        "own", options: ["--read-write", scene.folder + "/program"], Places.python, script),
      environment: scene.environment)
    #expect(done.status == 78, "\(done.errors)")
    #expect(done.errors.contains("decides what runs"), "\(done.errors)")
  }

  // MARK: Mounts inside

  /// In a mount namespace of the test's own; without root with a user namespace around it, in which
  /// the caller stays who they are.
  func enclosed(_ scene: Scene, _ mounts: String, _ command: [String]) throws -> Finished {
    let namespaces =
      Places.isRoot ? ["--mount"] : ["--user", "--map-current-user", "--keep-caps", "--mount"]
    let words = command.map { "'\($0.replacingOccurrences(of: "'", with: "'\\''"))'" }
    return try Finished.run(
      ["/usr/bin/unshare"] + namespaces
        + ["--", "/bin/sh", "-c", "set -e; \(mounts); exec \(words.joined(separator: " "))"],
      environment: scene.environment)
  }

  @Test func aMountInsideAppearsWithTheGrantsRights() throws {
    let scene = try Scene()
    let workspace = try Workspace(scene, files: ["inner/below", "file"])
    let mounts = "mount -t tmpfs -o mode=777 none \(workspace.folder)/inner"
    let script =
      "cd \(workspace.folder); ls inner; touch inner/made && echo made; umount inner; ls inner"
    for (option, isWritten) in [("--read-only", false), ("--read-write", true)] {
      let done = try enclosed(
        scene, mounts,
        scene.run(
          "shell\(option.count)", options: ["--identity", "caller", option, workspace.folder],
          "/bin/sh", "-c", "{ \(script); } >&2"))
      // What the mount covers stays covered.
      #expect(!done.errors.contains("below"), "\(done.errors)")
      #expect(done.errors.contains("made\n") == isWritten, "\(done.errors)")
      #expect(done.errors.contains("Read-only file system") == !isWritten, "\(done.errors)")
    }
  }

  @Test func aBindMountIsNoWayToCordonsOwn() throws {
    let scene = try Scene()
    let workspace = try Workspace(scene, files: ["inner/below"])
    for source in ["state", "config/servers"] {
      let done = try enclosed(
        scene, "mount --bind \(scene.folder)/\(source) \(workspace.folder)/inner",
        scene.run(
          "shell", options: ["--identity", "caller", "--read-only", workspace.folder], "/bin/true"))
      #expect(done.status == 78, "\(done.errors)")
      #expect(done.errors.contains("Cordon's own"), "\(done.errors)")
    }
  }

  @Test func theKernelsFileSystemsAreNotGranted() throws {
    let scene = try Scene()
    let workspace = try Workspace(scene, files: ["inner/below"])
    let done = try enclosed(
      scene, "mount --rbind /proc \(workspace.folder)/inner",
      scene.run(
        "shell", options: ["--identity", "caller", "--read-only", workspace.folder], "/bin/true"))
    #expect(done.status == 78, "\(done.errors)")
    #expect(done.errors.contains("the kernel's proc"), "\(done.errors)")
  }
}
