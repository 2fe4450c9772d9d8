import CLinux
import Confinement
import Control
import Glibc
import Kernel
import SystemCallFilter

/// What the relay takes from itself before it reads its first hostile byte.
enum RelayConfinement {
  /// Bytes of address space beside what messages of this size need.
  private static let space: UInt64 = 1 << 30

  /// - Throws: the step that failed; nothing hostile may be read then.
  static func enter(_ configuration: RelayConfiguration) throws(SystemError) {
    let landlock = Landlock.ofThisKernel()
    if landlock == nil && configuration.requiresLandlock {
      throw SystemError(step: "relay: landlock", subject: "version", errno: Errno(ENOSYS))
    }
    let messages = 16 * UInt64(max(0, configuration.messageSize))
    let confinement = SelfConfinement(
      of: "relay",
      limits: [
        .init("core", clinux_rlimit_core, 0), .init("processes", clinux_rlimit_nproc, 0),
        .init("open files", clinux_rlimit_nofile, 16),
        .init("locked memory", clinux_rlimit_memlock, 0),
        .init("address space", clinux_rlimit_as, space + messages),
      ],
      scopes: [.abstractSockets, .signals], landlock: landlock)
    try confinement.enter { () throws(SystemError) in try FilterProgram.relay.install() }
  }
}
