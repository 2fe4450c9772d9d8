import Control
import Credentials
import Testing

@testable import Relay

@Suite struct RedactionTests {
  /// A secret that stands across the place where a text is cut.
  @Test(arguments: [250, 120, 28])
  func secretsGoBeforeTextsAreCut(place: Int) throws {
    let secret = "s3cr3t-0123456789abcdef"
    let redactor = Redactor([try Secret(name: "TOKEN", value: Array(secret.utf8))])
    let text = String(repeating: "x", count: place) + secret
    var scene = Scene(messageSize: 1 << 20, redactor: redactor)
    _ = scene.host(
      Lines.request(1, "initialize", #"{"clientInfo":{"name":"\#(text)","version":"1"}}"#))
    _ = scene.server(
      Lines.result(
        1,
        #"{"protocolVersion":"\#(text)","capabilities":{"tools":{}},"serverInfo":{"name":"\#(text)"}}"#
      ))
    _ = scene.host(Lines.request(2, "tools/list"))
    _ = scene.server(Lines.ownResult(1, [#"{"name":"\#(text)"}"#]))
    _ = scene.host(Lines.call(3, text))
    for name in ["handshake", "withheld", "call"] {
      let event = try #require(scene.events(name).first)
      #expect(!event.values.contains { $0.contains("s3") }, "\(name)")
    }
  }

  @Test func anExcerptIsWholeOrCut() throws {
    let redactor = Redactor([try Secret(name: "T", value: Array("0123456789abcdef".utf8))])
    let long = [UInt8](repeating: 0x2E, count: 4090) + Array("0123456789abcdef!".utf8)
    let whole = redactor.excerpt(long, 5000)
    #expect(String(decoding: whole.dropFirst(4090), as: UTF8.self) == "[redacted:T]!")
    #expect(redactor.excerpt(long, 10).count == 10)
    #expect(redactor.excerpt([], 10) == [])
  }
}
