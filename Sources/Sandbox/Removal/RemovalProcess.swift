import CLinux
import Confinement
import Glibc
import Kernel
import SystemCallFilter

/// The process that removes a server's files: this program again, in a user namespace that maps
/// their owner, so that an ordinary user can remove what belongs to a subordinate UID.
///
/// The server chose every name and mode, so it gives up all else before it looks at the first:
/// it can list and remove below one directory, and write its report.
public enum RemovalProcess {
  private static let control: Int32 = 3
  private static let directory: Int32 = 4

  /// - Returns: the exit status; what happened is in the report.
  public static func run() -> Int32 {
    do throws(SystemError) {
      try confine()
    } catch {
      report(.failed(step: error.step, subject: error.subject, errno: error.errno.code))
      return 70
    }
    var remover = TreeRemover(top: directory)
    guard let leftover = remover.run() else {
      report(.emptied(removed: remover.removed))
      return 0
    }
    report(
      .left(removed: remover.removed, path: leftover.path, errno: leftover.errno.code))
    return 74
  }

  private static func confine() throws(SystemError) {
    try check("close_range", "5 and above") { clinux_close_range(5, .max, 0) }
    let landlock = Landlock.ofThisKernel()
    let confinement = SelfConfinement(
      of: "removal", keeping: [.overrideModes, .actAsOwner],
      paths: [
        PathRule(
          "/proc/self/fd/\(directory)",
          [.readDirectory, .removeDirectory, .removeFile, .makeDirectory, .refer])
      ],
      scopes: [.abstractSockets, .signals],
      // Before its second version no directory could be moved. The filter is what stands there: it
      // has no call that opens for writing but beneath what is open.
      landlock: landlock.flatMap { $0.version >= Landlock.usableForPrograms ? $0 : nil })
    try confinement.enter { () throws(SystemError) in try FilterProgram.removal.install() }
  }

  private static func report(_ report: RemovalReport) {
    StageProcess.write(report.frame(), to: control)
  }
}
