import Foundation

/// Where attempts are made: a host with secrets, services and a careless way to start programs, all
/// of it the test's own, in the namespaces that `stand` made.
final class Ground {
  /// The programs that `stand build` made; nil where the tests run outside such a stand.
  static let programs = ProcessInfo.processInfo.environment["CORDON_ESCAPES"]
  static let absent: String = "the escape attempts need a network of their own: Tests/run makes one"

  let scene: Scene
  let attempts: String
  /// `victim=… port=…`, as the victim tells it.
  private let facts: [String]
  private let victim = ChildProcess()
  private let victimInput = Pipe()

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  init() throws {
    guard let programs = Ground.programs else { throw Failure(description: Ground.absent) }
    attempts = programs + "/attempts"
    scene = try Scene()
    let output = Pipe()
    victim.executableURL = URL(filePath: attempts)
    victim.arguments = ["victim", "agent=\(scene.folder)/agent"]
    victim.standardInput = victimInput
    victim.standardOutput = output
    try victim.run()
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    facts = line.split(whereSeparator: \.isWhitespace).map(String.init)
    guard facts.contains(where: { $0.hasPrefix("victim=") }) else {
      throw Failure(description: "the victim did not start: \(line)")
    }
    try furnish()
  }

  deinit {
    try? victimInput.fileHandleForWriting.close()
    victim.waitUntilExit()
  }

  private func furnish() throws {
    _ = try scene.write("the host's secret", to: "secrets/file")
    _ = try scene.write("beside it", to: "secret")
    _ = try scene.write("a key", to: "home/.ssh/id")
    _ = try scene.write("x", to: "work/left-here", permissions: 0o644)
    _ = try scene.write("x", to: "launcher", permissions: 0o755)
    for name in ["secrets", "home"] { try setMode(0o700, of: scene.folder + "/" + name) }
    try setMode(0o755, of: scene.folder + "/work")
    try FileManager.default.createDirectory(
      atPath: scene.folder + "/scratch", withIntermediateDirectories: true)
    try setMode(0o777, of: scene.folder + "/scratch")
  }

  /// A folder whose contents everyone may change, so that only the grant stands against it.
  func granted(_ name: String) throws -> String {
    let folder = "granted-\(name)"
    _ = try scene.write(Ground.words, to: folder + "/file", permissions: 0o666)
    _ = try scene.write("", to: folder + "/spare", permissions: 0o666)
    _ = try scene.write("", to: folder + "/directory/entry", permissions: 0o666)
    for path in [folder, folder + "/directory"] {
      try setMode(0o777, of: scene.folder + "/" + path)
    }
    return scene.folder + "/" + folder
  }

  static let words = "the words that are granted\n"
  static let log = "what others wrote to the host's log\n"

  private func setMode(_ mode: Int, of path: String) throws {
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
  }

  /// What every attempt may ask for.
  func parameters(where place: String, granted: String, launcher: String) -> [String] {
    let folder = scene.folder
    return facts + [
      "where=\(place)", "scratch=\(folder)/scratch", "granted=\(granted)",
      "prepared=\(Ground.programs ?? "")/prepared", "secret=\(folder)/home/.ssh/id",
      "home=\(folder)/home", "canary=\(canary)", "launcher=\(launcher)", "cwd=\(folder)/work",
      "agent=\(folder)/agent", "uid=\(getuid())", "disk=\(Ground.disk)",
      "hostname=\(Ground.hostName)",
      "map=0 \(getuid()) 1", "terminal={terminal}",
    ]
  }

  let canary = "canary-" + UUID().uuidString

  private static let disk: String =
    ((try? FileManager.default.contentsOfDirectory(atPath: "/sys/class/block")) ?? [])
    .sorted().first { !$0.hasPrefix("loop") && !$0.hasPrefix("ram") }.map { "/dev/" + $0 }
    ?? "/dev/sda"
  private static let hostName = ProcessInfo.processInfo.hostName

  /// What the host's programs have in their environment.
  var environment: [String: String] {
    scene.environment.merging([
      "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME": scene.folder + "/home",
      "CANARY": canary, "SSH_AUTH_SOCK": scene.folder + "/agent",
    ]) { $1 }
  }

  /// Starts a command as the careless host does, and gives what it wrote to its standard error.
  func host(_ command: [String], seconds: Double = 40) throws -> Finished {
    let log = try scene.write(Ground.log, to: "log", permissions: 0o666)
    return try Finished.run(
      [attempts, "host", log, scene.folder + "/secrets", scene.folder + "/work"] + command,
      environment: environment, seconds: seconds)
  }
}
