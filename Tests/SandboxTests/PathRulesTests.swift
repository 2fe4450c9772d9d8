import Confinement
import Testing

@testable import Sandbox

/// Landlock's rules say what the mounts say.
@Suite struct PathRulesTests {
  private func rights(_ grants: [Grant] = []) throws -> [String: PathRights] {
    let plan = try PlanBuilder.plan(
      for: PlanTests.request(.fromRange(index: 0), grants), facts: PlanTests.facts)
    for case .landlock(7, let rules) in plan.steps {
      #expect(Set(rules.map { Array($0.path.utf8) }).count == rules.count)
      return Dictionary(uniqueKeysWithValues: rules.map { ($0.path, $0.rights) })
    }
    return [:]
  }

  @Test func theSystemIsReadAndExecutedAndOnlyTheServersOwnIsWritten() throws {
    let rights = try rights()
    #expect(rights["/"] == [.readDirectory])
    #expect(rights["/usr"] == [.readFile, .readDirectory, .execute])
    #expect(rights["/etc"] == [.readFile, .readDirectory])
    #expect(rights["/proc"] == [.readFile, .readDirectory])
    let writable = rights.filter { $0.value.contains(.makeFile) }.keys.sorted()
    #expect(writable == ["/dev/shm", "/home/server", "/tmp", "/var/tmp"])
    #expect(rights["/dev/shm"]?.contains(.execute) == false)
    #expect(rights["/tmp"]?.contains(.execute) == true)
  }

  @Test func devicesAreWrittenToAndAnswerForThemselves() throws {
    let rights = try rights()
    #expect(rights["/dev"] == [.readFile, .readDirectory, .writeFile, .controlDevice])
    #expect(!rights.keys.contains { $0.hasPrefix("/dev/") && $0 != "/dev/shm" })
  }

  @Test func nobodyMakesDeviceNodes() throws {
    for (path, rights) in try rights() {
      #expect(rights.isDisjoint(with: [.makeCharacterDevice, .makeBlockDevice]), "\(path)")
    }
  }

  @Test func aGrantHasTheRightsOfItsMount() throws {
    let rights = try rights([
      PlanTests.grant("/srv/read"), PlanTests.grant("/srv/write", writable: true),
      PlanTests.grant("/srv/file", writable: true, kind: .file),
    ])
    #expect(rights["/srv/read"] == [.readFile, .readDirectory, .execute])
    #expect(rights["/srv/write"]?.isSuperset(of: [.writeFile, .refer, .truncate]) == true)
    // The kernel refuses a rule that gives a file what only a directory has.
    #expect(rights["/srv/file"]?.isSubset(of: .ofFiles) == true)
    #expect(rights["/srv/file"]?.contains(.writeFile) == true)
  }

  /// From version 9 on a socket that turns up in a granted directory cannot be connected to; those
  /// that the server makes itself need no right.
  @Test func onlyASocketThatIsGrantedCanBeConnectedTo() throws {
    var request = PlanTests.request(
      .fromRange(index: 0), [PlanTests.grant("/srv/write", writable: true)])
    request.sockets = [PlanTests.grant("/run/service/socket", kind: .socket)]
    let plan = try PlanBuilder.plan(for: request, facts: PlanTests.facts)
    for case .landlock(_, let rules) in plan.steps {
      let connecting = rules.filter { $0.rights.contains(.connectSocket) }.map(\.path)
      #expect(connecting == ["/run/service/socket"])
    }
    #expect(plan.steps.contains(.directory(path: "/run/service", mode: 0o755)))
    #expect(plan.sources.first { $0.path == "/run/service/socket" }?.readOnly == true)
  }

  @Test func whatIsGivenFurtherUpHasNoRuleOfItsOwn() throws {
    let rights = try rights([
      PlanTests.grant("/srv", writable: true), PlanTests.grant("/srv/inner"),
      PlanTests.grant("/srv-other"),
    ])
    #expect(rights["/srv/inner"] == nil)
    #expect(rights["/srv-other"] != nil)
    #expect(rights["/etc/ssl/certs"] == nil)
  }

  @Test func namesThatOnlyLookTheSameAreTwo() {
    let rules = PathRules.rules(of: [
      .openSource(Source(path: "/srv/1")), .openSource(Source(path: "/srv/2", readOnly: false)),
      .bind(source: 0, path: "/srv/\u{FC}", kind: .directory),
      .bind(source: 1, path: "/srv/u\u{308}", kind: .directory),
    ])
    #expect(rules.count == 3)
    #expect(rules.filter { $0.rights.contains(.writeFile) }.count == 1)
  }

  @Test func aMachineWithoutLandlockHasNoSuchStep() throws {
    let facts = HostFacts(system: PlanTests.facts.system, landlock: nil)
    let plan = try PlanBuilder.plan(for: PlanTests.request(), facts: facts)
    #expect(!plan.hasLandlock)
    #expect(try PlanBuilder.plan(for: PlanTests.request(), facts: PlanTests.facts).hasLandlock)
  }

  @Test func theWallStandsAfterThePrivilegesAndBeforeTheFilter() throws {
    let steps = try PlanBuilder.plan(for: PlanTests.request(), facts: PlanTests.facts).steps
    let names = steps.map(\.name)
    let order = ["pivot-root", "no-new-privileges", "close-descriptors", "landlock", "seccomp"]
    let places = try order.map { try #require(names.firstIndex(of: $0)) }
    #expect(places == places.sorted())
  }
}
