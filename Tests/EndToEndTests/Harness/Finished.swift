import Foundation

/// A process that has run to its end.
struct Finished: Sendable {
  /// The exit status; 128+n where signal n ended it.
  let status: Int
  let output: String
  let errors: String
  let seconds: Double

  struct TooSlow: Error, CustomStringConvertible {
    let description: String
  }

  static func run(
    _ argv: [String], environment: [String: String], input: String = "", seconds limit: Double = 30
  ) throws -> Finished {
    // Files, not pipes: nobody has to read while it runs, whatever it writes.
    let folder = URL(filePath: NSTemporaryDirectory() + "/cordon-out-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func file(_ name: String, _ content: String = "") throws -> URL {
      let url = folder.appending(path: name)
      try Data(content.utf8).write(to: url)
      return url
    }
    let process = ChildProcess()
    process.executableURL = URL(filePath: argv[0])
    process.arguments = Array(argv.dropFirst())
    process.environment = environment
    process.standardInput = try FileHandle(forReadingFrom: file("in", input))
    let output = try file("out")
    let errors = try file("err")
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    let begin = ContinuousClock.now
    try process.run()
    while process.isRunning {
      if ContinuousClock.now - begin > .seconds(limit) {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        throw TooSlow(description: "\(argv) ran longer than \(limit) s")
      }
      usleep(2000)
    }
    let taken = ContinuousClock.now - begin
    return Finished(
      status: Int(process.terminationStatus)
        + (process.terminationReason == .uncaughtSignal ? 128 : 0),
      output: try String(decoding: Data(contentsOf: output), as: UTF8.self),
      errors: try String(decoding: Data(contentsOf: errors), as: UTF8.self),
      seconds: taken / .seconds(1))
  }
}
