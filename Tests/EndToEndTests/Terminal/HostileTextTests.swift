import Foundation
import Testing

/// Texts that try to steer, reorder, hide or fake what a person sees, on a real terminal of 80
/// columns. Each item's screens are kept beside this, one file for each: CORDON_WRITE_SCREENS=1 writes
/// them anew, to be read before they are committed.
@Suite struct HostileTextTests {
  private static let folder = Places.root + "/Tests/EndToEndTests/Terminal/Screens"
  private static let writes = ProcessInfo.processInfo.environment["CORDON_WRITE_SCREENS"] != nil

  @Test func everyTrickStaysInItsBox() throws {
    let scene = try Scene()
    let argv = scene.run(
      "hostile", trust: false, options: ["--read-only", Places.probes],
      command: [Places.python, Places.probes + "/hostile_texts.py"])
    let host = try Host(argv, in: scene)
    try host.connect()
    _ = try host.tools()
    try host.leave()
    let items = try scene.manifest("hostile")["waiting"]["items"].array
    #expect(items.count >= 36)
    let window = try TerminalWindow(
      [Places.binary, "review", "hostile"], in: scene, adding: ["NO_COLOR": "1"])
    let title = try window.tmux("display-message", "-p", "#{pane_title}")
    var screen = try window.wait(for: "q quit")
    var files: Set<String> = []
    for (index, item) in items.enumerated() {
      let heading = "hostile: \(index + 1) of \(items.count)"
      var pages: [String] = []
      while true {
        let faults = Box.faults(screen, title: heading, columns: 80)
        #expect(faults == [], "\(item["name"].string ?? "")\n\(screen)")
        pages.append(screen)
        guard screen.contains("space: more"), pages.count < 30 else { break }
        screen = try window.press("Space")
      }
      files.insert(try compare(pages, item, index))
      screen = try window.press("s")
    }
    #expect(screen.contains("0 approved, 0 rejected, \(items.count) still waiting"))
    #expect(screen.contains("status 0"))
    // Neither the window's name nor the clipboard was written.
    #expect(try window.tmux("display-message", "-p", "#{pane_title}") == title)
    #expect(throws: TerminalWindow.Failure.self) { try window.tmux("show-buffer") }
    let kept = try FileManager.default.contentsOfDirectory(atPath: Self.folder)
    #expect(Set(kept) == files, "a screen of an item that is no more")
  }

  /// - Returns: the name of the item's file.
  private func compare(_ pages: [String], _ item: Value, _ index: Int) throws -> String {
    let kind = item["kind"].string ?? ""
    let word = (item["name"].string ?? "").unicodeScalars.prefix(24)
      .map {
        $0.isASCII && ($0.properties.isAlphabetic || "0123456789-".unicodeScalars.contains($0))
          ? String($0) : "_"
      }
      .joined()
    let name = kind == "tool" ? "\(word).txt" : "\(kind).txt"
    let text =
      pages.map { page in
        page.split(separator: "\n", omittingEmptySubsequences: false)
          .map { "|\($0)" }.joined(separator: "\n")
      }.joined(separator: "\n---- next page\n") + "\n"
    let path = Self.folder + "/" + name
    if Self.writes { try Data(text.utf8).write(to: URL(filePath: path)) }
    let kept = try? String(contentsOfFile: path, encoding: .utf8)
    #expect(kept == text, "\(name) differs: CORDON_WRITE_SCREENS=1 writes it anew")
    return name
  }
}
