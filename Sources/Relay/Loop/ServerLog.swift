import Credentials
import Glibc
import Kernel

/// The server's standard error on its way to the host's: without secrets, and never waited for.
///
/// A host that does not read loses text instead of stopping the server.
struct ServerLog {
  private var stream: RedactionStream
  private var dropped = 0
  private(set) var sink: Sink
  private let server: String

  /// Bytes that wait for the host.
  private static let bound = 256 << 10

  init(_ sink: Sink, redactor: Redactor, server: String) {
    self.sink = sink
    self.server = server
    stream = RedactionStream(redactor)
  }

  var isEmpty: Bool { sink.isEmpty }

  mutating func isAlwaysReady() { sink.isAlwaysReady() }

  mutating func push(_ bytes: UnsafeRawBufferPointer) {
    add(unsafe stream.push(bytes))
  }

  /// Text that holds no secret.
  mutating func add(_ text: [UInt8]) {
    if sink.queued + text.count > ServerLog.bound {
      dropped += text.count
    } else {
      sink.append(text)
    }
  }

  mutating func finish() {
    add(stream.finish())
  }

  /// Gives a host that is slow a moment to take what waits.
  mutating func drain() {
    flush()
    var rounds = 10
    while !sink.isEmpty, rounds > 0 {
      sink.waitUntilWritable(milliseconds: 20)
      flush()
      rounds -= 1
    }
  }

  mutating func flush() {
    sink.flush()
    guard sink.isEmpty, dropped > 0 else { return }
    sink.append(
      Array("\ncordon: \(dropped) bytes of \(server)'s standard error were dropped\n".utf8))
    dropped = 0
    sink.flush()
  }
}
