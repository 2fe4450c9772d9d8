import Foundation
import Testing

/// The official SDK of both generations, in each of its modes, with servers of both eras: what the
/// pair does without Cordon it does through Cordon, word for word.
@Suite struct SDKTests {
  static let legacy: [SDKClient] = [.sdk1, .sdk2, .sdk2Legacy]

  static let servers: [ScenarioServer] =
    [("sdk1", legacy), ("sdk2", SDKClient.allCases)].flatMap { generation, clients in
      [
        ScenarioServer(
          name: "mcp-server-time on \(generation)",
          command: { _ in
            [program("mcp-server-time", generation), "--local-timezone=UTC"]
          },
          calls: [
            [
              "convert_time",
              ["source_timezone": "UTC", "time": "12:00", "target_timezone": "UTC"],
            ],
            ["get_current_time", ["timezone": "Nowhere/Nothing"]],
          ],
          clients: clients),
        ScenarioServer(
          name: "mcp-server-git on \(generation)",
          command: { scene in
            [program("mcp-server-git", generation), "--repository", try repository(in: scene)]
          },
          options: { scene in
            ["--read-only", scene.folder + "/repository"]
              + trustedRepositories.flatMap { ["--env", "\($0)=\($1)"] }
          },
          calls: .array([
            ["git_log", ["repo_path": "REPOSITORY", "max_count": 3]],
            ["git_status", ["repo_path": "REPOSITORY"]],
          ]),
          environment: trustedRepositories,
          clients: clients),
      ]
    } + [
      notes("both", SDKClient.allCases), notes("legacy", legacy),
      notes("modern", [.sdk2, .sdk2Modern]),
    ]

  static func program(_ name: String, _ generation: String) -> String {
    Places.environments + "/\(generation)/bin/" + name
  }

  static func notes(_ era: String, _ clients: [SDKClient]) -> ScenarioServer {
    ScenarioServer(
      name: "notes, \(era)",
      command: { _ in
        [Places.python, Places.examples + "/notes_server.py", "--era", era, "--page-size", "3"]
      },
      options: { _ in ["--read-only", Places.examples] },
      calls: [
        ["add_note", ["title": "Tea", "text": "green"]],
        ["read_note", ["title": "tea"]],
        ["read_note", ["title": "nothing of the kind"]],
      ],
      clients: clients)
  }

  /// Git refuses a repository of another user unless it is told; a server's UID is its own.
  static let trustedRepositories = [
    "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*",
  ]

  static func repository(in scene: Scene) throws -> String {
    let folder = scene.folder + "/repository"
    guard !FileManager.default.fileExists(atPath: folder) else { return folder }
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
    for arguments in [
      ["init", "--quiet", "--initial-branch=main"],
      [
        "-c", "user.name=Test", "-c", "user.email=test@localhost", "commit", "--quiet",
        "--allow-empty", "--message=First",
      ],
    ] {
      let done = try Finished.run(
        ["/usr/bin/git", "-C", folder] + arguments, environment: scene.environment)
      try #require(done.status == 0, "git \(arguments): \(done.errors)")
    }
    return folder
  }

  static let pairs = servers.flatMap { server in server.clients.map { Pair($0, server) } }

  struct Pair: Sendable, CustomTestStringConvertible {
    let client: SDKClient
    let server: ScenarioServer
    init(_ client: SDKClient, _ server: ScenarioServer) {
      self.client = client
      self.server = server
    }
    var testDescription: String { "\(server.name) with \(client.rawValue)" }
  }

  @Test(arguments: pairs)
  func pairWorksThroughCordonAsItDoesWithout(pair: Pair) throws {
    let scene = try Scene()
    let command = try pair.server.command(scene)
    let calls = try Value.parse(
      pair.server.calls.text.replacing("REPOSITORY", with: scene.folder + "/repository"))
    let home = scene.folder + "/direct-home"
    let direct = try outcome(
      pair, command, calls, scene, pair.server.environment.merging(["HOME": home]) { $1 })
    let contained = try outcome(
      pair, scene.run("server", options: pair.server.options(scene), command: command), calls,
      scene, [:])
    #expect(contained["version"] == direct["version"])
    #expect(contained["instructions"] == direct["instructions"])
    #expect(contained["tools"] == direct["tools"])
    #expect(!direct["tools"].array.isEmpty)
    #expect(contained["calls"].array.count == direct["calls"].array.count)
    for (inside, outside) in zip(contained["calls"].array, direct["calls"].array) {
      #expect(inside["isError"] == outside["isError"])
      let text = outside["text"].string?.replacing(home, with: "/home/server")
      #expect(inside["text"].string == text)
    }
  }

  private func outcome(
    _ pair: Pair, _ argv: [String], _ calls: Value, _ scene: Scene, _ adding: [String: String]
  ) throws -> Value {
    let scenario = try Scenario(pair.client, argv, calls: calls, in: scene, adding: adding)
    do {
      let outcome = try scenario.round()
      scenario.end()
      return outcome
    } catch {
      Issue.record("\(argv): \(error)\n\(scenario.errors)")
      throw error
    }
  }
}
