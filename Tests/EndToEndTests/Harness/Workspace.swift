import Foundation

/// A directory that a user works in, twice: one copy is granted, the other shows that every attempt
/// succeeds where nothing stands in its way.
struct Workspace {
  let scene: Scene
  let folder: String
  let copy: String

  /// Everybody may write to all of it, so that only Cordon can be what refuses a server.
  init(_ scene: Scene, files: [String] = [], links: [String: String] = [:]) throws {
    self.scene = scene
    folder = scene.folder + "/work"
    copy = scene.folder + "/copy"
    for root in [folder, copy] {
      try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
      for file in files {
        let path = URL(filePath: root + "/" + file)
        let isDirectory = file.hasSuffix("/")
        try FileManager.default.createDirectory(
          at: isDirectory ? path : path.deletingLastPathComponent(),
          withIntermediateDirectories: true)
        if !isDirectory { try Data("x\n".utf8).write(to: path) }
      }
      for (link, target) in links {
        try FileManager.default.createSymbolicLink(
          atPath: root + "/" + link, withDestinationPath: target)
      }
      _ = try Finished.run(
        ["/bin/chmod", "-R", "a+rwX", root], environment: scene.environment)
    }
  }

  /// Both identities; as an ordinary user a server with its own may write what everybody may.
  static let identities = ["separate", "caller"]

  /// How attempts end inside, after each has succeeded outside.
  ///
  /// - Parameter alike: attempts that fail outside too; they are not made there.
  func attempts(
    _ attempts: [String], alike: [String] = [], options: [String]
  ) throws -> (outcomes: [String: String], done: Finished) {
    let outside = try Finished.run(
      [Places.python, Places.probes + "/attempts.py", copy] + attempts,
      environment: scene.environment)
    for attempt in attempts where Self.outcomes(outside.errors)[attempt] != "OK" {
      throw Host.Failure(description: "outside: \(outside.errors)")
    }
    let done = try Finished.run(
      scene.run(
        "attempts", options: options,
        command: ["/usr/bin/python3", "-c", Self.probe, folder] + attempts + alike),
      environment: scene.environment)
    return (Self.outcomes(done.errors), done)
  }

  /// The names in the granted directory, as the machine sees them.
  func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  /// Given as an argument: a probe in a file would need a grant of its own.
  private static let probe =
    (try? String(contentsOfFile: Places.probes + "/attempts.py", encoding: .utf8)) ?? ""

  private static func outcomes(_ text: String) -> [String: String] {
    var outcomes: [String: String] = [:]
    for line in text.split(separator: "\n") {
      let parts = line.components(separatedBy: " = ")
      if parts.count == 2 { outcomes[parts[0]] = parts[1] }
    }
    return outcomes
  }
}
