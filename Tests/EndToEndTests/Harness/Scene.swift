import Foundation

/// A configuration and a state of its own for one test, and the commands on them.
final class Scene: Sendable {
  let folder: String
  /// What every command of this scene gets, and nothing else.
  let environment: [String: String]

  init() throws {
    let name = "cordon-e2e-" + UUID().uuidString.prefix(13).lowercased()
    folder = URL(filePath: NSTemporaryDirectory()).appending(path: name).path(percentEncoded: false)
    for name in ["config/servers", "config/profiles", "state"] {
      try FileManager.default.createDirectory(
        atPath: folder + "/" + name, withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
    }
    // Others may pass: a grant below this folder belongs to a server with another UID.
    try FileManager.default.setAttributes([.posixPermissions: 0o711], ofItemAtPath: folder)
    environment = [
      "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": NSHomeDirectory(), "LANG": "C.UTF-8",
      "CORDON_CONFIG_HOME": folder + "/config", "CORDON_STATE_HOME": folder + "/state",
      "CANARY": "a canary of the caller's environment",
    ]
  }

  deinit {
    // Files of a subordinate UID stay behind for an ordinary user; Tests/run removes the folder.
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// `cordon run` of an ad hoc server.
  func run(
    _ name: String, trust: Bool = true, options: [String] = [], _ command: String...
  ) -> [String] {
    run(name, trust: trust, options: options, command: command)
  }

  func run(
    _ name: String, trust: Bool = true, options: [String] = [], command: [String]
  ) -> [String] {
    [Places.binary, "run", "--name", name] + (trust ? ["--first-use", "trust"] : []) + options
      + ["--"] + command
  }

  /// `cordon run` of one of the probes, named by its file.
  func probe(_ file: String, name: String = "probe", options: [String] = [], _ arguments: String...)
    -> [String]
  {
    run(
      name, options: ["--read-only", Places.probes] + options,
      command: [Places.python, Places.probes + "/" + file] + arguments)
  }

  /// `cordon run` of a program in Examples/.
  func example(
    _ file: String, name: String = "notes", trust: Bool = true, options: [String] = [],
    _ arguments: String...
  ) -> [String] {
    run(
      name, trust: trust, options: ["--read-only", Places.examples] + options,
      command: [Places.python, Places.examples + "/" + file] + arguments)
  }

  /// Runs `cordon` with these arguments to its end.
  func cordon(_ arguments: String..., input: String = "") throws -> Finished {
    try Finished.run([Places.binary] + arguments, environment: environment, input: input)
  }

  /// What `manifest show NAME --format json` says.
  func manifest(_ name: String) throws -> Value {
    let shown = try cordon("manifest", "show", name, "--format", "json")
    return try Value.parse(shown.output)
  }

  func write(_ text: String, to path: String, permissions: Int = 0o600) throws -> String {
    let full = folder + "/" + path
    try FileManager.default.createDirectory(
      at: URL(filePath: full).deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(filePath: full))
    try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: full)
    return full
  }

  /// The audit log's events for a server, in order.
  /// What is written so far: the last line may be on its way.
  func audit(_ name: String) throws -> [Value] {
    let text = try auditText(name)
    let whole = text[..<(text.lastIndex(of: "\n") ?? text.startIndex)]
    return try whole.split(separator: "\n").map { try Value.parse($0) }
  }

  func auditText(_ name: String) throws -> String {
    try String(contentsOfFile: folder + "/state/audit/\(name).jsonl", encoding: .utf8)
  }
}
