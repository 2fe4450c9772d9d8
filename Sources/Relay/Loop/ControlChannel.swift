import CLinux
import Control
import Glibc
import Kernel

/// The socket to the supervisor: orders come in, reports go out, whole frames only.
struct ControlChannel {
  let descriptor: Int32
  private var reader = FrameReader(limit: RelayOrder.longestFrame)
  private var sink: Sink
  private var waiting: [RelayOrder] = []
  /// Put into words when they are sent: by then the host has its answer.
  private var calls: [CallEvent] = []
  /// When what is queued goes out at the latest; nil where nothing is.
  private(set) var due: UInt64?
  /// The supervisor is gone, or said what is no order: nothing is left to work for.
  private(set) var isClosed = false

  /// Nanoseconds that a line of the audit log waits for others: each lot wakes the supervisor, which
  /// then takes a processor from whoever is answering a call.
  private static let patience: UInt64 = 50_000_000
  /// Bytes, and calls, that do not wait.
  private static let enough = 128 << 10
  private static let mostCalls = 1024

  init(_ descriptor: Int32) {
    self.descriptor = descriptor
    sink = Sink(descriptor, style: .socket)
  }

  var queued: Int { sink.queued }

  /// What is due does not fit: the supervisor is slow.
  func isStuck(at now: UInt64) -> Bool {
    !sink.isEmpty && (now >= due ?? .max || sink.queued >= ControlChannel.enough)
  }

  /// Queues a report. One that the supervisor has to act on goes out with the next flush; a line
  /// for the audit log may wait for others, so that a call does not wake two processes more.
  mutating func send(_ report: RelayReport, at now: UInt64) {
    writeCalls()
    if case .event = report {
      if due == nil { due = now + ControlChannel.patience }
    } else {
      due = now
    }
    sink.append(report.frame())
  }

  mutating func send(_ event: CallEvent, at now: UInt64) {
    calls.append(event)
    if calls.count >= ControlChannel.mostCalls { writeCalls() }
    if due == nil { due = now + ControlChannel.patience }
  }

  /// Puts queued calls into words: many at once, so that it delays few.
  mutating func writeCalls() {
    for event in calls { sink.append(event.report.frame()) }
    calls.removeAll(keepingCapacity: true)
  }

  mutating func close() { isClosed = true }

  mutating func flush(at now: UInt64) {
    guard let due, now >= due || sink.queued >= ControlChannel.enough else { return }
    writeCalls()
    sink.flush()
    if sink.isEmpty { self.due = nil }
    if sink.isBroken { isClosed = true }
  }

  /// Reads what is there.
  mutating func receive() -> [RelayOrder] {
    var orders = waiting
    waiting = []
    unsafe withUnsafeTemporaryAllocation(byteCount: 64 << 10, alignment: 1) { buffer in
      while !isClosed {
        let flags = Int32(truncatingIfNeeded: MSG_DONTWAIT)
        let count = unsafe recv(descriptor, buffer.baseAddress, buffer.count, flags)
        if count < 0 {
          let code = Errno.current.code
          if code == EINTR { continue }
          if code != EAGAIN { isClosed = true }
          return
        }
        guard count > 0 else {
          isClosed = true
          return
        }
        unsafe reader.feed(buffer.prefix(count))
        do throws(FrameError) {
          while let frame = try reader.next() { orders.append(try RelayOrder(frame)) }
        } catch {
          isClosed = true
        }
        if count < buffer.count { return }
      }
    }
    return orders
  }

  /// Waits for the next order.
  ///
  /// - Returns: nil once the supervisor is gone.
  mutating func next() -> RelayOrder? {
    while !isClosed {
      var orders = receive()
      if !orders.isEmpty {
        let order = orders.removeFirst()
        waiting = orders
        return order
      }
      var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      if unsafe !isClosed && poll(&watched, 1, -1) < 0 && Errno.current.code != EINTR { return nil }
    }
    return nil
  }

  /// Sends everything, waiting for it: for last words.
  mutating func drain() {
    writeCalls()
    while !sink.isEmpty && !sink.isBroken {
      sink.flush()
      guard !sink.isEmpty, sink.waitUntilWritable(milliseconds: 1000) else { return }
    }
  }
}
