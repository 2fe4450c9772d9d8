import Foundation

/// A program in a terminal of its own: a window of a tmux server that nobody else uses, with keys
/// that are really pressed and a screen that is really drawn.
final class TerminalWindow {
  let socket: String
  /// Kept: the socket is in the scene's folder, which goes with the last who knows it.
  private let scene: Scene
  private let environment: [String: String]

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// - Parameter before: a shell's words before the command, such as `sleep 1;`.
  init(
    _ command: [String], in scene: Scene, columns: Int = 80, rows: Int = 24,
    adding: [String: String] = [:], before: String = ""
  ) throws {
    self.scene = scene
    let name = UUID().uuidString.prefix(8).lowercased()
    socket = scene.folder + "/tmux-" + name
    environment = scene.environment.merging(adding) { $1 }
    let settings = try scene.write(
      """
      set -g status off
      set -g set-clipboard on
      set -g allow-rename on
      set -g escape-time 0
      set -g default-terminal screen-256color

      """, to: "tmux-\(name).conf")
    let shell = before + "\"$@\"; echo \"status $?\"; exec sleep 600"
    // Foundation takes a process for running as long as anyone has its descriptors: the tmux server
    // must not inherit them.
    let closing = "import subprocess, sys; sys.exit(subprocess.call(sys.argv[1:]))"
    let started = try Finished.run(
      [
        Places.python, "-c", closing, "/usr/bin/tmux", "-u", "-S", socket, "-f", settings,
        "new-session", "-d", "-x", "\(columns)", "-y", "\(rows)", "sh", "-c", shell, "sh",
      ] + command,
      environment: environment)
    guard started.status == 0 else { throw Failure(description: started.errors) }
  }

  deinit {
    // This window's server, by its socket, and no other.
    _ = try? tmux("kill-server")
  }

  @discardableResult
  func tmux(_ words: String...) throws -> String {
    let done = try Finished.run(
      ["/usr/bin/tmux", "-S", socket] + words, environment: environment)
    guard done.status == 0 else { throw Failure(description: "\(words): \(done.errors)") }
    return done.output
  }

  /// What stands on the screen, without what is empty below.
  func screen() throws -> String { try tmux("capture-pane", "-p") }

  /// With the sequences that set colours.
  func colouredScreen() throws -> String { try tmux("capture-pane", "-p", "-e") }

  /// The screen once it shows this, and nothing on it changes any more.
  @discardableResult
  func wait(for text: String) throws -> String {
    try settled("never showed '\(text)'") { $0.contains(text) }
  }

  /// Presses a key, in tmux's words for it, and gives the next screen.
  @discardableResult
  func press(_ key: String) throws -> String {
    let before = try screen()
    try tmux("send-keys", key)
    return try settled("did not answer to \(key)") { $0 != before }
  }

  /// Types or pastes what is to change nothing.
  func pressInVain(_ words: String...) throws -> Bool {
    let before = try screen()
    _ = try Finished.run(["/usr/bin/tmux", "-S", socket] + words, environment: environment)
    usleep(300_000)
    return try screen() == before
  }

  private func settled(_ complaint: String, until isThere: (String) -> Bool) throws -> String {
    let deadline = ContinuousClock.now + .seconds(10)
    var last = ""
    while ContinuousClock.now < deadline {
      let now = try screen()
      if now == last, isThere(now) { return now }
      last = now
      usleep(8_000)
    }
    throw Failure(description: "\(complaint):\n\(last)")
  }
}
