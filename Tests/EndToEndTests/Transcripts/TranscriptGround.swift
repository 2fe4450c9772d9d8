import Foundation

/// A place for two sessions with one server, without Cordon and through it, and what passed in them.
struct TranscriptGround {
  let scene: Scene
  private let server: [String]
  private let options: [String]

  /// What the servers and clients declare beside the protocol's own: nothing of it passes unnamed.
  private static let profile = """
    {
      "protocol": {
        "extensions": [
          "io.modelcontextprotocol/tasks", "com.example/echo", "com.example/x", "com.example/y"
        ]
      }
    }
    """

  init(server: [String], options: [String] = []) throws {
    self.server = server
    scene = try Scene()
    self.options = try options + ["--profile", scene.write(Self.profile, to: "profile.jsonc")]
    for name in ["outside", "inside", "server", "roots/0", "roots/1"] {
      try FileManager.default.createDirectory(
        atPath: scene.folder + "/" + name, withIntermediateDirectories: true)
      // The server writes with a UID of its own.
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o777], ofItemAtPath: scene.folder + "/" + name)
    }
  }

  /// A directory of directories that the client may name as roots: the server may read them.
  var roots: String { scene.folder + "/roots" }

  /// The server without Cordon.
  var outside: [String] { recorded("outside", server) }

  /// The server through Cordon, recorded on both sides of it.
  var inside: [String] {
    recorded(
      "inside",
      scene.run(
        "everything",
        options: [
          "--read-only", Places.peers, "--read-only", roots, "--read-write",
          scene.folder + "/server",
        ] + options, command: recorded("server", server)))
  }

  private func recorded(_ name: String, _ command: [String]) -> [String] {
    [Places.python, Places.peers + "/recorder.py", scene.folder + "/" + name, "--"] + command
  }

  /// Once both sessions are over.
  func comparison() throws -> TranscriptComparison {
    func transcript(_ name: String) throws -> Transcript {
      try Transcript(recordedIn: scene.folder + "/" + name)
    }
    return TranscriptComparison(
      direct: try transcript("outside"), host: try transcript("inside"),
      server: try transcript("server"))
  }
}
