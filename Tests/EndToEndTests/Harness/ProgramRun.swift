import Foundation

/// How a program ended.
struct ProgramRun {
  let status: Int?
  let output: String
  let errors: String

  var lines: [String] { output.split(separator: "\n").map(String.init) }
}

/// Somewhere to run programs: Probes/running.py, in a sandbox or without one.
final class ProgramPlace {
  private let host: Host

  /// - Parameters:
  ///   - readOnly: what the programs need beyond the system's own files.
  ///   - options: further ones of the launch.
  init(
    inside: Bool, name: String = "probe", readOnly: [String] = [], options: [String] = [],
    in scene: Scene
  ) throws {
    if inside {
      let options = readOnly.flatMap { ["--read-only", $0] } + options
      host = try Host(scene.probe("running.py", name: name, options: options), in: scene)
    } else {
      let home = scene.folder + "/outside"
      try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
      host = try Host(
        [Places.python, Places.probes + "/running.py"], in: scene, adding: ["HOME": home])
    }
    try host.connect()
    _ = try host.tools()
  }

  func run(_ command: [String], seconds: Int = 100) throws -> ProgramRun {
    let answer = try host.order(
      "request",
      [
        "method": "tools/call", "seconds": .number(Double(seconds + 10)),
        "params": [
          "name": "act",
          "arguments": ["command": Value(command), "seconds": .number(Double(seconds))],
        ],
      ])
    guard let text = answer["result"]["content"][0]["text"].string else {
      throw Host.Failure(description: "\(answer)")
    }
    let told = try Value.parse(text)
    return ProgramRun(
      status: told["status"].int, output: told["output"].string ?? "",
      errors: told["errors"].string ?? "")
  }

  /// How it ended: `status`, `seconds`, `stderr`.
  @discardableResult func leave() throws -> Value { try host.leave() }
}
