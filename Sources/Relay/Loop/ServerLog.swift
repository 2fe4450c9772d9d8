import Control
import Credentials
import Glibc
import Kernel

/// The server's standard error on its way to the host's: without secrets, and never waited for.
///
/// A host that does not read loses text instead of stopping the server.
struct ServerLog {
  private var stream: RedactionStream
  private var dropped = 0
  private var pace: Pace
  /// Bytes that came too fast and were dropped, since the last time.
  private var excess = 0
  /// Bytes that the server has written so far.
  private(set) var total = 0
  private(set) var sink: Sink
  private let server: String
  /// The last of it, until the server has answered: what tells why one that never does has ended.
  private var tail: [UInt8]? = []

  /// Bytes that wait for the host.
  private static let bound = 256 << 10
  private static let tailLength = 4096

  init(_ sink: Sink, redactor: Redactor, server: String, perSecond: Int) {
    self.sink = sink
    pace = Pace(perSecond: perSecond)
    self.server = server
    stream = RedactionStream(redactor)
  }

  var isEmpty: Bool { sink.isEmpty }

  mutating func isAlwaysReady() { sink.isAlwaysReady() }

  mutating func push(_ bytes: UnsafeRawBufferPointer, at now: UInt64) {
    total += bytes.count
    let text = unsafe stream.push(bytes)
    keep(text)
    if pace.admits(bytes.count, at: now) { add(text) } else { excess += bytes.count }
  }

  /// How much was dropped because it came too fast, since the last time.
  mutating func takeExcess() -> Int {
    defer { excess = 0 }
    return excess
  }

  /// The server has answered: its last words are its own business from here on.
  mutating func forgetTail() { tail = nil }

  var lastWords: LastWords? { tail.flatMap { LastWords(in: $0) } }

  private mutating func keep(_ text: [UInt8]) {
    if let tail { self.tail = Array((tail + text.suffix(Self.tailLength)).suffix(Self.tailLength)) }
  }

  /// Text that holds no secret.
  mutating func add(_ text: [UInt8]) {
    if sink.queued + text.count > ServerLog.bound {
      dropped += text.count
    } else {
      sink.append(text)
    }
  }

  /// Cordon's own words, of which there are few: a flood of the server's leaves room for them.
  mutating func tell(_ text: [UInt8]) {
    if sink.queued + text.count <= 2 * ServerLog.bound { sink.append(text) }
  }

  mutating func finish() {
    let text = stream.finish()
    keep(text)
    add(text)
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
