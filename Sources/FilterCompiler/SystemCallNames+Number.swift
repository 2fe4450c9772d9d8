import CSeccomp
import Glibc

extension SystemCallNames {
  /// The name of a call of this machine; nil for a number that no table has.
  public static func name(of number: Int32) -> String? {
    if let match = newer.first(where: { $0.number == number }) { return match.name }
    guard number >= 0,
      let text = unsafe seccomp_syscall_resolve_num_arch(Architecture.current.token, number)
    else { return nil }
    // libseccomp allocates the name with malloc.
    defer { unsafe free(text) }
    return unsafe String(cString: text)
  }
}
