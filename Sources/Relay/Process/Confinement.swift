import CLinux
import Glibc
import Kernel
import SystemCallFilter

/// What the relay takes from itself before it reads its first hostile byte, in this order.
enum Confinement {
  /// Bytes of address space beside what messages of this size need.
  private static let space: UInt64 = 1 << 30

  /// - Throws: the step that failed; nothing hostile may be read then.
  static func enter(messageSize: Int) throws(SystemError) {
    try check("dumpable", "relay") { clinux_not_dumpable() }
    try check("no_new_privs", "relay") { clinux_no_new_privileges() }
    try limit("core", clinux_rlimit_core, 0)
    try limit("processes", clinux_rlimit_nproc, 0)
    try limit("open files", clinux_rlimit_nofile, 16)
    try limit("locked memory", clinux_rlimit_memlock, 0)
    try limit("address space", clinux_rlimit_as, space + 16 * UInt64(max(0, messageSize)))
    // Returns 1 where the kernel has none: seccomp alone then keeps paths out of reach.
    try check("landlock", "relay") { clinux_landlock_nothing() }
    try check("capabilities", "drop") { clinux_drop_capabilities() }
    let left = try check("capabilities", "check") { clinux_has_capabilities() }
    guard left == 0 else {
      throw SystemError(step: "capabilities", subject: "left over", errno: Errno(EPERM))
    }
    try FilterProgram.relay.install()
  }

  private static func limit(
    _ name: String, _ resource: Int32, _ value: UInt64
  ) throws(SystemError) {
    try check("limit", name) { clinux_set_rlimit(resource, value, value) }
  }
}
