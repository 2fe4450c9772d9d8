import Glibc
import Kernel

/// Finds where on this machine cgroups for a launch can be made, and writes the plan for them.
///
/// Version 2 where it has the controllers; version 1, one group for each, where it does not. Always
/// beside or below the caller's own cgroup, so that what bounds the caller bounds the server too.
struct ControlGroupFinder {
  let request: LimitRequest
  let tree: ControlGroupTree
  let name: ControlGroupName

  func find() -> LimitPlan {
    guard let hierarchy = tree.unified, isUseful(hierarchy) else { return legacy() }
    do throws(SystemError) {
      let place = try place(in: hierarchy)
      return LimitPlan(
        request: request, groups: plan(at: place),
        shortfalls: swapShortfall(isCounted: place.countsSwap))
    } catch {
      return LimitPlan(request: request, groups: nil, shortfalls: request.wanted(lackedBy: error))
    }
  }

  // MARK: Version 2

  /// Beside version 1 the second one has only the controllers that the first leaves it.
  private func isUseful(_ hierarchy: String) -> Bool {
    ControlGroupTree.words("\(hierarchy)/cgroup.controllers").contains("memory")
  }

  private var controllers: [String] {
    ["memory", "pids"] + (request.processors == nil ? [] : ["cpu"])
  }

  private struct Place {
    let parent: String
    let controllers: [String]
    /// Handed on to the groups below already.
    var isReady = false
    var movesSupervisor = false
    var countsSwap = true
  }

  /// - Throws: why there is none, in the words of the nearest thing to one.
  private func place(in hierarchy: String) throws(SystemError) -> Place {
    guard let own = tree.own(inUnified: hierarchy) else {
      throw SystemError(step: "cgroup", subject: "/proc/self/cgroup", errno: Errno(ENOENT))
    }
    // Only the root of all has no type: it alone may have processes beside groups.
    if own.utf8.elementsEqual(hierarchy.utf8), !Files.exists("\(own)/cgroup.type") {
      return try root(own)
    }
    var problem: SystemError?
    if !own.utf8.elementsEqual(hierarchy.utf8) {
      do throws(SystemError) {
        return try sibling(of: own)
      } catch {
        problem = error
      }
    }
    do throws(SystemError) {
      return try nested(in: own)
    } catch {
      throw problem ?? error
    }
  }

  /// The very root of the hierarchy. What is not handed on yet, is.
  private func root(_ own: String) throws(SystemError) -> Place {
    try ControlGroupTree.requireWritable("\(own)/cgroup.procs")
    try require(controllers, in: "\(own)/cgroup.controllers")
    return Place(
      parent: own, controllers: controllers,
      isReady: has(controllers, "\(own)/cgroup.subtree_control"))
  }

  /// Beside the caller's own: a systemd slice of the caller's hands on what its units are counted
  /// by. Nothing is added to that: systemd would take it back one day, and the limit with it.
  private func sibling(of own: String) throws(SystemError) -> Place {
    let parent = Files.parent(of: own)
    try ControlGroupTree.requireWritable(parent, W_OK | X_OK)
    try ControlGroupTree.requireWritable("\(parent)/cgroup.procs")
    try require(controllers, in: "\(parent)/cgroup.subtree_control")
    return Place(
      parent: parent, controllers: controllers, isReady: true,
      countsSwap: Files.exists("\(own)/memory.swap.max"))
  }

  /// Below the caller's own, where it was delegated and nobody but this process is in it.
  private func nested(in own: String) throws(SystemError) -> Place {
    try ControlGroupTree.requireWritable(own, W_OK | X_OK)
    try ControlGroupTree.requireWritable("\(own)/cgroup.procs")
    try ControlGroupTree.requireWritable("\(own)/cgroup.subtree_control")
    try require(controllers, in: "\(own)/cgroup.controllers")
    guard ControlGroupTree.words("\(own)/cgroup.procs") == ["\(name.supervisor.pid)"] else {
      throw SystemError(step: "cgroup", subject: "\(own)/cgroup.procs", errno: Errno(EBUSY))
    }
    return Place(
      parent: own, controllers: controllers, movesSupervisor: true,
      countsSwap: Files.exists("\(own)/memory.swap.max"))
  }

  private func has(_ wanted: [String], _ file: String) -> Bool {
    ControlGroupTree.words(file).isSuperset(of: wanted)
  }

  private func require(_ wanted: [String], in file: String) throws(SystemError) {
    let there = ControlGroupTree.words(file)
    guard let missing = wanted.first(where: { !there.contains($0) }) else { return }
    throw SystemError(
      step: "cgroup", subject: "\(file) lacks \(missing)", errno: Errno(EOPNOTSUPP))
  }

  private func plan(at place: Place) -> ControlGroupPlan {
    let path = "\(place.parent)/\(name.text)"
    var steps: [ControlGroupPlan.Step] = []
    if place.movesSupervisor {
      let room = ControlGroupName(server: "supervisor", supervisor: name.supervisor).text
      steps += [
        .create("\(place.parent)/\(room)"), .moveSupervisor(to: "\(place.parent)/\(room)"),
      ]
    }
    if !place.isReady { steps.append(.enable(place.controllers, in: place.parent)) }
    steps += [
      .create(path),
      .set(file: "\(path)/memory.max", value: "\(request.memory)"),
      .setIfThere(file: "\(path)/memory.swap.max", value: "\(request.swap)"),
      // What a server's parts took together ends them together.
      .set(file: "\(path)/memory.oom.group", value: "1"),
      .set(file: "\(path)/pids.max", value: "\(request.processes)"),
    ]
    var limits: [LimitKind] = [.memory, .processes] + (place.countsSwap ? [.swap] : [])
    if let processors = request.processors {
      steps.append(
        .set(file: "\(path)/cpu.max", value: "\(processors * Self.hundredth) \(Self.period)"))
      limits.append(.processors)
    }
    return ControlGroupPlan(
      steps: steps, groups: [.init(version: .two, path: path, limits: limits)])
  }

  /// Microseconds: the kernel's own default, and a hundredth of it.
  private static let period: UInt64 = 100_000
  private static let hundredth: UInt64 = 1000

  /// A kernel that counts no swap is no weakness on a machine that has none.
  private func swapShortfall(isCounted: Bool) -> [LimitPlan.Shortfall] {
    if isCounted || !Self.machineHasSwap { return [] }
    let reason = SystemError(step: "cgroup", subject: "swap is not counted", errno: Errno(ENOENT))
    return [LimitPlan.Shortfall(limit: .swap, reason: reason)]
  }

  private static var machineHasSwap: Bool {
    do throws(SystemError) {
      // The first line is the heading.
      return try Files.read("/proc/swaps", limit: 64 << 10).count { $0 == 0x0A } > 1
    } catch {
      return true
    }
  }

  // MARK: Version 1

  private func legacy() -> LimitPlan {
    var steps: [ControlGroupPlan.Step] = []
    var groups: [ControlGroupPlan.Group] = []
    var shortfalls: [LimitPlan.Shortfall] = []
    func add(
      _ controller: String, _ limit: LimitKind,
      _ settings: (String, String) throws(SystemError) -> [ControlGroupPlan.Step]
    ) {
      do throws(SystemError) {
        guard let own = tree.own(of: controller) else {
          throw SystemError(
            step: "cgroup", subject: "\(tree.root) has no \(controller) controller",
            errno: Errno(ENOENT))
        }
        try ControlGroupTree.requireWritable(own, W_OK | X_OK)
        let path = "\(own)/\(name.text)"
        steps += [.create(path)] + (try settings(own, path))
        groups.append(.init(version: .one, path: path, limits: [limit]))
      } catch {
        // The refusals of forks go uncounted then; they come all the same.
        if limit.weakness != nil { shortfalls.append(.init(limit: limit, reason: error)) }
      }
    }
    add("memory", .memory) { own, path in
      let isCounted = Files.exists("\(own)/memory.memsw.limit_in_bytes")
      shortfalls += swapShortfall(isCounted: isCounted)
      return memory(path, countsSwap: isCounted)
    }
    add("pids", .processes) { _, path in
      [.set(file: "\(path)/pids.max", value: "\(request.processes)")]
    }
    if let processors = request.processors {
      add("cpu", .processors) { _, path in
        [
          .set(file: "\(path)/cpu.cfs_period_us", value: "\(Self.period)"),
          .set(file: "\(path)/cpu.cfs_quota_us", value: "\(processors * Self.hundredth)"),
        ]
      }
    }
    return LimitPlan(
      request: request,
      groups: groups.isEmpty ? nil : ControlGroupPlan(steps: steps, groups: groups),
      shortfalls: shortfalls)
  }

  private func memory(_ path: String, countsSwap: Bool) -> [ControlGroupPlan.Step] {
    let limit = ControlGroupPlan.Step.set(
      file: "\(path)/memory.limit_in_bytes", value: "\(request.memory)")
    guard countsSwap else {
      // As near to none as a kernel comes that does not count.
      return [limit, .set(file: "\(path)/memory.swappiness", value: "0")]
    }
    // Memory and swap together, so it is never below the memory.
    return [
      limit,
      .set(
        file: "\(path)/memory.memsw.limit_in_bytes", value: "\(request.memory + request.swap)"),
    ]
  }
}
