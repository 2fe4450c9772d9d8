import Confinement
import Control
import SystemCallFilter
import Testing

@testable import Sandbox

@Suite struct PlanTests {
  static let facts = HostFacts(
    system: [
      "/usr": .directory, "/bin": .symbolicLink("usr/bin"), "/lib": .symbolicLink("usr/lib"),
      "/etc/ld.so.cache": .file, "/etc/localtime": .symbolicLink("/usr/share/zoneinfo/UTC"),
      "/etc/ssl/certs": .directory,
    ], landlock: Landlock(version: 7))

  static func request(
    _ identity: Identity = .fromRange(index: 0), _ grants: [Grant] = []
  ) -> SandboxRequest {
    SandboxRequest(
      identity: identity,
      program: ServerProgram(
        executable: "/usr/bin/python3", arguments: ["/usr/bin/python3", "-V"],
        environment: [.init(name: "HOME", value: Array("/home/server".utf8))]),
      grants: grants, home: .kept("/var/lib/cordon/homes/notes"), temporaryBytes: 64 << 20,
      workingDirectory: nil, processes: 64, openFiles: 1024,
      reserved: ["/etc/cordon", "/var/lib/cordon"])
  }

  static func grant(
    _ path: String, writable: Bool = false, isNamed: Bool = true, kind: BindKind = .directory
  ) -> Grant {
    Grant(
      path: path, source: path, kind: kind, owner: Owner(uid: 1000, gid: 1000),
      writable: writable, isNamed: isNamed)
  }

  private func index(of step: Step, in plan: Plan) throws -> Int {
    try #require(plan.steps.firstIndex(of: step), "\(step) is not in the plan")
  }

  @Test func privilegesGoInTheOrderThatTheKernelNeeds() throws {
    let plan = try PlanBuilder.plan(for: Self.request(), facts: Self.facts)
    let order: [Step] = [
      .makeMountsPrivate, .forbidUserNamespaces, .newRoot(bytes: 4 << 20), .pivot,
      .makeReadOnly(path: "/"), .session, .dropBoundingSet, .lockSecureBits, .clearGroups,
      .takeIdentity(uid: 1000, gid: 1000), .dropCapabilities, .noNewPrivileges,
      .closeDescriptors, .filterSystemCalls(.standard, allow: [], deny: []), .execute,
    ]
    let places = try order.map { try index(of: $0, in: plan) }
    #expect(places == places.sorted())
    #expect(plan.steps.last == .execute)
  }

  @Test func everySourceIsOpenedBeforeAnythingIsMounted() throws {
    let plan = try PlanBuilder.plan(
      for: Self.request(.fromRange(index: 0), [Self.grant("/srv/data")]), facts: Self.facts)
    let root = try index(of: .newRoot(bytes: 4 << 20), in: plan)
    let opened = plan.steps.indices.filter {
      if case .openSource = plan.steps[$0] { true } else { false }
    }
    #expect(!opened.isEmpty)
    #expect(opened.allSatisfy { $0 < root })
  }

  @Test func aBindComesAfterTheDirectoriesAboveIt() throws {
    let plan = try PlanBuilder.plan(
      for: Self.request(.fromRange(index: 0), [Self.grant("/srv/data/notes")]), facts: Self.facts)
    let above = try index(of: .directory(path: "/srv/data", mode: 0o755), in: plan)
    let bind = try #require(
      plan.steps.firstIndex {
        if case .bind(_, "/srv/data/notes", _) = $0 { true } else { false }
      })
    #expect(above < bind)
  }

  @Test func aGrantInsideAnotherComesLaterAndMakesNoDirectoryOnTheHost() throws {
    let plan = try PlanBuilder.plan(
      for: Self.request(
        .fromRange(index: 0),
        [Self.grant("/srv/data/own/deep", writable: true), Self.grant("/srv/data")]),
      facts: Self.facts)
    let binds = plan.steps.compactMap { step -> String? in
      if case .bind(_, let path, _) = step, path.hasPrefix("/srv") { path } else { nil }
    }
    #expect(binds == ["/srv/data", "/srv/data/own/deep"])
    #expect(!plan.steps.contains(.directory(path: "/srv/data/own", mode: 0o755)))
  }

  /// A narrower grant lies over what is covered in the wider one.
  @Test func whatIsCoveredComesRightAfterItsGrant() throws {
    let covers = [
      Cover(path: "/srv/data/.git", kind: .readOnly), Cover(path: "/srv/data/x", kind: .hidden),
    ]
    let outer = Grant(
      path: "/srv/data", source: "/srv/data", kind: .directory, owner: Owner(uid: 0, gid: 0),
      writable: true, isNamed: true, covers: covers)
    let plan = try PlanBuilder.plan(
      for: Self.request(.fromRange(index: 0), [Self.grant("/srv/data/.git/hooks"), outer]),
      facts: Self.facts)
    func bind(_ path: String) throws -> Int {
      try #require(
        plan.steps.firstIndex {
          if case .bind(_, path, _) = $0 { true } else { false }
        })
    }
    let places = try covers.map { try index(of: .cover($0), in: plan) }
    #expect(try places == [bind("/srv/data") + 1, bind("/srv/data") + 2])
    #expect(try bind("/srv/data/.git/hooks") > places[1])
    for case .verify(let expectation) in plan.steps { #expect(expectation.covers == covers) }
  }

  @Test func onlyRootMapsOwnersAndOnlyOfNamedGrants() throws {
    let grants = [Self.grant("/srv/named"), Self.grant("/opt/python", isNamed: false)]
    func mapped(_ identity: Identity) throws -> [String] {
      try PlanBuilder.plan(for: Self.request(identity, grants), facts: Self.facts)
        .sources.filter { $0.mappedOwner != nil }.map(\.path)
    }
    #expect(try mapped(.fromRange(index: 3)) == ["/srv/named"])
    #expect(try mapped(.caller(uid: 1000, gid: 1000)) == [])
    #expect(try mapped(.caller(uid: 0, gid: 0)) == [])
  }

  @Test func groupsAreLeftAloneWhereTheKernelDeniesSetgroups() throws {
    let plan = try PlanBuilder.plan(
      for: Self.request(.caller(uid: 1000, gid: 1000)), facts: Self.facts)
    #expect(!plan.steps.contains(.clearGroups))
  }

  @Test func secretsAreNotPartOfAnyStepsDescription() throws {
    var request = Self.request()
    request.program = ServerProgram(
      executable: "/usr/bin/env", arguments: ["/usr/bin/env"],
      environment: [.init(name: "TOKEN", value: Array("hunter22".utf8), isSecret: true)])
    let plan = try PlanBuilder.plan(for: request, facts: Self.facts)
    #expect(!plan.steps.contains { $0.subject(in: plan).contains("hunter22") })
  }

  @Test(arguments: [
    ("/", PlanError.ownedBySandbox("/")),
    ("/proc/sys", .ownedBySandbox("/proc/sys")),
    ("/dev", .ownedBySandbox("/dev")),
    ("/home", .ownedBySandbox("/home")),
    ("/home/server/x", .ownedBySandbox("/home/server/x")),
    ("/tmp", .ownedBySandbox("/tmp")),
    ("/var", .reserved(grant: "/var", directory: "/var/lib/cordon")),
    (
      "/var/lib/cordon/homes",
      .reserved(grant: "/var/lib/cordon/homes", directory: "/var/lib/cordon")
    ),
    ("/etc/cordon", .reserved(grant: "/etc/cordon", directory: "/etc/cordon")),
  ])
  func whatNoGrantMayShow(path: String, expected: PlanError) {
    #expect(throws: expected) {
      try PlanBuilder.plan(
        for: Self.request(.fromRange(index: 0), [Self.grant(path)]), facts: Self.facts)
    }
  }

  @Test(arguments: ["/proc", "/sys/kernel", "/dev", "/run/user/1000", "/var/run", "/home", "/"])
  func aLinkIsNoWayToWhatNoGrantMayShow(source: String) {
    let grant = Grant(
      path: "/srv/link", source: source, kind: .directory, owner: Owner(uid: 0, gid: 0),
      writable: true, isNamed: true)
    #expect(throws: PlanError.ownedBySandbox("/srv/link")) {
      try PlanBuilder.plan(for: Self.request(.fromRange(index: 0), [grant]), facts: Self.facts)
    }
  }

  @Test func aNameThatOnlyBeginsTheSameIsAnother() throws {
    let plan = try PlanBuilder.plan(
      for: Self.request(.fromRange(index: 0), [Self.grant("/etc/cordon-like")]), facts: Self.facts)
    #expect(plan.sources.contains { $0.path == "/etc/cordon-like" })
  }

  @Test func readOnlyAndReadWriteOfOnePathConflict() {
    #expect(throws: PlanError.conflict("/srv")) {
      try PlanBuilder.plan(
        for: Self.request(
          .fromRange(index: 0), [Self.grant("/srv"), Self.grant("/srv", writable: true)]),
        facts: Self.facts)
    }
  }

  @Test func destinationsAreMadeBeforeAnythingIsDroppedAndOnlyWhereSomeAreGranted() throws {
    func resolver(_ plan: Plan) -> String? {
      plan.steps.compactMap { step -> String? in
        if case .file("/etc/resolv.conf", let contents) = step { contents } else { nil }
      }.first
    }
    func expectsEgress(_ plan: Plan) -> Bool {
      plan.steps.contains { if case .verify(let each) = $0 { each.hasEgress } else { false } }
    }
    var request = Self.request()
    let without = try PlanBuilder.plan(for: request, facts: Self.facts)
    #expect(!without.steps.contains { if case .egress = $0 { true } else { false } })
    #expect(resolver(without)?.contains("127.0.0.1") == true)
    #expect(!expectsEgress(without))
    let layout = EgressLayout([EgressRule(.host(Array("a.example".utf8)), port: 443)])
    request.egress = layout
    let plan = try PlanBuilder.plan(for: request, facts: Self.facts)
    #expect(try index(of: .egress(layout), in: plan) == index(of: .loopback, in: plan) + 1)
    #expect(try index(of: .egress(layout), in: plan) < index(of: .session, in: plan))
    #expect(resolver(plan) == "nameserver \(EgressLayout.resolver)\n")
    #expect(expectsEgress(plan))
  }

  @Test func theWorkingDirectoryMustBeVisible() throws {
    var request = Self.request()
    request.workingDirectory = "/srv/project"
    #expect(throws: PlanError.workingDirectoryNotGranted("/srv/project")) {
      try PlanBuilder.plan(for: request, facts: Self.facts)
    }
    request.grants = [Self.grant("/srv")]
    let plan = try PlanBuilder.plan(for: request, facts: Self.facts)
    #expect(plan.steps.contains(.workingDirectory("/srv/project")))
  }
}
