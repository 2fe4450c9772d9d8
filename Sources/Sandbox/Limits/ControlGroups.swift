import Glibc
public import Kernel

/// The cgroups of one launch, made. They are the supervisor's to remove once the sandbox is gone;
/// those of a supervisor that was killed are the next one's (`ControlGroupSweep`).
public final class ControlGroups: Sendable {
  public let plan: ControlGroupPlan

  /// - Throws: the step that failed, nothing left behind.
  public init(carryingOut plan: ControlGroupPlan) throws(SystemError) {
    self.plan = plan
    do throws(SystemError) {
      for step in plan.steps { try Self.perform(step) }
    } catch {
      leaveRoom()
      remove()
      throw error
    }
  }

  private static func perform(_ step: ControlGroupPlan.Step) throws(SystemError) {
    switch step {
    case .create(let path):
      try check("cgroup", path) { unsafe mkdir(path, 0o755) }
    case .moveSupervisor(let path):
      // Nobody else was there when the plan was made: who is now, this process has started.
      for pid in ControlGroupTree.words("\(Files.parent(of: path))/cgroup.procs") {
        try write(pid, to: "\(path)/cgroup.procs")
      }
    case .enable(let controllers, let path):
      try write(
        controllers.map { "+\($0)" }.joined(separator: " "), to: "\(path)/cgroup.subtree_control")
    case .set(let file, let value):
      try write(value, to: file)
    case .setIfThere(let file, let value):
      do throws(SystemError) {
        try write(value, to: file)
      } catch  where error.errno.code == ENOENT {
      }
    }
  }

  /// In one call, as the files of a cgroup want it.
  private static func write(_ value: String, to path: String) throws(SystemError) {
    do throws(SystemError) {
      try Files.write(
        Array(value.utf8), to: try Files.open(path, flags: O_WRONLY), subject: path)
    } catch {
      throw SystemError(step: "cgroup", subject: "\(path) = \(value)", errno: error.errno)
    }
  }

  /// What the sandbox's first process needs to get in: of version 1 a descriptor of each group's
  /// `tasks`, of version 2 one of the group itself.
  func entrances() throws(SystemError) -> Entrances {
    var tasks: [Int32] = []
    var group: Int32 = -1
    do throws(SystemError) {
      for place in plan.groups {
        switch place.version {
        case .one: tasks.append(try Files.open("\(place.path)/tasks", flags: O_WRONLY).release())
        case .two: group = try Files.open(place.path, flags: O_RDONLY | O_DIRECTORY).release()
        }
      }
    } catch {
      Entrances.close(tasks, group)
      throw error
    }
    return Entrances(tasks: tasks, group: group)
  }

  /// Kills everything inside at once, where the kernel has that (version 2 from Linux 5.14). PID 1's
  /// end does the same; this is the second way.
  public func kill() {
    for group in plan.groups where group.version == .two {
      do throws(SystemError) {
        try Self.write("1", to: "\(group.path)/cgroup.kill")
      } catch {
        // PID 1 is killed besides, and the namespace takes everybody along.
      }
    }
  }

  /// Removes the groups, which must be empty by then, or be about to. The one that the supervisor
  /// itself is in stays: it goes with the scope that it was made in.
  ///
  /// - Returns: whether all are gone. What is left is for the next launch.
  @discardableResult
  public func remove() -> Bool {
    var isGone = true
    for group in plan.groups.reversed() where !Self.remove(group.path) { isGone = false }
    return isGone
  }

  private static func remove(_ path: String) -> Bool {
    // A process that was just killed may take a moment to leave.
    for _ in 0..<100 {
      if unsafe rmdir(path) == 0 { return true }
      let code = Errno.current.code
      guard code == EBUSY else { return code == ENOENT }
      usleep(1000)
    }
    return false
  }

  /// Puts the supervisor back where it came from, after a step that failed.
  private func leaveRoom() {
    for case .moveSupervisor(let room) in plan.steps {
      do throws(SystemError) {
        try Self.write("0", to: "\(Files.parent(of: room))/cgroup.procs")
        try check("cgroup", room) { unsafe rmdir(room) }
      } catch {
        // It was not moved yet, or stays there: the step that failed is what is told.
      }
    }
  }
}

/// Descriptors that let one process into its cgroups.
struct Entrances: ~Copyable {
  let tasks: [Int32]
  /// −1 where there is none.
  let group: Int32

  static func close(_ tasks: [Int32], _ group: Int32) {
    for raw in tasks { Glibc.close(raw) }
    if group >= 0 { Glibc.close(group) }
  }

  deinit { Self.close(tasks, group) }
}
