public import Kernel

/// Which of a name's addresses to connect to next, so that one that does not answer costs a moment
/// and not the connection (RFC 8305, 4 and 5). It holds no sockets and knows no clock.
public struct Dialer: Equatable, Sendable {
  public enum Step: Equatable, Sendable {
    /// Begin this attempt now, and ask again. With `mostUnderWay` before it the oldest of those is
    /// given up for it, which is not to be told as a failure.
    case connect(IPAddress)
    /// Wait for an attempt that is under way, until this time at the latest; nil for as long as the
    /// attempt takes.
    case wait(until: UInt64?)
    /// None is left: the errno of the last attempt.
    case failed(Int32)
  }

  /// Nanoseconds until the next attempt is begun beside those under way: the recommended delay.
  public static let delay: UInt64 = 250_000_000
  /// Nanoseconds until one of `mostUnderWay` is given up for the next: the longest delay that is
  /// advised.
  public static let longDelay: UInt64 = 2_000_000_000
  /// Attempts for one connection.
  public static let mostAttempts = 8
  /// Of these at the same time: each holds a descriptor.
  public static let mostUnderWay = 3

  private var rest: ArraySlice<IPAddress>
  private var underWay = 0
  private var nextAt: UInt64 = 0
  private var lastErrno: Int32

  /// - Parameters:
  ///   - addresses: all of them may be connected to.
  ///   - unreachable: those to which there is no route now; they come last.
  ///   - errno: what `failed` says where there are no addresses.
  public init(_ addresses: [IPAddress], unreachable: Set<IPAddress> = [], errno: Int32 = 0) {
    let reachable = Self.interleaved(addresses.filter { !unreachable.contains($0) })
    let others = Self.interleaved(addresses.filter { unreachable.contains($0) })
    rest = (reachable + others).prefix(Self.mostAttempts)
    lastErrno = errno
  }

  /// - Parameter now: of the monotonic clock, in nanoseconds.
  public mutating func next(at now: UInt64) -> Step {
    guard !rest.isEmpty else { return underWay > 0 ? .wait(until: nil) : .failed(lastErrno) }
    guard underWay == 0 || now >= nextAt else { return .wait(until: nextAt) }
    underWay = min(underWay + 1, Self.mostUnderWay)
    nextAt = now + (underWay < Self.mostUnderWay ? Self.delay : Self.longDelay)
    return .connect(rest.removeFirst())
  }

  /// An attempt has failed: the next one need not wait.
  public mutating func attemptFailed(_ errno: Int32, at now: UInt64) {
    underWay -= 1
    lastErrno = errno
    nextAt = now
  }

  /// The two families in turn, IPv6 first; within each as the name service had them.
  private static func interleaved(_ addresses: [IPAddress]) -> [IPAddress] {
    let v6 = addresses.filter { $0.width == 128 }
    let v4 = addresses.filter { $0.width == 32 }
    var result: [IPAddress] = []
    for index in 0..<max(v6.count, v4.count) {
      if index < v6.count { result.append(v6[index]) }
      if index < v4.count { result.append(v4[index]) }
    }
    return result
  }
}
