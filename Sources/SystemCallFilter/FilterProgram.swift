import CLinux
import FilterCompiler
public import Kernel

/// A system call filter as the kernel takes it.
public struct FilterProgram: Hashable, Sendable {
  /// One `struct sock_filter` per word.
  public let words: [UInt64]

  /// A program that another part of Cordon compiled and passed on.
  public init(words: [UInt64]) {
    self.words = words
  }

  /// For a server: what nobody names does not exist, what is dangerous is refused.
  public static var server: FilterProgram { FilterProgram(words: CompiledFilters.server) }
  /// For a server that needs little: what language runtimes were measured to need, and no more.
  public static var strict: FilterProgram { FilterProgram(words: CompiledFilters.strict) }
  /// For the relay, from before its first hostile byte on.
  public static var relay: FilterProgram { FilterProgram(words: CompiledFilters.relay) }
  /// For the egress process, from before its first hostile byte on.
  public static var egress: FilterProgram { FilterProgram(words: CompiledFilters.egress) }
  /// For PID 1 of a sandbox, from the server's start on.
  public static var initProcess: FilterProgram { FilterProgram(words: CompiledFilters.initProcess) }

  /// For the supervisor, once both parts run.
  public static var supervisor: FilterProgram { FilterProgram(words: CompiledFilters.supervisor) }

  /// For what removes a server's files, which the server chose the names and places of.
  public static var removal: FilterProgram { FilterProgram(words: CompiledFilters.removal) }

  /// Confines the calling thread, and what it starts, for good. A process that must be confined
  /// whole does this while it has one thread.
  ///
  /// - Throws: `EACCES` where no_new_privs is not set and the caller has no CAP_SYS_ADMIN, `EINVAL`
  ///   for a program that the kernel does not take.
  public func install() throws(SystemError) {
    try check("seccomp", "\(words.count) instructions") {
      unsafe clinux_seccomp_install(words, words.count)
    }
  }
}
