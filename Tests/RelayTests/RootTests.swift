import Control
import Testing

@testable import Relay

/// The host's roots: only what the server can see is told to it.
@Suite struct RootTests {
  private static func scene(_ roots: [String] = ["/srv/work"]) -> Scene {
    var scene = Scene(rules: ProtocolRules(roots: roots.map { Array($0.utf8) }))
    scene.firstUseTrusts = true
    return scene
  }

  private static let granted = #"{ "uri" : "file:///srv/work/a" , "name":"a" }"#
  private static let outside = #"{"uri":"file:///home/ada"}"#

  static let answers: [(before: String, after: String)] = [
    ("[\(granted),\(outside)]", "[\(granted)]"),
    ("[\(outside),\(granted)]", "[\(granted)]"),
    ("[ \(outside) , \(granted) , \(outside) ]", "[ \(granted) ]"),
    ("[\(outside)]", "[]"),
    (#"[{"name":"nowhere"},7,null,"file:///srv/work"]"#, "[]"),
    (#"[{"uri":"file:///srv/work","URI":"file:///etc"}]"#, "[]"),
    (
      #"[{"uri":"file:///srv/\u0077ork"},{"uri":"file:\/\/\/srv\/worker"}]"#,
      #"[{"uri":"file:///srv/\u0077ork"}]"#
    ),
  ]

  @Test(arguments: answers)
  func theAnswerHasOnlyWhatIsGranted(_ before: String, _ after: String) {
    var scene = Self.scene()
    #expect(scene.server(Lines.request(5, "roots/list")).toHost == ["="])
    let answer = { (it: String) in Lines.result(5, #"{"_meta":{}, "roots":\#(it), "x":1}"#) }
    #expect(scene.host(answer(before)).toServer == [answer(after)])
  }

  @Test(arguments: answers)
  func theModernAnswerToo(_ before: String, _ after: String) {
    var scene = Self.scene()
    let retry = { (it: String) in
      Lines.request(
        5, "resources/read",
        #"{"name":"p","inputResponses":{"r":{"roots":\#(it)},"e":{"action":"accept"}},"requestState":"s","_meta":\#(Lines.meta)}}"#
      )
    }
    #expect(scene.host(retry(before)).toServer == [retry(after)])
  }

  /// A list that a server without regard to case would take for the roots.
  static let lookalikes: [(before: String, after: String)] = [
    (#""roots":[],"Roots":[\#(outside)]"#, #""roots":[]"#),
    (#""ROOTS":[\#(outside)],"roots":[\#(granted),\#(outside)]"#, #""roots":[\#(granted)]"#),
    (#""r\u004fots":[\#(outside)], "x":1"#, #""x":1"#),
    ("\"root\u{17F}\":[\(outside)]", ""),
  ]

  @Test(arguments: lookalikes)
  func whatLooksLikeTheRootsIsTakenOut(_ before: String, _ after: String) {
    var scene = Self.scene()
    _ = scene.server(Lines.request(5, "roots/list"))
    #expect(
      scene.host(Lines.result(5, "{\(before)}")).toServer == [Lines.result(5, "{\(after)}")])
    #expect(scene.events("roots").count == 1)
    let retry = { (it: String) in
      Lines.request(
        6, "resources/read",
        #"{"name":"p","inputResponses":{"r":{\#(it)}},"_meta":\#(Lines.meta)}}"#)
    }
    #expect(scene.host(retry(before)).toServer == [retry(after)])
  }

  @Test func whatIsGrantedPassesUntouched() {
    var scene = Self.scene(["/srv/work", "/home/ada"])
    _ = scene.server(Lines.request(5, "roots/list"))
    #expect(
      scene.host(Lines.result(5, #"{"roots":[\#(Self.granted),\#(Self.outside)]}"#)).toServer == [
        "="
      ])
    #expect(scene.reports.isEmpty)
  }

  /// Only an answer to `roots/list` is one.
  @Test func otherAnswersHaveNoRoots() {
    var scene = Self.scene()
    _ = scene.server(Lines.request(5, "elicitation/create"))
    #expect(scene.host(Lines.result(5, #"{"roots":[\#(Self.outside)]}"#)).toServer == ["="])
    _ = scene.server(Lines.request(6, "roots/list"))
    #expect(scene.host(Lines.error(6, -32601, "no")).toServer == ["="])
  }

  @Test func itIsSaidOnce() {
    var scene = Self.scene()
    for id in 1...3 {
      _ = scene.server(Lines.request(id, "roots/list"))
      _ = scene.host(Lines.result(id, #"{"roots":[\#(Self.outside),\#(Self.granted)]}"#))
    }
    #expect(
      scene.log == [
        """
        cordon: notes: a root of the host's is not granted to the server and was taken out: \
        file:///home/ada
        hint: grant it with --read-only PATH or --read-write PATH, or in the profile's "filesystem"
        """
      ])
    #expect(
      scene.events("roots").first == [
        "listed": "2", "taken": "1", "first": "file:///home/ada", "count": "1",
      ])
  }
}
