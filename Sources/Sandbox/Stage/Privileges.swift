import CCap
import Glibc
import Kernel

/// Gives up capabilities, through libcap.
///
/// The order matters: the bounding set needs `CAP_SETPCAP`, so it goes first and the effective,
/// permitted and inheritable sets last.
enum Privileges {
  /// No exec can ever gain a capability again.
  static func dropBoundingSet() throws(SystemError) {
    var capability: cap_value_t = 0
    // A kernel older or newer than libcap's list is asked, not assumed: reading fails behind the
    // last capability it has.
    while cap_get_bound(capability) >= 0 {
      try check("drop from bounding set", "capability \(capability)") {
        cap_drop_bound(capability)
      }
      capability += 1
    }
    guard capability > 0 else {
      throw SystemError(step: "bounding set", subject: "capability 0", errno: .current)
    }
  }

  /// UID 0 means nothing for capabilities from here on, and that cannot be taken back.
  static func lockSecureBits() throws(SystemError) {
    // SECBIT_NOROOT, SECBIT_NO_SETUID_FIXUP and SECBIT_NO_CAP_AMBIENT_RAISE with their locks, and
    // SECBIT_KEEP_CAPS_LOCKED with the bit itself clear.
    let bits: UInt32 = 0x01 | 0x02 | 0x04 | 0x08 | 0x20 | 0x40 | 0x80
    try check("securebits", "locked") { cap_set_secbits(bits) }
  }

  /// Empties the effective, permitted, inheritable and ambient sets.
  static func dropCapabilities() throws(SystemError) {
    try keep([])
  }

  /// What PID 1 keeps: the server has another UID, and is to be asked to end before it is killed.
  /// `CAP_KILL` reaches no further than this user namespace.
  static func keepOnlyKill() throws(SystemError) {
    try keep([CAP_KILL])
  }

  private static func keep(_ capabilities: [cap_value_t]) throws(SystemError) {
    try check("ambient set", "all") { cap_reset_ambient() }
    guard let state = unsafe cap_init() else {
      throw SystemError(step: "capabilities", subject: "cap_init", errno: .current)
    }
    defer { unsafe _ = cap_free(UnsafeMutableRawPointer(state)) }
    for set in [CAP_PERMITTED, CAP_EFFECTIVE] where !capabilities.isEmpty {
      try check("capabilities", "cap_set_flag") {
        unsafe cap_set_flag(state, set, Int32(capabilities.count), capabilities, CAP_SET)
      }
    }
    try check("capset", "all but \(capabilities)") { unsafe cap_set_proc(state) }
  }
}
