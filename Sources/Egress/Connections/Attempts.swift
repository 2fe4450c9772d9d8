import Kernel

/// Connections being made to the addresses of one destination.
struct Attempts {
  private var dialer: Dialer
  /// In the order in which they were begun; at most `Dialer.mostUnderWay`.
  private(set) var live: [Attempt] = []
  /// When the next address is tried although those before have not failed; nil where only what is
  /// under way can help.
  private(set) var deadline: UInt64?
  /// What was tried last.
  private(set) var address: IPAddress?
  /// Why the last that failed did.
  private(set) var errno: Errno?

  init(_ dialer: Dialer) { self.dialer = dialer }

  enum Step {
    case connect(IPAddress)
    case wait
    case failed
  }

  mutating func next(at now: UInt64) -> Step {
    switch dialer.next(at: now) {
    case .connect(let address):
      self.address = address
      // Its socket is closed before the next one is opened.
      if live.count >= Dialer.mostUnderWay { live.removeFirst() }
      return .connect(address)
    case .wait(let until):
      deadline = until
      return .wait
    case .failed: return .failed
    }
  }

  mutating func began(_ attempt: Attempt) { live.append(attempt) }

  mutating func failed(_ address: IPAddress, _ errno: Errno, at now: UInt64) {
    live.removeAll { $0.address == address }
    self.errno = errno
    dialer.attemptFailed(errno.code, at: now)
  }
}
