/// What the kernel does with a system call.
public enum Action: Hashable, Sendable {
  case allow
  /// The call fails with this errno and has no effect.
  case errno(Int32)
  /// The whole process ends with SIGSYS.
  case killProcess
}
