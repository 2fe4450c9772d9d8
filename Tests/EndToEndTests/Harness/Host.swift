import Foundation

/// A host with one server, played by Drivers/host.py: the server is that program's child, so that
/// this process is no descendant of the host and may decide on the manifest.
final class Host {
  private let driver: Driver
  private let environment: [String: String]
  /// Kept: the scene's folder goes with the last who knows it.
  private let scene: Scene
  let pid: Int

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  init(
    _ argv: [String], in scene: Scene, adding: [String: String] = [:], reading: Bool = true,
    leaking: String? = nil
  ) throws {
    self.scene = scene
    environment = scene.environment.merging(adding) { $1 }
    driver = try Driver(
      [Places.python, Places.drivers + "/host.py"], environment: scene.environment)
    try driver.send(
      Value.object([
        "do": "start", "argv": Value(argv), "environment": Value(environment),
        "read": .bool(reading), "leak": leaking.map { .string($0) } ?? .null,
      ]).text)
    pid = try Host.checked(driver.receive())["pid"].int ?? 0
  }

  /// Gives an order; an answer that tells a failure is thrown.
  @discardableResult
  func order(_ word: String, _ members: [String: Value] = [:]) throws -> Value {
    try Host.checked(attempt(word, members))
  }

  /// Gives an order, for a test that expects that it may fail.
  func attempt(_ word: String, _ members: [String: Value] = [:]) throws -> Value {
    try driver.send(Value.object(members.merging(["do": .string(word)]) { $1 }).text)
    return try driver.receive()
  }

  private static func checked(_ answer: Value) throws -> Value {
    guard answer["failure"] == .null else { throw Failure(description: "\(answer)") }
    return answer
  }

  // Steps that many tests take

  /// Shakes hands; gives the result.
  @discardableResult
  func connect(_ era: Era = .legacy) throws -> Value {
    try order("connect", ["era": .string(era.rawValue)])["result"]
  }

  /// The tools of all pages.
  func tools() throws -> Value { try order("list")["tools"] }

  /// A call's result, or the whole answer where it is an error.
  func call(_ name: String, _ arguments: Value = [:]) throws -> Value {
    let answer = try order(
      "request",
      ["method": "tools/call", "params": ["name": .string(name), "arguments": arguments]])
    return answer["result"] == .null ? answer : answer["result"]
  }

  func text(of name: String, _ arguments: Value = [:]) throws -> String {
    let result = try call(name, arguments)
    guard let text = result["content"][0]["text"].string else {
      throw Failure(description: "\(result)")
    }
    return text
  }

  func awaitListChanged() throws {
    try order("await", ["method": "notifications/tools/list_changed", "seconds": 5])
  }

  /// Closes the server's input and gives how it ended: `status`, `seconds`, `stderr`.
  @discardableResult
  func leave(seconds: Int = 10) throws -> Value {
    try order("close")
    return try order("wait", ["seconds": .number(Double(seconds))])
  }

  func end() { driver.end() }
}

enum Era: String, CaseIterable, Sendable { case legacy, modern }
