import CLinux
import Glibc
import Kernel

/// Sets what a process inherits over fork and exec to the values that a program expects: the host
/// that started Cordon may have changed any of it for itself.
///
/// Niceness stays where the host asked for less than usual: only a privileged process could give
/// more back.
enum KnownState {
  /// Nanoseconds: what the kernel gives its first process.
  private static let timerSlack: UInt = 50_000
  /// Above what nearly everything else has: where the machine runs out of memory, this goes first.
  private static let firstToGo = 200

  /// Of the stage, and so of everything inside. Taken while `/proc` is still the machine's.
  static func enterStage() throws(SystemError) {
    let path = "/proc/self/oom_score_adj"
    let text = String(decoding: try Files.read(path, limit: 16), as: UTF8.self)
    // Lowering it is a privilege, and a host that asked for more has it.
    guard let now = Int(text.prefix { !$0.isWhitespace }), now < firstToGo else { return }
    let file = try Files.open(path, flags: O_WRONLY)
    try Files.write(Array("\(firstToGo)".utf8), to: file, subject: path)
  }

  /// Of the server's process.
  static func enterServer() throws(SystemError) {
    try check("signals", "dispositions and mask") { clinux_reset_signals() }
    try check("personality", "Linux") { clinux_personality(0) }
    try schedule()
    try set(clinux_timer_slack_set, to: timerSlack, "PR_SET_TIMERSLACK")
    // Asked first, since older kernels know none of the two.
    if clinux_prctl(clinux_huge_pages_disabled, 0) > 0 {
      try set(clinux_huge_pages_disable, to: 0, "PR_SET_THP_DISABLE")
    }
    if clinux_prctl(clinux_memory_merge_get, 0) > 0 {
      try set(clinux_memory_merge_set, to: 0, "PR_SET_MEMORY_MERGE")
    }
    // A kernel without memory policies has none to reset.
    if clinux_memory_policy() > 0 {
      try check("set_mempolicy", "MPOL_DEFAULT") { clinux_reset_memory_policy() }
    }
  }

  private static func schedule() throws(SystemError) {
    if try check("sched_getscheduler", "server", { clinux_scheduler() }) != SCHED_OTHER {
      try check("sched_setscheduler", "SCHED_OTHER") { clinux_schedule_normally() }
    }
    var niceness: Int32 = 0
    try check("getpriority", "server") { unsafe clinux_niceness(&niceness) }
    if niceness < 0 { try check("setpriority", "0") { clinux_set_niceness(0) } }
    if try check("ioprio_get", "server", { clinux_io_priority() }) != 0 {
      try check("ioprio_set", "none") { clinux_set_io_priority(0) }
    }
  }

  private static func set(_ option: Int32, to value: UInt, _ name: String) throws(SystemError) {
    try check("prctl", name) { clinux_prctl(option, value) }
  }
}
