import Kernel

/// The ways to one destination: addresses that may be connected to, and connections being made.
struct Attempts {
  private var waiting: [IPAddress]
  private(set) var live: [Attempt] = []
  /// When the next address is tried although those before have not failed.
  private(set) var nextAt: UInt64 = 0
  /// Of the last that failed.
  private(set) var failure: (address: IPAddress, errno: Errno)?

  /// RFC 8305, section 5.
  private static let patience: UInt64 = 250_000_000

  init(_ addresses: [IPAddress]) { waiting = addresses }

  var isExhausted: Bool { live.isEmpty && waiting.isEmpty }

  /// When `next` has an address; nil where only what is under way can help.
  var deadline: UInt64? { waiting.isEmpty ? nil : nextAt }

  /// The address to try now.
  mutating func next(at now: UInt64) -> IPAddress? {
    guard !waiting.isEmpty, live.isEmpty || now >= nextAt else { return nil }
    nextAt = now + Self.patience
    return waiting.removeFirst()
  }

  mutating func began(_ attempt: Attempt) { live.append(attempt) }

  mutating func failed(_ address: IPAddress, _ errno: Errno) {
    live.removeAll { $0.address == address }
    failure = (address, errno)
    // Nothing is learned by waiting.
    nextAt = 0
  }
}
