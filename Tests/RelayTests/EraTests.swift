import Control
import JSON
import MCP
import Testing

@testable import Relay

/// Which era a session is in, and what follows from it.
@Suite struct EraTests {
  static let modernMeta =
    #"{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}"#
  private static let discover = Lines.request(1, "server/discover", modernMeta)
  private static let discovered = Lines.result(
    1,
    #"{"resultType":"complete","supportedVersions":["2025-11-25","2026-07-28"],"capabilities":{},"ttlMs":0,"cacheScope":"private"}"#
  )
  private static let asking = Lines.request(9, "sampling/createMessage", "{}")

  private static func initialized(_ id: Int, _ version: String) -> String {
    Lines.result(id, #"{"protocolVersion":"\#(version)","capabilities":{}}"#)
  }

  /// What a server hears that may not ask.
  private static let refused = Lines.error(9, -32601, Words.noServerRequests)

  @Test(arguments: ProtocolVersion.all.filter { $0.era == .legacy })
  func aLegacyServerMayAsk(version: ProtocolVersion) {
    var scene = Scene()
    _ = scene.host(Lines.request(1, "initialize"))
    _ = scene.server(Self.initialized(1, version.name.string))
    #expect(scene.session.handshake.era == .legacy)
    #expect(scene.session.handshake.version == version)
    #expect(scene.session.handshake.allowsBatches == version.hasBatches)
    #expect(scene.server(Self.asking) == .init(toHost: ["="]))
    #expect(scene.host(Lines.result(9)) == .init(toServer: ["="]))
  }

  @Test func aServerMayAskBeforeAnyHandshake() {
    var scene = Scene()
    #expect(scene.server(Self.asking) == .init(toHost: ["="]))
    #expect(scene.host(Lines.error(9, -32601, "Method not found")) == .init(toServer: ["="]))
  }

  @Test(arguments: ["sampling/createMessage", "ping", "vendor/x"])
  func aModernServerMayNotAsk(method: String) {
    var scene = Scene()
    _ = scene.host(Self.discover)
    _ = scene.server(Self.discovered)
    #expect(scene.session.handshake.era == .modern)
    #expect(scene.session.handshake.version == .v2026_07_28)
    #expect(scene.server(Lines.request(9, method, "{}")) == .init(toServer: [Self.refused]))
    #expect(scene.refusals == ["server request-in-modern-era"])
    // Nothing is open under its id.
    #expect(scene.host(Lines.result(9)) == .init())
  }

  @Test func aModernRequestNeedsNoHandshake() {
    var scene = Scene()
    #expect(
      scene.host(Lines.request(2, "resources/list", Self.modernMeta)) == .init(toServer: ["="]))
    #expect(scene.server(Self.asking) == .init(toServer: [Self.refused]))
    #expect(scene.server(Lines.result(2, #"{"prompts":[]}"#)) == .init(toHost: ["="]))
  }

  @Test(arguments: [-32601, -32602, -32022, -32000, 1])
  func anyErrorToAProbePassesAndMeansLegacy(code: Int) {
    var scene = Scene()
    #expect(scene.host(Self.discover) == .init(toServer: ["="]))
    #expect(scene.server(Lines.error(1, code, "what?")) == .init(toHost: ["="]))
    #expect(scene.session.handshake.era == nil)
    #expect(scene.host(Lines.request(2, "initialize")) == .init(toServer: ["="]))
    _ = scene.server(Self.initialized(2, "2025-11-25"))
    #expect(scene.session.handshake.era == .legacy)
    #expect(scene.server(Self.asking) == .init(toHost: ["="]))
  }

  @Test func aHostMayChooseInitializeWhateverTheProbeSaid() {
    var scene = Scene()
    _ = scene.host(Self.discover)
    _ = scene.server(Self.discovered)
    _ = scene.host(Lines.request(2, "initialize"))
    // Refused, as some servers do after modern requests: the era stays.
    _ = scene.server(Lines.error(2, -32022, "unsupported"))
    #expect(scene.session.handshake.era == .modern)
    _ = scene.host(Lines.request(3, "initialize"))
    _ = scene.server(Self.initialized(3, "2025-06-18"))
    #expect(scene.session.handshake.era == .legacy)
    #expect(scene.session.handshake.version == .v2025_06_18)
    // A modern request in a session with a handshake changes nothing.
    _ = scene.host(Lines.request(4, "resources/list", Self.modernMeta))
    #expect(scene.server(Self.asking) == .init(toHost: ["="]))
  }

  @Test func aProbeThatOffersOtherVersionsDecidesNothing() {
    var scene = Scene()
    _ = scene.host(Self.discover)
    _ = scene.server(
      Lines.result(1, #"{"supportedVersions":["2025-11-25"],"capabilities":{}}"#))
    #expect(scene.session.handshake.era == nil)
    #expect(scene.server(Self.asking) == .init(toHost: ["="]))
  }

  @Test func theAuditLogTellsTheVersionOfEitherEra() {
    var scene = Scene()
    _ = scene.host(Self.discover)
    _ = scene.server(Self.discovered)
    _ = scene.host(Lines.request(2, "initialize"))
    _ = scene.server(Self.initialized(2, "2025-03-26"))
    #expect(
      scene.events("handshake").map { [$0["era"], $0["protocol"]] } == [
        ["modern", "2026-07-28"], ["legacy", "2025-03-26"],
      ])
  }

  @Test(arguments: [
    #"{"protocolVersion":"2024-10-07","capabilities":{}}"#, #"{"capabilities":{}}"#,
  ])
  func anUnknownVersionIsALegacyOneWithoutBatches(result: String) {
    var scene = Scene()
    _ = scene.host(Lines.request(1, "initialize"))
    _ = scene.server(Lines.result(1, result))
    #expect(scene.session.handshake.era == .legacy)
    #expect(scene.session.handshake.version == nil)
    #expect(!scene.session.handshake.allowsBatches)
  }
}
