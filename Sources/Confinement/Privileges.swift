import CCap
import CLinux
import Glibc
public import Kernel

/// Gives up capabilities, through libcap.
///
/// The order matters: the bounding set needs `CAP_SETPCAP`, so it goes first and the effective,
/// permitted and inheritable sets last.
public enum Privileges {
  /// A capability that one of Cordon's processes keeps.
  public struct Capability: Hashable, Sendable, CustomStringConvertible {
    fileprivate let number: cap_value_t
    public let description: String

    /// Signals to processes of another UID.
    public static let kill = Capability(number: CAP_KILL, description: "CAP_KILL")
    /// Files and directories whatever their permission bits say.
    public static let overrideAccess = Capability(
      number: CAP_DAC_OVERRIDE, description: "CAP_DAC_OVERRIDE")
    /// Files and directories whatever their modes say.
    public static let overrideModes = Capability(
      number: CAP_DAC_OVERRIDE, description: "CAP_DAC_OVERRIDE")
    /// What only a file's owner may do, such as removing it from a sticky directory.
    public static let actAsOwner = Capability(number: CAP_FOWNER, description: "CAP_FOWNER")
    /// Reads the memory of processes of another UID.
    public static let trace = Capability(number: CAP_SYS_PTRACE, description: "CAP_SYS_PTRACE")
  }

  /// No exec can ever gain a capability again.
  public static func dropBoundingSet() throws(SystemError) {
    var capability: cap_value_t = 0
    // A kernel older or newer than libcap's list is asked, not assumed: EINVAL comes behind the last
    // capability that it has.
    while true {
      let result = cap_drop_bound(capability)
      let errno = Errno.current
      if result == 0 {
        capability += 1
      } else if capability > 0, errno.code == EINVAL {
        return
      } else {
        throw SystemError(
          step: "drop from bounding set", subject: "capability \(capability)", errno: errno)
      }
    }
  }

  /// UID 0 means nothing for capabilities from here on, and that cannot be taken back.
  public static func lockSecureBits() throws(SystemError) {
    // SECBIT_NOROOT, SECBIT_NO_SETUID_FIXUP and SECBIT_NO_CAP_AMBIENT_RAISE with their locks, and
    // SECBIT_KEEP_CAPS_LOCKED with the bit itself clear.
    let bits: UInt32 = 0x01 | 0x02 | 0x04 | 0x08 | 0x20 | 0x40 | 0x80
    try check("securebits", "locked") { cap_set_secbits(bits) }
  }

  /// Empties the effective, permitted, inheritable and ambient sets, but for `kept` in the first
  /// two.
  ///
  /// - Throws: `EPERM` for a capability to keep that the process does not have.
  public static func dropCapabilities(but kept: [Capability] = []) throws(SystemError) {
    try check("ambient set", "all") { cap_reset_ambient() }
    guard let state = unsafe cap_init() else {
      throw SystemError(step: "capabilities", subject: "cap_init", errno: .current)
    }
    defer { unsafe _ = cap_free(UnsafeMutableRawPointer(state)) }
    let numbers = kept.map(\.number)
    for set in [CAP_PERMITTED, CAP_EFFECTIVE] where !numbers.isEmpty {
      try check("capabilities", "cap_set_flag") {
        unsafe cap_set_flag(state, set, Int32(numbers.count), numbers, CAP_SET)
      }
    }
    try check("capset", "all but \(kept)") { unsafe cap_set_proc(state) }
  }

  /// Everything at once, for a process that goes on as it is: whatever it executed would gain
  /// nothing either.
  ///
  /// - Parameter wanted: kept where the process has them; an ordinary user has none.
  /// - Returns: those that are left.
  static func giveUpAll(but wanted: [Capability]) throws(SystemError) -> [Capability] {
    // Only who has CAP_SETPCAP can lower the bounding set. Without it nothing is there to lose:
    // no_new_privs and the filter rule every later exec out.
    if try isEffective(CAP_SETPCAP) {
      try dropBoundingSet()
      try lockSecureBits()
    }
    var kept: [Capability] = []
    for capability in wanted where try isEffective(capability.number) { kept.append(capability) }
    try dropCapabilities(but: kept)
    return kept
  }

  /// Reads back whether nothing but `kept` is left in any of the process's own sets.
  static func verify(only kept: [Capability]) throws(SystemError) {
    guard let state = unsafe cap_get_proc() else {
      throw SystemError(step: "capabilities", subject: "cap_get_proc", errno: .current)
    }
    defer { unsafe _ = cap_free(UnsafeMutableRawPointer(state)) }
    var number: cap_value_t = 0
    while cap_get_bound(number) >= 0 {
      let mayStay = kept.contains { $0.number == number }
      for set in [CAP_PERMITTED, CAP_EFFECTIVE, CAP_INHERITABLE] {
        var value = CAP_CLEAR
        try check("capabilities", "cap_get_flag") {
          unsafe cap_get_flag(state, number, set, &value)
        }
        if value == CAP_SET && !(mayStay && set != CAP_INHERITABLE) {
          throw SystemError(
            step: "capabilities", subject: "capability \(number) is left", errno: Errno(0))
        }
      }
      if cap_get_ambient(number) > 0 {
        throw SystemError(
          step: "capabilities", subject: "ambient capability \(number) is left", errno: Errno(0))
      }
      number += 1
    }
  }

  private static func isEffective(_ number: cap_value_t) throws(SystemError) -> Bool {
    guard let state = unsafe cap_get_proc() else {
      throw SystemError(step: "capabilities", subject: "cap_get_proc", errno: .current)
    }
    defer { unsafe _ = cap_free(UnsafeMutableRawPointer(state)) }
    var value = CAP_CLEAR
    try check("capabilities", "cap_get_flag") {
      unsafe cap_get_flag(state, number, CAP_EFFECTIVE, &value)
    }
    return value == CAP_SET
  }
}
