import CLinux
import Glibc
import Kernel

/// One way through a connection: from the socket that is read to the one that is written.
///
/// Bytes are taken only when the last ones are gone, so that at most one pipe of them waits here, or
/// what an inspection holds; what the target does not take stays with the sender.
struct Flow {
  enum Outcome {
    /// Until one of the sockets is told to be ready.
    case waiting
    /// Enough for one turn; there may be more.
    case hasMore
    /// The source has no more, and all of it has been passed on.
    case ended
    case refused(Objection)
    case failed(Errno)
  }

  /// Bytes passed on.
  private(set) var total: UInt64 = 0
  /// Not known to be without bytes, and not known to be full: edges tell when that changes.
  private(set) var sourceIsReady = true
  private var targetIsReady = true
  /// The end of what the source says is there to be read: no edge tells of it again.
  private var endIsNear = false
  /// So much comes that bytes pass through a pipe instead of being copied.
  private var isBulk = false
  /// The source has no more.
  private(set) var hasEnded = false
  /// The source has said its last, some of which may be left to read.
  var isEnding: Bool { endIsNear || hasEnded }
  /// The target has been told so.
  var isShut = false
  /// Bytes that were read to be inspected, and of them those at the front that may go on.
  private var held: [UInt8] = []
  private var released = 0
  private var pipe: RelayPipe?
  /// Bytes in the pipe.
  private var queued = 0

  /// Bytes of one connection and way before others have their turn.
  private static let turn = 1 << 20
  /// Bytes that are read at once where they are inspected or few: to copy those costs less than a
  /// pipe does.
  private static let portion = 16 << 10

  /// What an event tells of the source.
  mutating func sourceChanged(_ event: EventLoop.Event) {
    if event.readable || event.hangUp { sourceIsReady = true }
    if event.isLast || event.hangUp { endIsNear = true }
  }

  /// What an event tells of the target.
  mutating func targetChanged(_ event: EventLoop.Event) {
    if event.writable || event.hangUp { targetIsReady = true }
  }

  /// The source has said nothing yet: the first edge will tell.
  mutating func awaitSource() { sourceIsReady = false }

  /// What was let go in the other way's name.
  mutating func release(_ count: Int) { released += count }

  var holdsReleased: Bool { released > 0 }

  /// Reads what there is, for `inspect` to say how much of it may go on.
  ///
  /// - Returns: `waiting` once something may go on, or nothing is there to read; `hasMore` once
  ///   nothing more is to be inspected.
  mutating func read(from source: Int32, _ inspect: (ArraySlice<UInt8>) -> Inspected) -> Outcome {
    while !hasEnded, sourceIsReady, released == 0, held.count < Inspection.mostHeld {
      let start = held.count
      if let errno = receive(from: source) { return .failed(errno) }
      guard held.count > start else { continue }
      let inspected = inspect(held[start...])
      released += inspected.released
      switch inspected.verdict {
      case .reading: break
      case .settled: return .hasMore
      case .refused(let objection): return .refused(objection)
      }
    }
    return .waiting
  }

  /// Reads once, behind what is held.
  private mutating func receive(from source: Int32) -> Errno? {
    unsafe withUnsafeTemporaryAllocation(byteCount: Self.portion, alignment: 16) { buffer in
      let count = unsafe recv(source, buffer.baseAddress, buffer.count, 0)
      let errno = Errno.current
      if count > 0 {
        unsafe held.append(contentsOf: buffer.prefix(count))
        // Less than there was room for is all there was: more makes a new edge, but for an end that
        // has been told.
        if count < Self.portion { sourceIsReady = endIsNear }
        isBulk = count == Self.portion
      } else if count == 0 {
        hasEnded = true
      } else if errno.code == EAGAIN {
        sourceIsReady = false
      } else if errno.code != EINTR {
        return errno
      }
      return nil
    }
  }

  /// Passes on what was let go.
  ///
  /// - Returns: nil once it is all gone.
  mutating func sendReleased(to target: Int32) -> Outcome? {
    while released > 0 {
      guard targetIsReady else { return .waiting }
      let count = unsafe held.withUnsafeBytes { bytes in
        unsafe bytes.baseAddress.map {
          unsafe clinux_send(target, $0, min(released, bytes.count), 1)
        } ?? 0
      }
      let errno = Errno.current
      if count > 0 {
        held.removeFirst(count)
        released -= count
        total += UInt64(count)
      } else if count < 0, errno.code == EAGAIN {
        targetIsReady = false
      } else if count == 0 || errno.code != EINTR {
        return .failed(count == 0 ? Errno(EPIPE) : errno)
      }
    }
    if held.isEmpty { held = [] }
    return nil
  }

  /// Passes on what can be passed on now, after reading it.
  ///
  /// - Parameter awaitsOther: what is held may still be let go in the other way's name, so that the
  ///   source's end is not passed on before. Without it what is held at the end is lost.
  mutating func pump(
    from source: Int32, to target: Int32, awaitsOther: Bool,
    _ inspect: (ArraySlice<UInt8>) -> Inspected
  ) -> Outcome {
    var turns = Self.turn / Self.portion
    while turns > 0 {
      turns -= 1
      if let outcome = sendReleased(to: target) { return outcome }
      if hasEnded { return awaitsOther && !held.isEmpty ? .waiting : .ended }
      guard sourceIsReady, held.count < Inspection.mostHeld else { return .waiting }
      let outcome = read(from: source, inspect)
      switch outcome {
      case .waiting where released > 0 || hasEnded: continue
      default: return outcome
      }
    }
    return .hasMore
  }

  /// Passes on what can be passed on now, unread.
  mutating func pump(from source: Int32, to target: Int32, _ pool: inout PipePool) -> Outcome {
    while true {
      if let outcome = sendReleased(to: target) { return outcome }
      if isBulk { return splice(from: source, to: target, &pool) }
      if hasEnded { return .ended }
      guard sourceIsReady, targetIsReady else { return .waiting }
      if let errno = receive(from: source) { return .failed(errno) }
      released = held.count
    }
  }

  private mutating func splice(
    from source: Int32, to target: Int32, _ pool: inout PipePool
  ) -> Outcome {
    var moved = 0
    defer { if queued == 0 { giveBack(to: &pool) } }
    while true {
      while queued > 0 {
        guard targetIsReady, let pipe else { return .waiting }
        let count = pipe.empty(into: target, count: queued)
        let errno = Errno.current
        if count >= 0 {
          queued -= count
          total += UInt64(count)
        } else if errno.code == EAGAIN {
          targetIsReady = false
        } else if errno.code != EINTR {
          return .failed(errno)
        }
      }
      if hasEnded { return .ended }
      guard sourceIsReady, targetIsReady else { return .waiting }
      guard moved < Self.turn else { return .hasMore }
      if pipe == nil {
        do throws(SystemError) {
          pipe = try pool.take()
        } catch {
          return .failed(error.errno)
        }
      }
      guard let pipe else { return .waiting }
      let count = pipe.fill(from: source)
      let errno = Errno.current
      if count > 0 {
        queued = count
        moved += count
      } else if count == 0 {
        hasEnded = true
      } else if errno.code == EAGAIN {
        sourceIsReady = false
        isBulk = moved >= Self.portion
      } else if errno.code != EINTR {
        return .failed(errno)
      }
    }
  }

  /// Gives the pipe back. What is in it is lost.
  mutating func giveBack(to pool: inout PipePool) {
    guard let pipe else { return }
    pool.giveBack(pipe, isEmpty: queued == 0)
    self.pipe = nil
    queued = 0
  }
}
