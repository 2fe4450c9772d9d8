import Control
import Manifest
import Testing

@testable import Relay

/// What a server declares, before and after somebody has approved it.
@Suite struct CapabilityTests {
  private static let extensions = [Array("com.example/x".utf8)]

  private static func scene(_ approved: String? = nil) throws -> Scene {
    var scene = Scene(notice: false, rules: ProtocolRules(extensions: extensions))
    scene.trustsCapabilities = false
    if let approved {
      let item = try Item.read(.capabilities, Array(approved.utf8))
      scene.approved = [PinnedItem(item)]
      scene.capabilities = item.canonical
    }
    _ = scene.pins()
    return scene
  }

  private static func answer(_ id: Int, _ capabilities: String) -> String {
    Lines.result(id, #"{"protocolVersion":"2025-11-25","capabilities":\#(capabilities)}"#)
  }

  @Test(
    arguments: [
      // None is approved: what is judged item by item, and the log.
      (
        nil,
        #"{"tools":{"listChanged":true},"experimental":{"com.example/x":{}},"logging":{},"tasks":{},"completions":{},"extensions":{"com.example/x":{}}}"#,
        #"{"tools":{"listChanged":true},"logging":{},"completions":{}}"#
      ),
      // Members that stand so in the approved set, and Cordon's own word on top.
      (
        #"{"logging":{},"prompts":{},"extensions":{"com.example/x":{"a":1}}}"#,
        #"{"extensions":{"com.example/x":{"a":2}},"prompts":{ },"logging":{},"tools":{"listChanged":true}}"#,
        #"{"prompts":{"listChanged":true},"logging":{}}"#
      ),
      (
        #"{"logging":{},"extensions":{"com.example/x":{"a":1.0,"b":[]}}}"#,
        #"{"extensions":{"com.example/x":{"b":[],"a":1}},"tasks":{}}"#,
        #"{"extensions":{"com.example/x":{"b":[],"a":1}}}"#
      ),
    ] as [(String?, String, String)])
  func ofAnUnapprovedSetWhatIsApprovedPasses(approved: String?, new: String, shown: String) throws {
    var scene = try Self.scene(approved)
    _ = scene.host(Lines.request(1, "initialize"))
    #expect(scene.server(Self.answer(1, new)).toHost == [Self.answer(1, shown)])
    let item = try Lines.pinned(.capabilities, new)
    #expect(scene.waiting == [item])
    #expect(scene.events("withheld").map { $0["kind"] } == ["capabilities"])
    // It shows at the next handshake.
    #expect(scene.approve(item).toHost.isEmpty)
    _ = scene.host(Lines.request(2, "server/discover"))
    let all = scene.server(Self.answer(2, new)).toHost
    #expect(all.allSatisfy { $0 == "=" || $0.contains(#""listChanged":true"#) })
    #expect(scene.waiting.isEmpty)
  }

  @Test func approvedOnesPassUntouched() throws {
    let set = #"{"extensions":{"com.example/x":{}},"logging":{}}"#
    var scene = try Self.scene(set)
    _ = scene.host(Lines.request(1, "initialize"))
    #expect(scene.server(Self.answer(1, set)) == .init(toHost: ["="]))
    #expect(scene.items.isEmpty)
  }

  /// What the profile does not let through is not what is approved.
  @Test func whatIsCutIsNotObserved() throws {
    var scene = try Self.scene(#"{"logging":{}}"#)
    _ = scene.host(Lines.request(1, "initialize"))
    let effect = scene.server(Self.answer(1, #"{"logging":{},"telepathy":{}}"#))
    #expect(effect.toHost == [Self.answer(1, #"{"logging":{}}"#)])
    #expect(scene.waiting.isEmpty)
  }

  @Test func instructionsAndCapabilitiesAreOneDecision() throws {
    var scene = try Self.scene()
    scene.answersAtOnce = false
    _ = scene.host(Lines.request(1, "initialize"))
    let line = Lines.result(
      1, #"{"capabilities":{"extensions":{"com.example/x":{}}},"instructions":"Be kind"}"#)
    #expect(scene.server(line) == .init())
    #expect(scene.items == ["instructions:", "capabilities:"])
    // The answer to the first of the two settles neither.
    #expect(scene.pins(sequence: 1) == .init())
    scene.approved = scene.waiting
    scene.waiting = []
    #expect(scene.pins(sequence: 2) == .init(toHost: [line]))
  }

  @Test func whatIsNoObjectDeclaresNothing() throws {
    var scene = try Self.scene()
    _ = scene.host(Lines.request(1, "initialize"))
    #expect(scene.server(Self.answer(1, #""all""#)).toHost == [Self.answer(1, "{}")])
    #expect(scene.refusals == ["server capabilities-unusable"])
  }

  @Test func anotherNameOfTheServersIsTold() throws {
    func answer(_ id: Int, _ version: String) -> String {
      Lines.result(
        id, #"{"capabilities":{},"serverInfo":{"name":"srv","version":"\#(version)"}}"#)
    }
    var scene = try Self.scene("{}")
    for (id, version) in [(1, "1"), (2, "1"), (3, "2")] {
      _ = scene.host(Lines.request(id, "initialize"))
      #expect(scene.server(answer(id, version)).toHost == ["="])
    }
    #expect(scene.events("serverInfo") == [["serverName": "srv"]])
    #expect(scene.events("handshake").map { $0["serverVersion"] } == ["1", "1", "2"])
  }
}
