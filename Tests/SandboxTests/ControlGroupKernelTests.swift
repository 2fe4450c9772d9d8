import CLinux
import Glibc
import Kernel
import Testing

@testable import Sandbox

/// Cgroups of the running kernel: programs that are born or enter there, and what ends them. Root
/// makes them where this process stands; anybody else is shown that the kernel refuses.
@Suite struct ControlGroupKernelTests {
  private static let request = LimitRequest(
    memory: 24 << 20, swap: 0, processes: 5, processors: nil)

  private func plan(_ name: String) throws -> LimitPlan {
    try LimitPlan.make(
      for: Self.request, server: name,
      supervisor: #require(try ProcessIdentity(pid: getpid())))
  }

  /// What the limits of this machine come to, whichever version it has.
  @Test func aProgramThatTakesAllMemoryIsKilledAndCounted() throws {
    let plan = try plan("kernel-test-memory")
    guard geteuid() == 0, let groups = plan.groups, groups.limits.contains(.memory) else {
      // Nobody but root owns the group that the tests run in.
      #expect(plan.shortfalls.contains { $0.limit == .memory && $0.reason.errno.code != 0 })
      return
    }
    let made = try ControlGroups(carryingOut: groups)
    defer { made.remove() }
    // Looks for the end of what has neither end nor lines, and keeps all of it.
    let program = try Guest(["/usr/bin/tail", "/dev/zero"], through: made)
    #expect(try program.wait() == 128 + SIGKILL)
    let counted = made.hits(of: Self.request).contains { $0.isMemory }
    #expect(counted)
    made.remove()
    for group in groups.groups { #expect(!Files.exists(group.path)) }
  }

  @Test func aForkTooManyIsRefusedAndCounted() throws {
    let plan = try plan("kernel-test-forks")
    guard geteuid() == 0, let groups = plan.groups, groups.limits.contains(.processes) else {
      #expect(plan.summary.contains { $0.hasSuffix("setrlimit nproc") })
      return
    }
    let made = try ControlGroups(carryingOut: groups)
    defer { made.remove() }
    let forks = "for i in 1 2 3 4 5 6 7 8; do sleep 0.05 & done; wait"
    let program = try Guest(["/bin/sh", "-c", forks], through: made)
    _ = try program.wait()
    let refused = made.hits(of: Self.request).contains {
      if case .processes(5, let refused) = $0 { refused > 0 } else { false }
    }
    #expect(refused, "\(made.hits(of: Self.request))")
  }

  // MARK: Version 2 alone, with whatever controllers it has

  /// A group of version 2 without any limit, below this process's own.
  private func bare(_ name: String) throws -> ControlGroupPlan? {
    let tree = try ControlGroupTree.machine()
    guard let hierarchy = tree.unified, let own = tree.own(inUnified: hierarchy) else { return nil }
    let name = try ControlGroupName(
      server: name, supervisor: #require(try ProcessIdentity(pid: getpid())))
    let path = "\(own)/\(name.text)"
    return ControlGroupPlan(
      steps: [.create(path)], groups: [.init(version: .two, path: path, limits: [])])
  }

  private func text(_ path: String) throws -> String {
    String(decoding: try Files.read(path, limit: 4096), as: UTF8.self)
  }

  @Test func bornInItsGroupAndKilledThroughIt() throws {
    guard let plan = try bare("kernel-test-kill"), let group = plan.groups.first?.path else {
      return
    }
    guard geteuid() == 0 else {
      #expect(throws: SystemError.self) { _ = try ControlGroups(carryingOut: plan) }
      return
    }
    let made = try ControlGroups(carryingOut: plan)
    defer { made.remove() }
    let program = try Guest(["/bin/sh", "-c", "sleep 100 & sleep 100"], through: made)
    try program.hasStarted()
    #expect(try text("\(group)/cgroup.procs").contains("\(program.pid)"))
    #expect(try text("\(group)/cgroup.events").contains("populated 1"))
    made.kill()
    #expect(try program.wait() == 128 + SIGKILL)
    made.remove()
    #expect(!Files.exists(group))
  }

  /// The namespace begins at the group that the program is in, and shows nothing above it.
  @Test func theGroupIsTheRootOfItsNamespace() throws {
    let plans = [try bare("kernel-test-view"), try plan("kernel-test-view").groups]
    guard geteuid() == 0 else { return }
    for case .some(let plan) in plans {
      let made = try ControlGroups(carryingOut: plan)
      defer { made.remove() }
      let program = try Guest(["/bin/cat", "/proc/self/cgroup"], through: made)
      let lines = try program.output().split(separator: "\n")
      #expect(!lines.isEmpty)
      #expect(lines.allSatisfy { $0.hasSuffix(":/") }, "\(lines)")
      #expect(try program.wait() == 0)
    }
  }

  @Test func aGroupWithAProcessInItIsNotSwept() throws {
    guard let plan = try bare("kernel-test-sweep"), let group = plan.groups.first?.path else {
      return
    }
    guard geteuid() == 0 else { return }
    let made = try ControlGroups(carryingOut: plan)
    defer { made.remove() }
    let program = try Guest(["/bin/sleep", "100"], through: made)
    try program.hasStarted()
    ControlGroupSweep.sweep(Files.parent(of: group)) { $0.pid != getpid() }
    #expect(Files.exists(group))
    made.kill()
    _ = try program.wait()
    ControlGroupSweep.sweep(Files.parent(of: group)) { $0.pid != getpid() }
    #expect(!Files.exists(group))
  }
}

/// A program started as the stage is: through the entrances of its groups, in namespaces of its own.
private final class Guest {
  let pid: Int32
  private let outcome: Pipe
  private let pidfd: OwnedDescriptor

  init(_ argv: [String], through groups: ControlGroups?) throws {
    let executable = try Files.open(argv[0], flags: clinux_o_path)
    let entrances = try groups?.entrances() ?? Entrances(tasks: [], group: -1)
    let gate = try Pipe()
    let report = try Pipe()
    let output = try Pipe()
    let descriptors = [0, output.writing.withRaw { $0 }, 2]
    let opener = gate.writing.withRaw { $0 }
    let ends = (gate: gate.reading.withRaw { $0 }, report: report.writing.withRaw { $0 })
    let program = executable.withRaw { $0 }
    let (tasks, group) = (entrances.tasks, entrances.group)
    var raw: Int32 = -1
    let pid = try unsafe withCStrings(argv) { (arguments) throws(SystemError) -> Int32 in
      try unsafe descriptors.withUnsafeBufferPointer { (descriptors) throws(SystemError) -> Int32 in
        try unsafe tasks.withUnsafeBufferPointer { (tasks) throws(SystemError) -> Int32 in
          var launch = unsafe clinux_launch(
            namespaces: clinux_cgroup_namespace, gate: ends.gate, gate_writer: opener,
            executable: program, arguments: arguments, descriptors: descriptors.baseAddress,
            descriptor_count: descriptors.count, clear_groups: 0, raise_ambient: 0, uid: -1,
            gid: -1, tasks: tasks.baseAddress, task_count: tasks.count, group: group,
            report: ends.report)
          return try check("clone", "guest") { unsafe clinux_start(&launch, &raw) }
        }
      }
    }
    try Files.write([1], to: gate.writing, subject: "gate")
    self.pid = pid
    pidfd = OwnedDescriptor(owning: raw)
    outcome = output
  }

  /// Waits until it is another program than this one.
  func hasStarted() throws {
    let own = try Files.readLink("/proc/self/exe")
    for _ in 0..<2000 {
      if try Files.readLink("/proc/\(pid)/exe") != own { return }
      usleep(1000)
    }
    Issue.record("the guest did not start")
  }

  /// The exit status, or 128 and the signal.
  func wait() throws -> Int32 {
    let ended = try ChildEnd(waitingFor: pid, "guest")
    return ended.signalled ? 128 + ended.status : ended.status
  }

  func output() throws -> String {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = outcome.reading.withRaw { unsafe read($0, &buffer, buffer.count) }
    return String(decoding: buffer[..<max(count, 0)], as: UTF8.self)
  }
}
