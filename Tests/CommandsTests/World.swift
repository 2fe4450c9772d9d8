import Glibc
import Kernel

@testable import Commands

/// A world of its own for one test: a temporary directory, and everything that is written.
final class World {
  let root: String
  var output: [UInt8] = []
  var messages: [UInt8] = []
  var outputFailure: Errno?
  var host: RunningHost?
  /// The keys of a person at the terminal; nil where there is no terminal.
  var keys: [Dialogue.Key]?
  /// Happens between a question and its answer.
  var onKey: (() throws -> Void)?
  var screen = ""
  /// Each screen that was drawn.
  var frames: [String] = []
  var rows = 40
  var columns = 80

  init() throws {
    root = try Self.temporaryDirectory()
  }

  deinit {
    Self.remove(root)
  }

  var places: Places {
    Places(
      configuration: root + "/config", state: root + "/state", audit: root + "/state/audit",
      home: root)
  }

  var text: String { String(decoding: output, as: UTF8.self) }
  var errors: String { String(decoding: messages, as: UTF8.self) }

  /// Runs one command in this world; what was written before is dropped.
  func run(_ arguments: [String]) -> Int32 {
    output = []
    messages = []
    screen = ""
    frames = []
    let console = Console(
      coloured: false,
      output: { bytes in
        if let failure = self.outputFailure { return failure }
        self.output += bytes
        return nil
      },
      messages: { bytes in
        self.messages += bytes
        return nil
      })
    let context = CommandContext(
      console: console, environment: Environment([:]),
      places: { () throws(CommandError) in self.places },
      hostAncestor: { () throws(CommandError) in self.host },
      dialogue: { self.keys == nil ? nil : self.dialogue })
    return Commands.perform(["cordon"] + arguments, context)
  }

  private var dialogue: Dialogue {
    Dialogue(
      coloured: false, canDraw: false,
      size: { (self.columns, self.rows) },
      write: { text in
        self.screen += text
        self.frames.append(text)
      },
      readKey: { () throws(CommandError) in
        do { try self.onKey?() } catch { throw CommandError(.internalError, "\(error)") }
        guard let key = self.keys?.first else { return .end }
        self.keys?.removeFirst()
        return key
      },
      open: {}, close: {})
  }

  private static func temporaryDirectory() throws -> String {
    for _ in 0..<100 {
      let path = "/tmp/cordon-commands-\(getpid())-\(UInt32.random(in: 0 ... .max))"
      if unsafe mkdir(path, 0o700) == 0 { return path }
    }
    throw Errno.current
  }

  private static func remove(_ path: String) {
    let isDirectory = (try? Files.status(path, follow: false))?.kind == .directory
    if isDirectory {
      for name in (try? Files.list(path)) ?? [] { remove("\(path)/\(name)") }
    }
    try? Files.remove(path)
  }
}
