import Glibc
import Kernel
import Profile
import Testing

@testable import Sandbox

/// Where a machine's cgroups can be made, decided over directories that look like its own.
@Suite struct ControlGroupFinderTests {
  static let name = ControlGroupName(
    server: "notes", supervisor: ProcessIdentity(pid: 42, startTime: 7))

  static func request(processors: UInt64? = nil, swap: UInt64 = 0) -> LimitRequest {
    LimitRequest(memory: 512 << 20, swap: swap, processes: 64, processors: processors)
  }

  private func find(
    _ tree: GroupTree, _ membership: String, _ request: LimitRequest = request()
  ) -> LimitPlan {
    ControlGroupFinder(
      request: request, tree: ControlGroupTree(root: tree.path, membership: membership),
      name: Self.name
    ).find()
  }

  // MARK: Version 2

  static let slice = "user.slice/user-1000.slice/user@1000.service/app.slice"
  static let scope = "\(slice)/vte-spawn-1.scope"

  /// A terminal of a desktop: its scope lies in a slice of the user's own systemd.
  private func desktop(handedOn: String = "cpu memory pids") throws -> GroupTree {
    try GroupTree([
      "cgroup.controllers": "cpuset cpu io memory pids",
      "\(Self.slice)/cgroup.controllers": "cpu memory pids",
      "\(Self.slice)/cgroup.subtree_control": handedOn, "\(Self.slice)/cgroup.procs": "",
      "\(Self.scope)/cgroup.controllers": handedOn, "\(Self.scope)/cgroup.type": "domain",
      "\(Self.scope)/cgroup.procs": "41\n42\n", "\(Self.scope)/cgroup.subtree_control": "",
      "\(Self.scope)/memory.swap.max": "max",
    ])
  }

  @Test func besideTheCallersScope() throws {
    let tree = try desktop()
    let plan = find(tree, "0::/\(Self.scope)\n", Self.request(processors: 150, swap: 1 << 20))
    let group = "\(tree.path)/\(Self.slice)/cordon-notes-42-7"
    #expect(plan.shortfalls.isEmpty)
    #expect(
      plan.groups?.steps == [
        .create(group), .set(file: "\(group)/memory.max", value: "536870912"),
        .setIfThere(file: "\(group)/memory.swap.max", value: "1048576"),
        .set(file: "\(group)/memory.oom.group", value: "1"),
        .set(file: "\(group)/pids.max", value: "64"),
        .set(file: "\(group)/cpu.max", value: "150000 100000"),
      ])
    #expect(
      plan.groups?.groups == [
        .init(version: .two, path: group, limits: [.memory, .processes, .swap, .processors])
      ])
    #expect(plan.dataOfEachProcess == nil)
  }

  /// systemd takes back what it does not know to be needed, and a limit with it.
  @Test func nothingIsHandedOnInSomebodyElsesSlice() throws {
    let tree = try desktop(handedOn: "pids")
    let plan = find(tree, "0::/\(Self.scope)\n")
    #expect(plan.groups == nil)
    let file = "\(tree.path)/\(Self.slice)/cgroup.subtree_control"
    #expect(
      plan.shortfalls == [
        .init(
          limit: .memory,
          reason: SystemError(
            step: "cgroup", subject: "\(file) lacks memory", errno: Errno(EOPNOTSUPP)))
      ])
    #expect(plan.dataOfEachProcess == 512 << 20)
  }

  /// `systemd-run --user --scope -p Delegate=yes`: the scope is the caller's alone.
  @Test func insideADelegatedScopeTheSupervisorMakesRoom() throws {
    let scope = "user.slice/run-1.scope"
    let tree = try GroupTree([
      "cgroup.controllers": "cpu memory pids",
      "\(scope)/cgroup.controllers": "cpu memory pids", "\(scope)/cgroup.type": "domain",
      "\(scope)/cgroup.procs": "42\n", "\(scope)/cgroup.subtree_control": "",
      "\(scope)/memory.swap.max": "max",
    ])
    let plan = find(tree, "0::/\(scope)\n", Self.request(processors: 1))
    let own = "\(tree.path)/\(scope)"
    #expect(
      plan.groups?.steps.prefix(4) == [
        .create("\(own)/cordon-supervisor-42-7"),
        .moveSupervisor(to: "\(own)/cordon-supervisor-42-7"),
        .enable(["memory", "pids", "cpu"], in: own), .create("\(own)/cordon-notes-42-7"),
      ])
    #expect(
      plan.groups?.directories == [
        "\(own)/cordon-supervisor-42-7", "\(own)/cordon-notes-42-7",
      ])
    #expect(
      plan.groups?.steps.last
        == .set(file: "\(own)/cordon-notes-42-7/cpu.max", value: "1000 100000"))
  }

  @Test func aScopeWithOthersInItIsNotTakenApart() throws {
    let scope = "user.slice/run-1.scope"
    let tree = try GroupTree([
      "cgroup.controllers": "memory pids", "\(scope)/cgroup.controllers": "memory pids",
      "\(scope)/cgroup.type": "domain", "\(scope)/cgroup.procs": "41\n42\n",
      "\(scope)/cgroup.subtree_control": "",
    ])
    let plan = find(tree, "0::/\(scope)\n")
    #expect(plan.groups == nil)
    #expect(plan.shortfalls.map(\.limit) == [.memory])
  }

  /// The root of all has no type; elsewhere processes keep a group from handing anything on.
  @Test func atTheRootOfAll() throws {
    let tree = try GroupTree([
      "cgroup.controllers": "cpu memory pids", "cgroup.subtree_control": "", "cgroup.procs": "1\n",
    ])
    let plan = find(tree, "0::/\n")
    #expect(plan.groups?.steps.first == .enable(["memory", "pids"], in: tree.path))
    #expect(plan.groups?.groups.first?.path == "\(tree.path)/cordon-notes-42-7")
    let ready = try GroupTree([
      "cgroup.controllers": "cpu memory pids", "cgroup.subtree_control": "memory pids",
      "cgroup.procs": "1\n",
    ])
    #expect(
      find(ready, "0::/\n").groups?.steps.first == .create("\(ready.path)/cordon-notes-42-7"))
  }

  /// Inside a container the mounted root is a group like any other, with the container's processes.
  @Test func inAContainerThatSharesItsGroup() throws {
    let tree = try GroupTree([
      "cgroup.controllers": "cpu memory pids", "cgroup.subtree_control": "",
      "cgroup.type": "domain",
      "cgroup.procs": "1\n42\n",
    ])
    let plan = find(tree, "0::/\n")
    #expect(plan.groups == nil)
    #expect(plan.shortfalls.first?.reason.errno.code == EBUSY)
  }

  @Test func aGroupThatIsNotTheCallers() throws {
    let tree = try desktop()
    tree.setMode(0o555, of: [Self.slice, Self.scope])
    let plan = find(tree, "0::/\(Self.scope)\n")
    tree.setMode(0o755, of: [Self.slice, Self.scope])
    // No mode keeps root out.
    if geteuid() != 0 {
      #expect(plan.groups == nil)
      #expect(
        plan.shortfalls == [
          .init(
            limit: .memory,
            reason: SystemError(
              step: "cgroup", subject: "\(tree.path)/\(Self.slice)", errno: Errno(EACCES)))
        ])
    } else {
      #expect(plan.shortfalls.isEmpty)
    }
  }

  // MARK: Version 1

  static let legacy = "9:name=systemd:/\n8:pids:/\n4:memory:/mine\n2:cpu,cpuacct:/\n0::/\n"

  private func hybrid(_ more: [String: String] = [:]) throws -> GroupTree {
    try GroupTree(
      [
        "unified/cgroup.controllers": "hugetlb", "memory/tasks": "", "memory/mine/tasks": "42",
        "memory/mine/memory.memsw.limit_in_bytes": "9", "pids/tasks": "42", "cpu/tasks": "42",
      ].merging(more) { $1 })
  }

  @Test func oneGroupForEachControllerBelowTheCallersOwn() throws {
    let tree = try hybrid()
    let plan = find(tree, Self.legacy, Self.request(processors: 50, swap: 64 << 20))
    let memory = "\(tree.path)/memory/mine/cordon-notes-42-7"
    let pids = "\(tree.path)/pids/cordon-notes-42-7"
    let cpu = "\(tree.path)/cpu/cordon-notes-42-7"
    #expect(
      plan.groups?.steps == [
        .create(memory), .set(file: "\(memory)/memory.limit_in_bytes", value: "536870912"),
        .set(file: "\(memory)/memory.memsw.limit_in_bytes", value: "603979776"),
        .create(pids), .set(file: "\(pids)/pids.max", value: "64"),
        .create(cpu), .set(file: "\(cpu)/cpu.cfs_period_us", value: "100000"),
        .set(file: "\(cpu)/cpu.cfs_quota_us", value: "50000"),
      ])
    #expect(plan.groups?.groups.map(\.version) == [.one, .one, .one])
    #expect(plan.shortfalls.isEmpty)
  }

  /// In a container the path is the host's, and the mount shows the container's own group.
  @Test func aPathThatIsNotMountedHere() throws {
    let plan = find(try hybrid(), "8:pids:/\n4:memory:/docker/0123\n0::/\n")
    #expect(plan.groups?.groups.first?.path.hasSuffix("/memory/cordon-notes-42-7") == true)
  }

  @Test func withoutTheMemoryController() throws {
    let tree = try GroupTree(["pids/tasks": "42", "cpu/tasks": "42"])
    let plan = find(tree, "8:pids:/\n2:cpu:/\n", Self.request(processors: 100))
    #expect(plan.groups?.limits == [.processes, .processors])
    #expect(plan.shortfalls.map(\.limit) == [.memory])
    #expect(plan.dataOfEachProcess == 512 << 20)
  }

  /// Forks are bounded without any cgroup.
  @Test func withoutAnything() throws {
    let plan = find(try GroupTree([:]), "0::/\n", Self.request(processors: 100))
    #expect(plan.groups == nil)
    #expect(plan.shortfalls.map(\.limit) == [.memory, .processors])
    #expect(plan.shortfalls.allSatisfy { $0.reason.errno.code == ENOENT })
    #expect(plan.summary[1] == "processes 64: setrlimit nproc")
    #expect(plan.summary[2] == "cpus 1: nothing")
  }

  @Test func losingTheGroupsNamesWhatTheyHeld() throws {
    var plan = find(try hybrid(), Self.legacy, Self.request(processors: 50))
    let error = SystemError(step: "cgroup", subject: "/x", errno: Errno(ENOSPC))
    plan.loseGroups(to: error)
    #expect(plan.groups == nil)
    #expect(plan.shortfalls.map(\.limit) == [.memory, .processors])
    #expect(plan.shortfalls.allSatisfy { $0.reason == error })
    #expect(plan.dataOfEachProcess == 512 << 20)
    #expect(plan.shortfalls.map(\.limit.weakness?.name) == ["no-memory-limit", "no-cpu-limit"])
  }
}

/// Directories and files as a cgroup file system would show them.
final class GroupTree {
  let path: String

  init(_ files: [String: String]) throws {
    var template = Array("/tmp/cordon-groups-XXXXXX".utf8CString)
    path = unsafe template.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress, let made = unsafe mkdtemp(base) else { return "" }
      return unsafe String(cString: made)
    }
    try #require(!path.isEmpty)
    for (file, text) in files {
      let full = "\(path)/\(file)"
      try Files.makeDirectories(Files.parent(of: full), mode: 0o755)
      try Files.write(
        Array(text.utf8),
        to: try Files.open(full, flags: O_WRONLY | O_CREAT, mode: 0o644), subject: full)
    }
  }

  func setMode(_ mode: mode_t, of paths: [String]) {
    for name in paths { _ = unsafe chmod("\(path)/\(name)", mode) }
  }

  deinit { Self.remove(path) }

  private static func remove(_ path: String) {
    for name in (try? Files.list(path)) ?? [] { remove("\(path)/\(name)") }
    try? Files.remove(path)
  }
}
