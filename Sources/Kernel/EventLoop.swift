import CLinux
import Glibc

/// One epoll instance: which of the watched descriptors can be read or written now.
///
/// Single-threaded. Tokens are the caller's own; the loop keeps no descriptor alive.
public struct EventLoop: ~Copyable {
  /// What a descriptor is watched for. Hang-ups and errors are always told.
  public struct Interest: OptionSet, Sendable {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }
    public static let readable = Interest(rawValue: CLINUX_READABLE)
    public static let writable = Interest(rawValue: CLINUX_WRITABLE)
    /// Told once for each change, not as long as it is so (edge-triggered, epoll(7)).
    public static let changes = Interest(rawValue: CLINUX_CHANGES)
  }

  public struct Event: Sendable {
    public let token: UInt64
    public let readable: Bool
    public let writable: Bool
    /// The other end is gone, or the descriptor is in error. Bytes may still be there to read.
    public let hangUp: Bool
    /// The other end says no more: what there is to read now is the last. Told with `changes` only.
    public let isLast: Bool
  }

  private let epoll: OwnedDescriptor

  public init() throws(SystemError) {
    epoll = OwnedDescriptor(owning: try check("epoll", "create") { clinux_epoll_create() })
  }

  /// - Throws: `EPERM` for a regular file, which epoll cannot watch: it is always ready.
  public func add(_ raw: Int32, token: UInt64, interest: Interest) throws(SystemError) {
    try set(CLINUX_EPOLL_ADD, raw, interest, token)
  }

  public func modify(_ raw: Int32, token: UInt64, interest: Interest) throws(SystemError) {
    try set(CLINUX_EPOLL_MODIFY, raw, interest, token)
  }

  public func remove(_ raw: Int32) throws(SystemError) {
    try set(CLINUX_EPOLL_DELETE, raw, [], 0)
  }

  /// Lends its own descriptor, which another loop can watch: readable while an event waits here.
  public borrowing func withRaw<Result, Failure: Error>(
    _ body: (Int32) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try epoll.withRaw(body)
  }

  private func set(
    _ operation: Int32, _ raw: Int32, _ interest: Interest, _ token: UInt64
  ) throws(SystemError) {
    _ = try epoll.withRaw { (epoll) throws(SystemError) in
      try check("epoll", "descriptor \(raw)") {
        clinux_epoll_set(epoll, operation, raw, interest.rawValue, token)
      }
    }
  }

  /// Waits for events and appends them to `events`, which is emptied first.
  ///
  /// - Parameter timeoutMilliseconds: −1 waits without end. A timeout is no error: no events then.
  public func wait(
    into events: inout [Event], timeoutMilliseconds: Int32 = -1
  ) throws(SystemError) {
    events.removeAll(keepingCapacity: true)
    try epoll.withRaw { (epoll) throws(SystemError) in
      try unsafe withUnsafeTemporaryAllocation(of: clinux_event.self, capacity: 32) {
        (buffer) throws(SystemError) in
        guard let base = buffer.baseAddress else { return }
        let count = unsafe clinux_epoll_wait(epoll, base, 32, timeoutMilliseconds)
        if count < 0 {
          let errno = Errno.current
          if errno.code == EINTR { return }
          throw SystemError(step: "epoll", subject: "wait", errno: errno)
        }
        for index in 0..<Int(count) {
          let event = unsafe buffer[index]
          events.append(
            Event(
              token: event.token,
              readable: event.flags & CLINUX_READABLE != 0,
              writable: event.flags & CLINUX_WRITABLE != 0,
              hangUp: event.flags & CLINUX_HANGUP != 0,
              isLast: event.flags & CLINUX_LAST != 0))
        }
      }
    }
  }
}
