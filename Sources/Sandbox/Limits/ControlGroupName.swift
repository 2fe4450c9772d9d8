import Kernel

/// The name of a cgroup of Cordon's: which server's it is, and which process is its supervisor.
///
/// The supervisor's start time makes it that one's for ever: one whose supervisor is gone belongs
/// to nobody, and whoever comes by removes it.
struct ControlGroupName: Equatable {
  private static let prefix = "cordon-"

  let server: String
  let supervisor: ProcessIdentity

  init(server: String, supervisor: ProcessIdentity) {
    self.server = server
    self.supervisor = supervisor
  }

  /// Nil for what is not of this form.
  init?(_ text: String) {
    // A server's name may have hyphens in it; the two numbers at the end have none.
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard text.utf8.starts(with: Self.prefix.utf8), parts.count >= 4,
      let pid = Int32(parts[parts.count - 2]), pid > 0,
      let start = UInt64(parts[parts.count - 1])
    else { return nil }
    server = parts[1..<(parts.count - 2)].joined(separator: "-")
    supervisor = ProcessIdentity(pid: pid, startTime: start)
    guard text.utf8.elementsEqual(self.text.utf8) else { return nil }
  }

  var text: String { "\(Self.prefix)\(server)-\(supervisor.pid)-\(supervisor.startTime)" }
}
