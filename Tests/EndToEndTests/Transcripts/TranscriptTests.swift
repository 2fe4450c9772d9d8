import Foundation
import Testing

/// A client and a server that use all of the protocol, of both generations of the official SDK and in
/// every mode: what passes between them through Cordon is what passes without it.
@Suite(.serialized) struct TranscriptTests {
  struct Pair: Sendable, CustomTestStringConvertible {
    let client: SDKClient
    let server: String
    var testDescription: String { "client \(client.rawValue), server \(server)" }

    var isModern: Bool { server == "sdk2" && (client == .sdk2 || client == .sdk2Modern) }
    /// Whether its transcript is changed line by line to see that each change is found.
    var isMutated: Bool { hasTasks || (isModern && client == .sdk2) }
    /// Only the older SDK has the tasks of 2025-11-25, as client and as server.
    var hasTasks: Bool { server == "sdk1" && client == .sdk1 }
  }

  static let pairs =
    [SDKClient.sdk1, .sdk2, .sdk2Legacy].map { Pair(client: $0, server: "sdk1") }
    + SDKClient.allCases.map { Pair(client: $0, server: "sdk2") }

  /// What has to have passed for the comparison to say something.
  static func methods(of pair: Pair) -> (toServer: Set<String>, toHost: Set<String>) {
    var toServer: Set = [
      "tools/list", "tools/call", "prompts/list", "prompts/get", "resources/list", "resources/read",
      "resources/templates/list", "completion/complete", "notifications/cancelled",
    ]
    var toHost: Set = [
      "notifications/progress", "notifications/message", "notifications/resources/updated",
      "notifications/tools/list_changed", "notifications/prompts/list_changed",
      "notifications/resources/list_changed",
    ]
    if pair.isModern {
      toServer.formUnion([
        "subscriptions/listen", "tasks/get", "tasks/update", "tasks/cancel", "com.example/echo",
      ])
      toHost.formUnion(["notifications/subscriptions/acknowledged", "notifications/tasks"])
    } else {
      toServer.formUnion([
        "initialize", "notifications/initialized", "ping", "logging/setLevel",
        "resources/subscribe",
        "resources/unsubscribe", "notifications/progress", "notifications/roots/list_changed",
      ])
      toHost.formUnion([
        "ping", "sampling/createMessage", "elicitation/create", "roots/list",
        "notifications/elicitation/complete",
      ])
    }
    if pair.client == .sdk2 { toServer.insert("server/discover") }
    if pair.hasTasks {
      toServer.formUnion(["tasks/get", "tasks/result", "tasks/list", "tasks/cancel"])
      toHost.insert("notifications/tasks/status")
    }
    return (toServer, toHost)
  }

  @Test(arguments: pairs)
  func whatPassesIsWhatPassesWithoutCordon(pair: Pair) throws {
    let ground = try Self.ground(pair)
    let outside = try play(pair, ground, "outside", ground.outside)
    let inside = try play(pair, ground, "inside", ground.inside)
    // What either client saw of it.
    #expect(inside == outside)
    let comparison = try ground.comparison()
    for difference in comparison.differences() { Issue.record("\(difference)") }
    let methods = Self.methods(of: pair)
    #expect(Set(comparison.direct.toServer.compactMap(\.method)).isSuperset(of: methods.toServer))
    #expect(Set(comparison.direct.toHost.compactMap(\.method)).isSuperset(of: methods.toHost))
    if pair.isModern {
      let asked = comparison.direct.toHost.flatMap {
        $0.message["result"]["inputRequests"].object.values
      }
      #expect(
        Set(asked.compactMap { $0["method"].string })
          == ["sampling/createMessage", "elicitation/create", "roots/list"])
      #expect(comparison.direct.toHost.contains { $0.message["result"]["resultType"] == "task" })
    }
    // The same code compares every pair.
    if pair.isMutated { expectEveryChangeIsSeen(in: comparison) }
  }

  /// Forty requests under way at once, the server's own questions among them: each gets what is its own.
  @Test(arguments: pairs.filter(\.isMutated))
  func whatIsAskedAtOncePassesRequestByRequest(pair: Pair) throws {
    let ground = try Self.ground(pair)
    let outside = try play(pair, ground, "outside", ground.outside, atOnce: true)
    let inside = try play(pair, ground, "inside", ground.inside, atOnce: true)
    #expect(inside[0] == outside[0])
    var comparison = try ground.comparison()
    comparison.isInOrder = false
    #expect(comparison.direct.toServer.count { $0.method != nil } > 40)
    for difference in comparison.differences() { Issue.record("\(difference)") }
    expectEveryChangeIsSeen(in: comparison)
  }

  /// What no SDK says: the peers say it as a script has it, byte for byte.
  @Test(arguments: ["legacy", "modern"])
  func whatAScriptSaysPassesAsItStands(script: String) throws {
    let path = Places.peers + "/\(script).txt"
    let peer = [Places.python, Places.peers + "/scripted.py", path]
    let ground = try TranscriptGround(server: peer)
    for command in [ground.outside, ground.inside] {
      let done = try Finished.run(peer + command, environment: ground.scene.environment)
      try #require(done.status == 0, "\(done.errors)")
    }
    let comparison = try ground.comparison()
    for difference in comparison.differences() { Issue.record("\(difference)") }
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    for (mark, said) in [("> ", comparison.direct.toServer), ("< ", comparison.direct.toHost)] {
      #expect(
        said.map(\.text) == lines.filter { $0.hasPrefix(mark) }.map { String($0.dropFirst(2)) })
    }
    expectEveryChangeIsSeen(in: comparison)
  }

  private static func ground(_ pair: Pair) throws -> TranscriptGround {
    let environment = Places.environments + "/" + pair.server
    return try TranscriptGround(
      server: [
        environment + "/bin/python", Places.peers + "/everything\(pair.server.last ?? "0").py",
      ],
      options: ["--read-only", environment])
  }

  /// Plays the scenario; gives what the client saw.
  private func play(
    _ pair: Pair, _ ground: TranscriptGround, _ name: String, _ command: [String],
    atOnce: Bool = false
  ) throws -> Value {
    let errors = ground.scene.folder + "/\(name).stderr"
    let plan: Value = [
      "mode": .string(pair.client.mode), "argv": Value(command),
      "environment": Value(ground.scene.environment), "stderr": .string(errors),
      "root": .string(ground.roots), "answersCancelled": .bool(pair.server == "sdk1"),
      "atOnce": .bool(atOnce),
    ]
    let generation = pair.client.generation
    let done = try Finished.run(
      [
        Places.environments + "/\(generation)/bin/python",
        Places.peers + "/client\(generation.last ?? "0").py", plan.text,
      ], environment: ground.scene.environment, seconds: 90)
    let said = (try? String(contentsOfFile: errors, encoding: .utf8)) ?? ""
    try #require(done.status == 0, "\(name): \(done.errors)\n\(said)")
    return try Value.parse(done.output)
  }

  /// The comparison would have failed: every line that were missing, changed or in another place.
  private func expectEveryChangeIsSeen(in comparison: TranscriptComparison) {
    let places: [WritableKeyPath<TranscriptComparison, [Transcript.Line]>] = [
      \.host.toServer, \.host.toHost, \.server.toServer, \.server.toHost,
    ]
    for place in places {
      let lines = comparison[keyPath: place]
      for number in lines.indices {
        var missing = comparison
        missing[keyPath: place].remove(at: number)
        #expect(!missing.differences().isEmpty, "without \(lines[number].bytes)")
        var changed = comparison
        var bytes = lines[number].bytes
        bytes[bytes.count / 2] ^= 1
        changed[keyPath: place][number] = Transcript.Line(bytes)
        #expect(!changed.differences().isEmpty, "changed: \(lines[number].bytes)")
        guard number > 0, lines[number].bytes != lines[number - 1].bytes,
          !lines[number].isCordons, !lines[number - 1].isCordons,
          comparison.isInOrder || lines[number].request == lines[number - 1].request
        else { continue }
        var moved = comparison
        moved[keyPath: place].swapAt(number - 1, number)
        #expect(!moved.differences().isEmpty, "moved: \(lines[number].bytes)")
      }
    }
  }
}
