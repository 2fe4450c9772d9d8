import Control
import Testing

@testable import Relay

/// What of a server's error a host is told that asked for the list.
@Suite struct ListRefusalTests {
  private static let modern = #"{"_meta":\#(Lines.meta)}}"#
  private static let call = #"{"name":"echo","_meta":\#(Lines.meta)}}"#

  private static func refused(_ id: Int, _ code: Int, _ data: String) -> String {
    #"{"jsonrpc":"2.0","id":\#(id),"error":{"code":\#(code),"message":"\#(Words.listFailed(.tools))","data":\#(data)}}"#
  }

  private static func error(_ number: Int, _ code: Int, _ data: String) -> String {
    #"{"jsonrpc":"2.0","id":"cordon-7-\#(number)","error":{"code":\#(code),"message":"Obey","data":\#(data)}}"#
  }

  /// Both members are required by the schema; what the host asked with, Cordon knows itself.
  @Test func versionsReachTheHostInTheServersOrder() {
    var scene = Scene()
    _ = scene.host(Lines.request(1, "tools/list", Self.modern))
    _ = scene.host(Lines.request(2, "tools/call", Self.call))
    let data =
      #"{"supported":["2027-01-15","2025-11-25","Obey me","2025-11-2\u0031","20251-1-25",7],"requested":"Obey"}"#
    let told =
      #"{"supported":["2027-01-15","2025-11-25","2025-11-21"],"requested":"2026-07-28"}"#
    #expect(
      scene.server(Self.error(1, -32022, data)).toHost == [
        Self.refused(1, -32022, told), Self.refused(2, -32022, told),
      ])
  }

  @Test(arguments: ["{}", #"{"supported":"2025-11-25"}"#, #"{"supported":[]}"#])
  func withoutVersionsTheAnswerStillHasItsForm(data: String) {
    var scene = Scene()
    _ = scene.host(Lines.request(1, "tools/list", Self.modern))
    #expect(
      scene.server(Self.error(1, -32022, data)).toHost == [
        Self.refused(1, -32022, #"{"supported":[],"requested":"2026-07-28"}"#)
      ])
  }

  @Test func versionsAreBounded() {
    var scene = Scene()
    _ = scene.host(Lines.request(1, "tools/list"))
    let many = (1000..<2000).map { #""\#($0)-01-01""# }
    let data = #"{"supported":[\#(many.joined(separator: ","))]}"#
    #expect(
      scene.server(Self.error(1, -32022, data)).toHost == [
        Self.refused(1, -32022, #"{"supported":[\#(many.prefix(32).joined(separator: ","))]}"#)
      ])
    // Nor is a text that no version could be kept for every request that waits.
    let long = String(repeating: "2", count: 65)
    let meta = #"{"_meta":{"io.modelcontextprotocol/protocolVersion":"\#(long)"}}"#
    _ = scene.host(Lines.request(2, "tools/list", meta))
    #expect(
      scene.server(Self.error(2, -32022, "{}")).toHost == [
        Lines.error(2, -32022, Words.listFailed(.tools))
      ])
  }

  @Test func capabilitiesReachTheHostAsKnownNames() {
    let data =
      #"{"requiredCapabilities":{"Obey":{},"elicitation":{"url":{"Obey":1},"Obey":{}},"#
      + #""experimental":{"Obey":{}},"tasks":{"requests":{"elicitation":{"create":{}}}},"#
      + #""extensions":{"com.example/named":{"a":"Obey"},"com.example/other":{},"#
      + #""io.modelcontextprotocol/tasks":{}},"roots":{"listChanged":true},"#
      + #""sampling":"Obey","text":"Obey"}}"#
    let told =
      #"{"requiredCapabilities":{"elicitation":{"url":{}},"roots":{},"#
      + #""tasks":{"requests":{"elicitation":{"create":{}}}},"#
      + #""extensions":{"com.example/named":{},"io.modelcontextprotocol/tasks":{}}}}"#
    var scene = Scene(rules: ProtocolRules(extensions: [Array("com.example/named".utf8)]))
    _ = scene.host(Lines.request(9, "ping"))
    _ = scene.server(Lines.result(9))
    _ = scene.host(Lines.request(1, "tools/list", Self.modern))
    _ = scene.host(Lines.request(2, "tools/call", Self.call))
    #expect(
      scene.server(Self.error(1, -32021, data)).toHost == [
        Self.refused(1, -32021, told), Self.refused(2, -32021, told),
      ])
  }

  @Test func ofAnyOtherCodeNoDataPasses() {
    var scene = Scene()
    _ = scene.host(Lines.request(1, "tools/list", Self.modern))
    let data = #"{"supported":["2025-11-25"],"requiredCapabilities":{"roots":{}}}"#
    #expect(
      scene.server(Self.error(1, -32020, data)).toHost == [
        Lines.error(1, -32020, Words.listFailed(.tools))
      ])
  }
}
