import Glibc
import Kernel

/// What one descriptor is watched for, so that the kernel is told only of changes.
struct Watch {
  let descriptor: Int32
  let token: UInt64
  private var current: EventLoop.Interest?
  /// epoll refused it: a regular file is always ready.
  private(set) var isAlwaysReady = false
  /// The other end has hung up while nothing of it was wanted: watching on would be told of it
  /// without end.
  private var hasHungUp = false

  init(_ descriptor: Int32, _ name: Watches.Name) {
    self.descriptor = descriptor
    token = name.rawValue
  }

  /// - Parameter interest: nil where the descriptor is not to be watched, not even for a hang-up.
  mutating func set(
    _ interest: EventLoop.Interest?, in loop: borrowing EventLoop
  ) throws(SystemError) {
    var wanted = interest
    if hasHungUp, let asked = wanted, asked.isEmpty { wanted = nil }
    guard !isAlwaysReady, wanted != current else { return }
    if let wanted {
      if current == nil {
        do throws(SystemError) {
          try loop.add(descriptor, token: token, interest: wanted)
        } catch {
          guard error.errno.code == EPERM else { throw error }
          isAlwaysReady = true
          return
        }
      } else {
        try loop.modify(descriptor, token: token, interest: wanted)
      }
    } else {
      try loop.remove(descriptor)
    }
    current = wanted
  }

  /// Whether a hang-up that came is the first one with nothing else being watched for.
  mutating func hungUpIdle() -> Bool {
    guard let current, current.isEmpty, !hasHungUp else { return false }
    hasHungUp = true
    return true
  }
}
