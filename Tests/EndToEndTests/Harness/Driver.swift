import Foundation

/// A Python program that a test talks to in lines, started as the test's child.
final class Driver {
  private let process = ChildProcess()
  private let orders = Pipe()
  private let answers = Pipe()
  private var buffer = Data()

  struct Ended: Error, CustomStringConvertible {
    let description: String
  }

  init(_ argv: [String], environment: [String: String]) throws {
    process.executableURL = URL(filePath: argv[0])
    process.arguments = Array(argv.dropFirst())
    process.environment = environment
    process.standardInput = orders
    process.standardOutput = answers
    try process.run()
  }

  deinit { end() }

  /// Ends the driver, and with it whatever it has started.
  func end() {
    try? orders.fileHandleForWriting.close()
    if process.isRunning { process.waitUntilExit() }
  }

  func send(_ line: String) throws {
    try orders.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8))
  }

  func receive() throws -> Value {
    while true {
      if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
        let line = buffer[buffer.startIndex..<end]
        buffer = Data(buffer[buffer.index(after: end)...])
        return try Value.parse(String(decoding: line, as: UTF8.self))
      }
      let chunk = answers.fileHandleForReading.availableData
      guard !chunk.isEmpty else {
        throw Ended(description: "the driver has ended: \(process.arguments ?? [])")
      }
      buffer += chunk
    }
  }
}
