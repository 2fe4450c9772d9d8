import Glibc
public import Kernel

/// Removes cgroups whose supervisors are gone: only a killed one leaves any.
public enum ControlGroupSweep {
  /// Looks beside the groups of this launch.
  public static func sweep(beside plan: ControlGroupPlan) {
    for directory in Set(plan.groups.map { Files.parent(of: $0.path) }) {
      sweep(directory)
    }
  }

  /// What stands in a directory by the names that Cordon gives.
  ///
  /// - Parameter isAlive: whether this very process still runs. One that cannot be seen counts as
  ///   alive: a group too many does no harm.
  static func sweep(
    _ directory: String, isAlive: (ProcessIdentity) -> Bool = ControlGroupSweep.isAlive
  ) {
    let names: [String]
    do throws(SystemError) {
      names = try Files.list(directory)
    } catch {
      return
    }
    for name in names {
      guard let owner = ControlGroupName(name)?.supervisor, !isAlive(owner) else { continue }
      // Refused while anything lives in it, so that nobody else's can be taken away.
      unsafe rmdir("\(directory)/\(name)")
    }
  }

  /// Groups that a supervisor wrote down before it made them, and that it left.
  ///
  /// - Parameter owner: that supervisor, which is gone.
  public static func remove(_ paths: [String], of owner: ProcessIdentity) {
    for path in paths.reversed() {
      guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")),
        let name = ControlGroupName(String(path[path.utf8.index(after: slash)...])),
        name.supervisor == owner
      else { continue }
      unsafe rmdir(path)
    }
  }

  static func isAlive(_ process: ProcessIdentity) -> Bool {
    do throws(SystemError) {
      if let known = try ProcessIdentity(pid: process.pid) { return known == process }
    } catch {
      return true
    }
    // /proc may hide a supervisor, which cannot be traced, also from its own user.
    return kill(process.pid, 0) == 0 || Errno.current.code != ESRCH
  }
}
