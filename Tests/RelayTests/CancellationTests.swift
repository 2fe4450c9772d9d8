import Control
import Testing

@testable import Relay

@Suite struct CancellationTests {
  private static func cancelled(_ id: String) -> String {
    #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":\#(id)}}"#
  }

  @Test func aLateAnswerPassesInBothDirections() {
    var scene = Scene()
    _ = scene.host(Lines.request(1, "resources/list"))
    #expect(scene.host(Self.cancelled("1")) == .init(toServer: ["="]))
    #expect(scene.server(Lines.result(1)) == .init(toHost: ["="]))
    _ = scene.server(Lines.request(1, "roots/list"))
    #expect(scene.server(Self.cancelled("1")) == .init(toHost: ["="]))
    #expect(scene.host(Lines.result(1)) == .init(toServer: ["="]))
    // Once.
    #expect(scene.server(Lines.result(1)) == .init())
    #expect(scene.host(Lines.result(1)) == .init())
  }

  @Test func whatIsUnknownPasses() {
    var scene = Scene()
    for line in [Self.cancelled("77"), Self.cancelled("null")] {
      #expect(scene.host(line) == .init(toServer: ["="]))
      #expect(scene.server(line) == .init(toHost: ["="]))
    }
    let taskless = #"{"jsonrpc":"2.0","method":"notifications/cancelled"}"#
    #expect(scene.host(taskless) == .init(toServer: ["="]))
    #expect(scene.server(taskless) == .init(toHost: ["="]))
  }

  @Test func initializeIsNotCancelled() {
    var scene = Scene()
    _ = scene.host(Lines.request(1, "initialize"))
    #expect(scene.host(Self.cancelled("1")) == .init())
    #expect(scene.session.isAsking)
    #expect(scene.refusals == ["host initialize-cancelled"])
    let answer = Lines.result(1, #"{"protocolVersion":"2025-11-25","capabilities":{}}"#)
    #expect(scene.server(answer) == .init(toHost: ["="]))
    // The id is any other request's now.
    _ = scene.host(Lines.request(1, "ping"))
    #expect(scene.host(Self.cancelled("1")) == .init(toServer: ["="]))
  }

  @Test func anInitializeThatWaitsForADecisionIsNotCancelledEither() {
    var scene = Scene(notice: false)
    scene.answersAtOnce = false
    _ = scene.host(Lines.request(1, "initialize"))
    let answer = Lines.result(
      1, #"{"protocolVersion":"2025-11-25","capabilities":{},"instructions":"x"}"#)
    #expect(scene.server(answer) == .init())
    #expect(scene.host(Self.cancelled("1")) == .init())
    scene.approved = scene.waiting
    scene.waiting = []
    #expect(scene.pins(sequence: 1).toHost == [answer])
  }

  @Test func aProbeIsCancelledLikeAnyOther() {
    var scene = Scene()
    _ = scene.host(Lines.request(1, "server/discover", EraTests.modernMeta))
    #expect(scene.host(Self.cancelled("1")) == .init(toServer: ["="]))
    #expect(!scene.session.isAsking)
  }

  @Test func cordonsOwnRequestsAreNobodysToCancel() {
    var scene = Scene()
    _ = scene.host(Lines.request(1, "tools/list"))
    #expect(scene.host(Self.cancelled(#""cordon-7-1""#)) == .init())
    #expect(scene.server(Self.cancelled(#""cordon-7-1""#)) == .init())
    #expect(scene.refusals == ["host reserved-id", "server reserved-id"])
  }
}
