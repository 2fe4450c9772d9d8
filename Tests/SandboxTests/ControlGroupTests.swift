import Glibc
import Kernel
import Testing

@testable import Sandbox

@Suite struct ControlGroupNameTests {
  @Test(arguments: ["notes", "a-b-c", "x.y_z", "1-2-3", "supervisor"])
  func survivesItsText(_ server: String) throws {
    let name = ControlGroupName(
      server: server, supervisor: ProcessIdentity(pid: 4_194_303, startTime: UInt64.max))
    #expect(ControlGroupName(name.text) == name)
  }

  @Test(arguments: [
    "", "cordon", "cordon-", "cordon-a", "cordon-a-1", "cordon-1-2", "docker-a-1-2", "cordon-a-0-2",
    "cordon-a--1-2", "cordon-a-1-2x", "cordon-a-+1-2", "cordon-a-01-2", "cordon-a-1-02",
    "Cordon-a-1-2", "cordon-a-99999999999-2", "cordon-a-1-99999999999999999999",
  ])
  func isNoneOfCordons(_ text: String) {
    guard let name = ControlGroupName(text) else { return }
    // A server's name may end in a hyphen.
    #expect(name.server == "a-" && text == "cordon-a--1-2")
  }
}

@Suite struct ControlGroupSweepTests {
  @Test func onlyTheGroupsOfTheDeadGo() throws {
    let tree = try GroupTree([:])
    let alive = ProcessIdentity(pid: 10, startTime: 1)
    let names = [
      "cordon-a-10-1", "cordon-a-10-2", "cordon-b-b-11-1", "user.slice", "cordon-notes",
      "cordon-full-12-1",
    ]
    for name in names { try Files.makeDirectories("\(tree.path)/\(name)", mode: 0o755) }
    // As a group with a process in it: not to be removed.
    try Files.makeDirectories("\(tree.path)/cordon-full-12-1/x", mode: 0o755)
    ControlGroupSweep.sweep(tree.path) { $0 == alive }
    #expect(
      try Files.list(tree.path) == [
        "cordon-a-10-1", "cordon-full-12-1", "cordon-notes", "user.slice",
      ]
    )
  }

  @Test func thisProcessIsAliveAndItsPredecessorIsNot() throws {
    let own = try #require(try ProcessIdentity(pid: getpid()))
    #expect(ControlGroupSweep.isAlive(own))
    #expect(
      !ControlGroupSweep.isAlive(ProcessIdentity(pid: own.pid, startTime: own.startTime - 1)))
  }
}

@Suite struct LimitCounterTests {
  static let events = Array("low 0\nhigh 3\nmax 12\noom 2\noom_kill 5\noom_group_kill 1\n".utf8)
  static let control = Array("oom_kill_disable 0\nunder_oom 0\noom_kill 3\n".utf8)

  @Test func aCounterIsFoundByItsWholeWord() {
    #expect(ControlGroups.counter("oom_kill", inText: Self.events) == 5)
    #expect(ControlGroups.counter("max", inText: Self.events) == 12)
    #expect(ControlGroups.counter("oom_kill", inText: Self.control) == 3)
    #expect(ControlGroups.counter("absent", inText: Self.events) == 0)
    #expect(ControlGroups.counter("max", inText: []) == 0)
    #expect(ControlGroups.counter("max", inText: Array("max\nmax x\nmax -1".utf8)) == 0)
  }

  /// As version 2 would count it, in files that look like its own.
  @Test func whatWasCountedIsTold() throws {
    let tree = try GroupTree([
      "memory.events": "max 4\noom_kill 2\n", "pids.events": "max 9\n",
    ])
    let groups = try ControlGroups(
      carryingOut: ControlGroupPlan(
        steps: [],
        groups: [.init(version: .two, path: tree.path, limits: [.memory, .processes])]))
    let request = ControlGroupFinderTests.request()
    #expect(
      groups.hits(of: request) == [
        .memory(512 << 20, killed: nil), .processes(64, refused: 9),
      ])
    #expect(groups.hits(of: request).first?.text.contains("512MiB") == true)
  }
}

@Suite struct ControlGroupStepTests {
  /// The steps of version 2, on files that look like its own.
  @Test func theStepsAreWritten() throws {
    let tree = try GroupTree(["cgroup.subtree_control": "", "g/memory.max": "", "x/y": ""])
    let path = tree.path
    _ = try ControlGroups(
      carryingOut: ControlGroupPlan(
        steps: [
          .enable(["memory", "pids"], in: path), .create("\(path)/new"),
          .set(file: "\(path)/g/memory.max", value: "17"),
          .setIfThere(file: "\(path)/g/memory.swap.max", value: "0"),
        ], groups: []))
    func text(_ file: String) throws -> String {
      String(decoding: try Files.read("\(path)/\(file)", limit: 100), as: UTF8.self)
    }
    #expect(try text("cgroup.subtree_control") == "+memory +pids")
    #expect(try text("g/memory.max") == "17")
    #expect(Files.exists("\(path)/new"))
    #expect(!Files.exists("\(path)/g/memory.swap.max"))
  }

  @Test func aStepThatFailsIsNamedAndLeavesNothing() throws {
    let tree = try GroupTree([:])
    let group = "\(tree.path)/cordon-a-1-2"
    let error = #expect(throws: SystemError.self) {
      _ = try ControlGroups(
        carryingOut: ControlGroupPlan(
          steps: [.create(group), .set(file: "\(group)/memory.max", value: "17")],
          groups: [.init(version: .two, path: group, limits: [.memory])]))
    }
    #expect(error?.step == "cgroup")
    #expect(error?.errno.code == ENOENT)
    #expect(error?.subject == "\(group)/memory.max = 17")
    #expect(!Files.exists(group))
  }
}
