import Control
import Testing

@testable import Relay

@Suite struct FirstAnswerTests {
  private func slow(_ scene: inout Scene, after seconds: UInt64) -> [Int] {
    scene.slow = []
    _ = scene.pass(seconds: seconds)
    return scene.slow
  }

  @Test func nothingIsToldBeforeTheHostHasAsked() {
    var scene = Scene()
    #expect(scene.session.deadline == nil)
    #expect(slow(&scene, after: 1000) == [])
  }

  @Test func aServerThatDoesNotAnswerIsToldOfAFewTimes() {
    var scene = Scene(limits: RelayLimits(handshake: 86_400))
    _ = scene.host(Lines.request(1, "initialize"))
    #expect(slow(&scene, after: 4) == [])
    #expect(scene.session.deadline == 5_000_000_000)
    #expect(slow(&scene, after: 1) == [5])
    #expect(slow(&scene, after: 10) == [15])
    // A relay that was stopped for a while tells once of all that it missed.
    #expect(slow(&scene, after: 110) == [125])
    #expect(slow(&scene, after: 175) == [300])
    #expect(slow(&scene, after: 10_000) == [])
  }

  @Test func anyAnswerEndsIt() {
    var scene = Scene()
    _ = scene.host(Lines.request(1, "server/discover"))
    _ = scene.server(#"{"jsonrpc":"2.0","method":"notifications/message","params":{}}"#)
    #expect(slow(&scene, after: 5) == [5])
    _ = scene.server(Lines.error(1, -32601, "unknown"))
    #expect(scene.session.firstAnswer.deadline == nil)
    _ = scene.host(Lines.request(2, "initialize"))
    #expect(slow(&scene, after: 100) == [])
  }
}
