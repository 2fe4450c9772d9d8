import Control
import SystemCallFilter
import Testing

@testable import Sandbox

@Suite struct PlanWireTests {
  private func fields(of frame: [UInt8]) throws -> FrameFields {
    var reader = FrameReader(limit: StageOrder.longestFrame)
    reader.feed(frame)
    return try #require(try reader.next())
  }

  @Test(arguments: [
    Identity.fromRange(index: 7), .caller(uid: 1000, gid: 1000),
    .subordinate(
      caller: Owner(uid: 1000, gid: 1000), server: Owner(uid: 100_000, gid: 100_000),
      newuidmap: "/usr/bin/newuidmap", newgidmap: "/usr/bin/newgidmap"),
  ])
  func everyPlanSurvivesTheWire(identity: Identity) throws {
    var request = PlanTests.request(
      identity, [PlanTests.grant("/srv/a b"), PlanTests.grant("/srv/ü", writable: true)])
    request.sockets = [PlanTests.grant("/run/socket", kind: .socket)]
    request.grants[0] = Grant(
      path: "/srv/a b", source: "/srv/c", kind: .directory, owner: Owner(uid: 0, gid: 0),
      writable: true, isNamed: true, identity: FileIdentity(device: 1 << 40, inode: .max),
      covers: [
        Cover(path: "/srv/a b/.git", kind: .readOnly), Cover(path: "/srv/a b/x", kind: .hidden),
        Cover(path: "/srv/a b/y", kind: .pinned),
      ])
    request.links = [Link(path: "/opt/link", target: "../x")]
    request.systemCalls = .strict
    request.allowedCalls = ["ptrace"]
    request.deniedCalls = ["fork"]
    request.home = .temporary
    request.egress = EgressLayout([
      EgressRule(.host(Array("a.example".utf8)), port: nil), EgressRule(.loopback, port: 5432),
    ])
    let plan = try PlanBuilder.plan(for: request, facts: PlanTests.facts)
    let order = StageOrder.carryOut(plan, descriptorCount: 3)
    #expect(try StageOrder(fields(of: order.frame())) == order)
  }

  @Test func aCutPlanIsAnErrorAtEveryPlace() throws {
    let plan = try PlanBuilder.plan(for: PlanTests.request(), facts: PlanTests.facts)
    let whole = StageOrder.carryOut(plan, descriptorCount: 0).frame()
    for count in stride(from: 5, to: whole.count, by: 7) {
      var cut = Array(whole[..<count])
      let length = UInt32(count - 4)
      for index in 0..<4 { cut[index] = UInt8(truncatingIfNeeded: length >> UInt32(8 * index)) }
      let fields = try fields(of: cut)
      #expect(throws: FrameError.self) { try StageOrder(fields) }
    }
  }

  @Test(arguments: [
    StageReport.started, .exited(status: 3, signalled: false),
    .failed(step: "bind", subject: "/x", errno: 2), .full(path: "/tmp"),
  ])
  func reportsSurviveTheWire(report: StageReport) throws {
    #expect(try StageReport(fields(of: report.frame())) == report)
  }
}
