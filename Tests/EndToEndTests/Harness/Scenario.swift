import Foundation
import Testing

/// Which official SDK plays the client, and how it opens.
enum SDKClient: String, CaseIterable, Sendable, CustomTestStringConvertible {
  case sdk1 = "1.x"
  case sdk2 = "2.x, asking first"
  case sdk2Legacy = "2.x, legacy"
  case sdk2Modern = "2.x, modern"

  var generation: String { self == .sdk1 ? "sdk1" : "sdk2" }
  var mode: String {
    switch self {
    case .sdk1, .sdk2Legacy: "legacy"
    case .sdk2: "auto"
    case .sdk2Modern: "2026-07-28"
    }
  }
  var testDescription: String { rawValue }
}

/// A server that a scenario plays against.
struct ScenarioServer: Sendable, CustomTestStringConvertible {
  let name: String
  /// Given a scene's folder: the command.
  let command: @Sendable (_ scene: Scene) throws -> [String]
  var options: @Sendable (_ scene: Scene) throws -> [String] = { _ in [] }
  let calls: Value
  var environment: [String: String] = [:]
  /// The clients that work with this server without Cordon.
  let clients: [SDKClient]

  var testDescription: String { name }
}

/// One client process of an official SDK.
final class Scenario {
  private let driver: Driver
  private let errorFile: String

  init(
    _ client: SDKClient, _ argv: [String], calls: Value, pause: Bool = false, in scene: Scene,
    adding: [String: String] = [:]
  ) throws {
    errorFile = scene.folder + "/client-" + UUID().uuidString + ".stderr"
    let plan: Value = [
      "mode": .string(client.mode), "argv": Value(argv),
      "environment": Value(scene.environment.merging(adding) { $1 }), "stderr": .string(errorFile),
      "calls": calls, "pause": .bool(pause),
    ]
    driver = try Driver(
      [
        Places.environments + "/\(client.generation)/bin/python",
        Places.drivers + "/\(client.generation).py", plan.text,
      ], environment: scene.environment)
  }

  /// The outcome of the next round: version, instructions, tools, calls.
  func round() throws -> Value { try driver.receive() }

  func goOn() throws { try driver.send("") }

  func end() { driver.end() }

  var errors: String { (try? String(contentsOfFile: errorFile, encoding: .utf8)) ?? "" }
}
