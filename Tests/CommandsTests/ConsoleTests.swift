import Glibc
import Kernel
import Testing

@testable import Commands

@Suite struct ConsoleTests {
  static func messages(coloured: Bool, _ body: (Console) -> Void) -> String {
    var bytes: [UInt8] = []
    body(
      Console(
        coloured: coloured, output: { _ in nil },
        messages: {
          bytes += $0
          return nil
        }))
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test func errorThenHint() {
    let error = CommandError(.refused, "no", hint: "ask")
    #expect(
      Self.messages(coloured: false) { $0.report(error) } == "cordon: error: no\nhint: ask\n")
    #expect(
      Self.messages(coloured: true) { $0.report(error) }
        == "cordon: \u{1B}[1;31merror:\u{1B}[0m no\n\u{1B}[1;36mhint:\u{1B}[0m ask\n")
  }

  @Test(arguments: [
    ("\u{1B}[2J", "‹U+001B›[2J"), ("a\rb", "a‹U+000D›b"), ("\u{202E}x", "‹U+202E›x"),
    ("\u{200B}", "‹U+200B›"), ("\u{E0041}", "‹U+E0041›"), ("\u{9B}1m", "‹U+009B›1m"),
    ("line\n  ^ é 漢 ‹U+0041›", "line\n  ^ é 漢 ‹U+0041›"), ("א\u{FE0F}", "‹U+05D0›‹U+FE0F›"),
  ])
  func controlsNeverReachTheTerminal(_ text: String, _ shown: String) {
    #expect(Self.messages(coloured: false) { $0.note(text) } == "cordon: \(shown)\n")
  }

  @Test(arguments: [
    (["TERM": "xterm"], true), (["TERM": "dumb"], false), ([:], false),
    (["TERM": "xterm", "NO_COLOR": "1"], false), (["TERM": "xterm", "NO_COLOR": ""], true),
  ])
  func colour(_ environment: [String: String], _ allowed: Bool) {
    #expect(Terminal.allowsColour(Environment(environment)) == allowed)
  }

  @Test func aReaderThatWentAwayIsNoFailure() throws {
    let world = try World()
    world.outputFailure = Errno(EPIPE)
    #expect(world.run(["--help"]) == 0)
    #expect(world.errors == "")
  }

  @Test func aFullDiskIsAFailure() throws {
    let world = try World()
    world.outputFailure = Errno(ENOSPC)
    #expect(world.run(["--help"]) == ExitCode.storeFailure.rawValue)
    #expect(world.errors == "cordon: error: the output can't be written: ENOSPC\n")
  }
}
