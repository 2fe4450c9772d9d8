import CLinux
import Confinement
import Glibc
import Kernel

/// Landlock around the server, tried as soon as it stands.
struct SecondWall {
  let landlock: Landlock
  let rules: [PathRule]

  /// A file that every thread may write to, whoever it belongs to (`proc_pid_comm(5)`): only
  /// Landlock can be what refuses it.
  private static let ownName = "/proc/thread-self/comm"

  func raise() throws(SystemError) {
    try check("write", "\(Self.ownName) before") { openOwnName() }
    try landlock.restrict(
      to: rules, followsLinks: false, scopes: [.abstractSockets, .signals],
      // The network is a namespace of its own, and a program's own loopback servers take any port.
      tcp: .unrestricted)
    try mustFail("write \(Self.ownName)", EACCES) { openOwnName() }
    // Signals have a scope since version 6. PID 1 may have the server's own UID.
    if landlock.version >= 6 { try mustFail("signal PID 1", EPERM) { kill(1, 0) } }
  }

  private func openOwnName() -> Int32 {
    let raw = unsafe clinux_open(Self.ownName, O_WRONLY, 0)
    if raw >= 0 { close(raw) }
    return min(raw, 0)
  }

  private func mustFail(
    _ subject: String, _ expected: Int32, _ call: () -> Int32
  ) throws(SystemError) {
    let result = call()
    let errno = Errno.current
    guard result == -1 else {
      throw SystemError(step: "landlock", subject: "\(subject) succeeded", errno: Errno(0))
    }
    guard errno.code == expected else {
      throw SystemError(step: "landlock", subject: "\(subject) failed otherwise", errno: errno)
    }
  }
}
