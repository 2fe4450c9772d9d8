import Glibc
import Kernel

/// The three pipes between relay and server.
struct ServerPipes: ~Copyable {
  private let input: Pipe
  private let output: Pipe
  private let error: Pipe

  init() throws(SystemError) {
    let input = try Pipe()
    let output = try Pipe()
    let error = try Pipe()
    self.input = input
    self.output = output
    self.error = error
  }

  /// The server's standard input, output and error.
  var serverEnds: [Int32] {
    [input.reading.withRaw { $0 }, output.writing.withRaw { $0 }, error.writing.withRaw { $0 }]
  }

  /// Write end of the input, read ends of output and error.
  var relayEnds: [Int32] {
    [input.writing.withRaw { $0 }, output.reading.withRaw { $0 }, error.reading.withRaw { $0 }]
  }

  /// Lets the server open its own streams by name (`/dev/stderr`), where the supervisor may.
  func give(to uid: UInt32, _ gid: UInt32) throws(SystemError) {
    for raw in serverEnds {
      try check("fchown", "pipe of the server") { fchown(raw, uid, gid) }
    }
  }
}
