import Control
import Testing

@testable import Sandbox

@Suite struct SweeperMessagesTests {
  private func fields(of frame: [UInt8]) throws -> FrameFields {
    var reader = FrameReader(limit: SweeperOrder.longestFrame)
    reader.feed(frame)
    return try #require(try reader.next())
  }

  @Test func messagesSurviveTheWire() throws {
    let order = SweeperOrder(
      directory: "/state/placeholders",
      placeholders: [
        Placeholder(directory: "/srv/ü", name: ".git", owner: Owner(uid: 1000, gid: .max))
      ])
    #expect(try SweeperOrder(fields(of: order.frame())) == order)
    for report in [SweeperReport.made, .failed(step: "mkdir", subject: "/x", errno: 13)] {
      #expect(try SweeperReport(fields(of: report.frame())) == report)
    }
  }
}
