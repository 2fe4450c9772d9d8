import Control
import Testing

@testable import Sandbox

/// What a PID 1 that someone took over may say, and what a stage may be told.
@Suite struct StageFuzzTests {
  /// A linear congruence is random enough to change bytes, and the same in every run.
  struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ (state >> 29)
    }
  }

  private func changed(_ frame: [UInt8], _ random: inout Generator) -> [UInt8] {
    var body = Array(frame[4...])
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let place = Int.random(in: 0..<body.count, using: &random)
      switch Int.random(in: 0..<4, using: &random) {
      case 0: body[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 1: body[place] = [0, 1, 127, 128, 255].randomElement(using: &random) ?? 0
      case 2: body.removeSubrange((place + 1)...)
      default: body.insert(UInt8.random(in: 0...255, using: &random), at: place)
      }
    }
    return (0..<4).map { UInt8(truncatingIfNeeded: body.count >> (8 * $0)) } + body
  }

  private func reread(
    _ bytes: [UInt8], limit: Int, _ decode: (FrameFields) throws(FrameError) -> [UInt8]
  ) -> [UInt8]? {
    var reader = FrameReader(limit: limit)
    reader.feed(bytes)
    do throws(FrameError) {
      guard let fields = try reader.next() else { return nil }
      return try decode(fields)
    } catch {
      return nil
    }
  }

  @Test func everyReportSaysWhatItsBytesSay() {
    var random = Generator(state: 1)
    let reports: [StageReport] = [
      .started, .exited(status: 3, signalled: false), .exited(status: 15, signalled: true),
      .failed(step: "bind", subject: "/x", errno: 2),
    ]
    var decoded = 0
    for index in 0..<40_000 {
      let bytes = changed(reports[index % reports.count].frame(), &random)
      let again = reread(bytes, limit: StageReport.longestFrame) { (fields) throws(FrameError) in
        try StageReport(fields).frame()
      }
      if again != nil { decoded += 1 }
      if let again, again != bytes { Issue.record("\(bytes) is read as \(again)") }
    }
    #expect((500..<39_000).contains(decoded), "\(decoded)")
  }

  @Test func everyPlanSaysWhatItsBytesSay() throws {
    var random = Generator(state: 2)
    let plan = try PlanBuilder.plan(
      for: PlanTests.request(.fromRange(index: 7), [PlanTests.grant("/srv/a", writable: true)]),
      facts: PlanTests.facts)
    let frames = [
      StageOrder.carryOut(plan, descriptorCount: 3).frame(), StageOrder.signal(15).frame(),
    ]
    for index in 0..<3000 {
      let bytes = changed(frames[index % 2], &random)
      let again = reread(bytes, limit: StageOrder.longestFrame) { (fields) throws(FrameError) in
        try StageOrder(fields).frame()
      }
      if let again, again != bytes { Issue.record("a plan is read as another") }
    }
  }
}
