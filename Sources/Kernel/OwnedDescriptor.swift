import Glibc

/// A file descriptor with one owner, closed when the owner ends.
///
/// Every descriptor in this package is close-on-exec from birth.
public struct OwnedDescriptor: ~Copyable, Sendable {
  private let raw: Int32

  /// Takes over a descriptor that nobody else closes.
  public init(owning raw: Int32) {
    self.raw = raw
  }

  /// Lends the number for the length of a call. It must not be closed or kept.
  public borrowing func withRaw<Result, Failure: Error>(
    _ body: (Int32) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(raw)
  }

  /// Gives the number away; the caller closes it from now on.
  public consuming func release() -> Int32 {
    let number = raw
    discard self
    return number
  }

  deinit {
    // An error of close tells about earlier writes, which every writer here checks with fsync.
    close(raw)
  }
}
