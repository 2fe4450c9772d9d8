import Foundation
import Testing

/// What must pass untouched, and what the parts do while nothing happens.
@Suite struct PassageTests {
  @Test func aServerMayAskWhileItIsAsked() throws {
    let scene = try Scene()
    let host = try Host(scene.probe("asking.py"), in: scene)
    try host.connect()
    #expect(try host.tools().names == ["act"])
    // The same id in both directions names two requests.
    try host.order(
      "send",
      [
        "line":
          #"{"jsonrpc":"2.0","id":77,"method":"tools/call","params":{"name":"act","arguments":{"token":"t"}}}"#
      ])
    #expect(
      try host.order("await", ["method": "notifications/progress"])["params"]["progress"] == 1)
    #expect(try host.order("await", ["method": "roots/list"])["id"] == 77)
    // The folder of the probes is granted.
    let root = "file://\(Places.probes)"
    try host.order(
      "send",
      ["line": .string(#"{"jsonrpc":"2.0","id":77,"result":{"roots":[{"uri":"\#(root)"}]}}"#)])
    let answer = try host.order("answer", ["id": 77])
    #expect(
      answer["result"]["content"][0]["text"].string == #"[77, [{"uri": "\#(root)"}]]"#)
    try host.leave()
  }

  @Test func unknownMethodsAndFieldsPass() throws {
    let scene = try Scene()
    let host = try Host(scene.probe("large.py"), in: scene)
    try host.connect()
    let answer = try host.order(
      "request", ["method": "x-vendor/unheard-of", "params": ["x": [1, .null]]])
    #expect(answer["error"]["code"] == -32601)
    #expect(answer["error"]["message"] == "unknown method")
    try host.leave()
  }

  @Test func orphansAreCollected() throws {
    let scene = try Scene()
    let host = try Host(scene.probe("orphaning.py"), in: scene)
    try host.connect()
    #expect(try host.text(of: "act", ["count": 30]) == "done")
    usleep(200_000)
    let family = ProcessTree.below(host.pid)
    #expect(family.count == 4, "\(family)")
    try host.leave()
  }

  @Test func aServerIsAskedBeforeItIsKilled() throws {
    let scene = try Scene()
    let host = try Host(scene.probe("polite.py"), in: scene)
    try host.connect()
    try host.order("signal", ["number": 15])
    let ended = try host.order("wait", ["seconds": 2])
    #expect(ended["status"] == 143)
    #expect(ended["stderr"].string?.contains("goodbye") == true)
  }

  @Test func nothingIsDoneWhileNothingHappens() throws {
    let scene = try Scene()
    let host = try Host(scene.probe("large.py"), in: scene)
    try host.connect()
    _ = try host.tools()
    let family = ProcessTree.below(host.pid)
    func ticks() -> Int { family.compactMap { ProcessTree.ticks($0.pid) }.reduce(0, +) }
    usleep(300_000)
    let before = ticks()
    usleep(2_000_000)
    #expect(ticks() - before <= 1, "hundredths of a second of processor time in two seconds")
    try host.leave()
  }
}
