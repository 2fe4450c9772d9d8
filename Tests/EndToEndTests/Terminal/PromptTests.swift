import Foundation
import Testing

/// `cordon review` answered by keys that are pressed on a real terminal.
@Suite struct PromptTests {
  /// A session of a server whose tools change when it is told to; the first are trusted.
  struct Stage {
    let scene: Scene
    let host: Host

    init(_ steps: String, trust: Bool = true) throws {
      scene = try Scene()
      host = try Host(
        scene.run(
          "notes", trust: trust, options: ["--read-only", Places.probes],
          command: [Places.python, Places.probes + "/stepping.py", steps]),
        in: scene)
      try host.connect()
      _ = try host.tools()
    }

    func step() throws {
      _ = try host.call("step")
      _ = try host.tools()
    }

    func review(
      columns: Int = 80, rows: Int = 24, adding: [String: String] = [:], before: String = ""
    ) throws -> TerminalWindow {
      try TerminalWindow(
        [Places.binary, "review", "notes"], in: scene, columns: columns, rows: rows,
        adding: adding, before: before)
    }

    func names(_ state: String) throws -> [String] {
      try scene.manifest("notes")[state]["items"].array.filter { $0["kind"].string == "tool" }
        .compactMap { $0["name"].string }
    }
  }

  static func tool(_ name: String, _ description: String, _ meta: String = "{}") -> String {
    #"{"name":"\#(name)","description":"\#(description)","inputSchema":{},"_meta":\#(meta)}"#
  }

  @Test func keysDecide() throws {
    let before = [
      Self.tool("a", "Adds."), Self.tool("b", "Reads."), Self.tool("c", "Lists."),
      Self.tool("d", "Finds."), Self.tool("e", "Moves."),
    ]
    let lines = (1...60).map { "Line \($0)." }.joined(separator: #"\n"#)
    let after = [
      Self.tool("a", "Adds and sends."), Self.tool("b", "Reads and sends."),
      Self.tool("c", "Lists.", #"{"build":"a1"}"#),
      Self.tool("d", "Finds.", #"{"build":"a2"}"#), Self.tool("e", lines),
    ]
    let stage = try Stage("[[\(before.joined(separator: ","))],[\(after.joined(separator: ","))]]")
    try stage.step()
    #expect(try stage.names("waiting") == ["a", "b", "c", "d", "e"])
    let window = try stage.review()
    let first = try window.wait(for: "notes: 1 of 5")
    #expect(first.contains("This tool changed since it was approved."))
    #expect(first.contains("+ Adds⟦ and sends⟧."))
    // Neither a paste, marked as one or not, nor a key that is not known is an answer.
    try window.tmux("set-buffer", "a")
    for words in [["paste-buffer", "-p"], ["send-keys", "-l", "aa"], ["send-keys", "M-a"]] {
      try window.tmux("send-keys", "?")
      try window.wait(for: "q back")
      try window.press("q")
      _ = try Finished.run(
        ["/usr/bin/tmux", "-S", window.socket] + words, environment: stage.scene.environment)
      try window.wait(for: "no such key here")
    }
    #expect(try stage.names("waiting").count == 5)

    try window.press("Right")
    try window.wait(for: "notes: 2 of 5")
    try window.press("Left")
    try window.wait(for: "notes: 1 of 5")
    try window.press("a")
    try window.wait(for: "notes: 2 of 5")
    try window.wait(for: "approved")
    #expect(try !stage.names("waiting").contains("a"), "it is stored at once")
    try window.press("r")
    try window.wait(for: "notes: 3 of 5")
    // What changed in appearance only, named, and approved together.
    let unchanged = try window.press("u")
    #expect(unchanged.contains("approve these"))
    #expect(unchanged.contains("  tool d"))
    #expect(!unchanged.contains("tool e"))
    try window.press("y")
    try window.wait(for: "approved")
    var waiting = try stage.names("waiting")
    #expect(!waiting.contains("d") && waiting.contains("e"))
    while try !window.screen().contains("notes: 5 of 5") { try window.press("s") }
    // Long text folds, says so, and opens.
    #expect(try window.press("a").contains("there is more to see"))
    try window.press("End")
    try window.wait(for: "lines folded")
    #expect(try window.press("a").contains("parts are folded"))
    try window.press("Enter")
    try window.wait(for: "q back")
    var seen = ""
    for _ in 0..<6 { seen += try window.press("NPage") + "\n" }
    for number in 20...60 { #expect(seen.contains("+ Line \(number).")) }
    try window.press("Escape")
    try window.press("a")
    let end = try window.wait(for: "status 0")
    #expect(end.contains("notes: "))
    waiting = try stage.names("waiting")
    #expect(!waiting.contains("e"))
    #expect(try stage.names("rejected") == ["b"])
    let history = try stage.scene.cordon("manifest", "history", "notes", "tool:a").output
    #expect(history.contains("at a terminal (cordon review)"))
    #expect(history.contains("instead of"))
    try stage.host.leave()
  }

  /// The server was faster: nothing is decided, and the new state is shown.
  @Test func changedWhileItIsRead() throws {
    let steps = ["Adds.", "Adds and sends.", "Adds and deletes."].map { "[\(Self.tool("a", $0))]" }
    let stage = try Stage("[\(steps.joined(separator: ","))]")
    try stage.step()
    // What is typed before the question stands there is no answer.
    let window = try stage.review(before: "sleep 0.5;")
    try window.tmux("send-keys", "a")
    try window.wait(for: "and sends")
    usleep(200_000)
    #expect(try stage.names("waiting") == ["a"])
    try stage.step()
    let next = try window.press("a")
    #expect(next.contains("not approved: it changed while you read it; this is what waits now"))
    #expect(next.contains("and deletes"))
    #expect(try stage.names("waiting") == ["a"])
    try window.press("a")
    try window.wait(for: "status 0")
    #expect(try stage.names("waiting") == [])
    #expect(try stage.host.tools().text.contains("and deletes"))
    try stage.host.leave()
  }

  @Test func narrowAndPlainTerminals() throws {
    let words = String(repeating: "approve ", count: 30) + String(repeating: "漢", count: 60)
    let stage = try Stage("[[\(Self.tool("a", words))]]", trust: false)
    let window = try stage.review()
    try window.wait(for: "q quit")
    while try !window.screen().contains("+ approve") { try window.press("s") }
    let colour = "\u{1B}[32m"
    #expect(try window.colouredScreen().contains(colour))
    for (columns, rows) in [(40, 20), (32, 12)] {
      try window.tmux("resize-window", "-x", "\(columns)", "-y", "\(rows)")
      // Until it is drawn anew, tmux shows what fits of the old one.
      var screen = try window.screen()
      for _ in 0..<100 where Box.faults(screen, title: "notes: ", columns: columns) != [] {
        usleep(30_000)
        screen = try window.screen()
      }
      for _ in 0..<20 {
        #expect(Box.faults(screen, title: "notes: ", columns: columns) == [])
        guard screen.contains("space: more") else { break }
        screen = try window.press("Space")
      }
    }
    try window.tmux("resize-window", "-x", "30", "-y", "12")
    try window.wait(for: "too small")
    #expect(try window.pressInVain("send-keys", "a"))
    try window.tmux("resize-window", "-x", "80", "-y", "24")
    try window.wait(for: "q quit")
    try window.press("q")
    try window.wait(for: "status 0")
    #expect(try stage.names("waiting") == ["a", "step"])

    for before in ["export NO_COLOR=1;", "export TERM=dumb;"] {
      let plain = try stage.review(before: before)
      try plain.wait(for: "q quit")
      #expect(try !plain.colouredScreen().contains("\u{1B}["))
      try plain.press("q")
      try plain.wait(for: "status 0")
    }
    try stage.host.leave()
  }
}
