import Credentials
import Testing

@testable import Relay

/// The trace of a call: untouched on its way, and in the audit log where it is one.
@Suite struct TraceContextTests {
  private static let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

  /// Calls a tool with this `_meta`; gives the call's event.
  private static func event(
    _ meta: String, redactor: Redactor = Redactor([])
  ) -> [String: String] {
    var scene = Scene(redactor: redactor)
    scene.firstUseTrusts = true
    _ = scene.host(Lines.request(1, "tools/list"))
    _ = scene.server(Lines.ownResult(1, [Lines.echo]))
    let call = Lines.request(2, "tools/call", #"{"name":"echo","_meta":\#(meta)}"#)
    #expect(scene.host(call).toServer == ["="])
    _ = scene.server(Lines.result(2))
    return scene.events("call").last ?? [:]
  }

  @Test func allThreeAreInTheEvent() {
    let event = Self.event(
      #"{"traceparent":"\#(Self.parent)","tracestate":"rojo=00f067aa0ba902b7,congo=t61rcWkgMzE","baggage":"userId=alice,serverNode=DF%2028;x"}"#
    )
    #expect(event["traceparent"] == Self.parent)
    #expect(event["tracestate"] == "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE")
    #expect(event["baggage"] == "userId=alice,serverNode=DF%2028;x")
    #expect(event["malformedTrace"] == nil)
  }

  @Test func aCallWithoutOneHasNone() {
    let event = Self.event(#"{"progressToken":1}"#)
    #expect(event["tool"] == "echo")
    #expect(event.keys.filter { $0.lowercased().contains("trace") || $0 == "baggage" }.isEmpty)
  }

  @Test func whatIsNoTraceIsNamedAndNotRepeated() {
    let event = Self.event(
      #"{"traceparent":"00-mine","tracestate":7,"baggage":"user id=\u001b[31m"}"#)
    #expect(event["malformedTrace"] == "traceparent tracestate baggage")
    #expect(event["traceparent"] == nil && event["baggage"] == nil)
  }

  @Test func secretsAreTakenOut() throws {
    let secret = try Secret(name: "TOKEN", value: Array("hunter2hunter2".utf8))
    let event = Self.event(#"{"baggage":"user=hunter2hunter2"}"#, redactor: Redactor([secret]))
    #expect(event["baggage"]?.contains("hunter2") == false)
    #expect(event["baggage"]?.hasPrefix("user=") == true)
  }

  @Test func aLongListIsCutBetweenItsMembers() {
    let baggage = (0..<100).map { "key\($0)=value\($0)" }.joined(separator: ",")
    let kept = Self.event(#"{"baggage":"\#(baggage)"}"#)["baggage"] ?? ""
    #expect(kept.utf8.count <= 515)
    #expect(kept.hasSuffix("…"))
    #expect((baggage + ",").hasPrefix(kept.dropLast() + ","))
  }

  static let parents: [(text: String, isValid: Bool)] = [
    (parent, true),
    ("cc" + parent.dropFirst(2), true),
    ("cc" + parent.dropFirst(2) + "-what-the-future-brings", true),
    (parent + "-more", false),
    (parent + "x", false),
    ("ff" + parent.dropFirst(2), false),
    (parent.uppercased(), false),
    (parent.replacing("-01", with: "-0"), false),
    (parent.replacing("-01", with: "_01"), false),
    ("00-00000000000000000000000000000000-00f067aa0ba902b7-01", false),
    ("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01", false),
    ("", false),
  ]

  @Test(arguments: parents)
  func parent(_ text: String, _ isValid: Bool) {
    #expect(TraceForm.isParent(Array(text.utf8)) == isValid)
  }

  static let states: [(text: String, isValid: Bool)] = [
    ("a=1", true), ("a=1,b=2", true), ("a=1, ,b=2", true), ("tenant@vendor=x y", true),
    ("0a=1", true), ("", false), ("a", false), ("A=1", false), ("a=b=c", false), ("a=é", false),
    ((0..<32).map { "k\($0)=v" }.joined(separator: ","), true),
    ((0..<33).map { "k\($0)=v" }.joined(separator: ","), false),
  ]

  @Test(arguments: states)
  func state(_ text: String, _ isValid: Bool) {
    #expect(TraceForm.isState(Array(text.utf8)) == isValid)
  }

  static let bags: [(text: String, isValid: Bool)] = [
    ("a=1", true), ("a = 1 ; p ; q = 2 , b=%20", true), ("a=", true), ("a", false), ("", false),
    ("a=1,", false), ("a b=1", false), ("a=\"1\"", false), ("a=1 2", false), ("a=é", false),
    ("a=1;", false),
  ]

  @Test(arguments: bags)
  func bag(_ text: String, _ isValid: Bool) {
    #expect(TraceForm.isBaggage(Array(text.utf8)) == isValid)
  }
}
