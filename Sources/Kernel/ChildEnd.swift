import CLinux

/// How a child of this process ended.
public struct ChildEnd: Hashable, Sendable {
  /// The exit code, or the signal's number.
  public let status: Int32
  public let signalled: Bool

  /// Waits for the child's end, and reaps it.
  ///
  /// - Throws: `ECHILD` for what is no child of this process, or was reaped before.
  public init(waitingFor pid: Int32, _ subject: String) throws(SystemError) {
    var status: Int32 = 0
    var signalled: Int32 = 0
    try check("wait", subject) { unsafe clinux_wait(pid, &status, &signalled, 0) }
    self.status = status
    self.signalled = signalled != 0
  }
}
