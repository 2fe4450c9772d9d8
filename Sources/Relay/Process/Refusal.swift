import Glibc
import Kernel
import MCP

/// A launch that was refused: the host's first request is told why, and that is all.
struct Refusal: ~Copyable {
  private let input: Int32
  private var toHost: Sink
  private var lines: LineFramer

  /// Call before confinement.
  init(messageSize: Int, _ descriptors: Descriptors = .standard) {
    input = descriptors.hostInput
    toHost = Sink(hostDescriptor: descriptors.hostOutput)
    lines = LineFramer(limit: messageSize)
  }

  /// Waits no longer than this, whatever the host does.
  mutating func run(_ message: String, milliseconds: Int) {
    let end = Clock.monotonicNanoseconds() + UInt64(max(0, milliseconds)) * 1_000_000
    while let left = Self.left(until: end) {
      var watched = pollfd(
        fd: input, events: Int16(POLLIN), revents: 0)
      guard unsafe poll(&watched, 1, left) == 1 else { continue }
      var count = 0
      let input = input
      unsafe lines.fill { space in
        unsafe count = read(input, space.baseAddress, space.count)
        return count
      }
      guard count > 0 else { return }
      if let answer = firstAnswer(message) {
        toHost.append(answer)
        flush(until: end)
        return
      }
    }
  }

  /// The answer to the first request among the lines that are there; notifications and what is no
  /// message are passed over.
  private mutating func firstAnswer(_ message: String) -> [UInt8]? {
    while let frame = lines.next() {
      guard case .line(let range) = frame else { continue }
      let id: MessageID? = unsafe lines.withBytes(range) { bytes in
        do throws(EnvelopeError) {
          guard case .request(let id, _) = try unsafe Envelope.read(bytes).kind else { return nil }
          return id
        } catch {
          return error.id
        }
      }
      if let id { return Messages.error(id, code: -32603, message: message) }
    }
    return nil
  }

  private mutating func flush(until end: UInt64) {
    toHost.flush()
    while !toHost.isEmpty, let left = Self.left(until: end) {
      toHost.waitUntilWritable(milliseconds: left)
      toHost.flush()
    }
  }

  private static func left(until end: UInt64) -> Int32? {
    let now = Clock.monotonicNanoseconds()
    return now >= end ? nil : Int32(min((end - now) / 1_000_000 + 1, 60_000))
  }
}
