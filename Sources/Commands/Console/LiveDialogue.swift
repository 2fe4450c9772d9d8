import Glibc
import Kernel

extension Dialogue {
  /// The process's terminal; nil where stdin or stdout is none.
  static func live(_ environment: Environment) -> Dialogue? {
    guard Terminal.isTerminal(0), Terminal.isTerminal(1) else { return nil }
    let size = Terminal.size(1)
    return Dialogue(
      columns: size.columns, rows: size.rows, coloured: Terminal.allowsColour(environment),
      write: { _ = StandardStream.write(Array($0.utf8), to: 1) },
      readKey: { () throws(CommandError) in try readKey() })
  }

  /// One key, without Return where the terminal can do that; a line's first letter otherwise.
  ///
  /// What was typed before the question stood on the screen is thrown away (`TCSAFLUSH`), so that
  /// nobody answers a question that they have not seen.
  private static func readKey() throws(CommandError) -> Key {
    var saved = termios()
    guard unsafe tcgetattr(0, &saved) == 0 else { return try readLine() }
    var raw = saved
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG)
    // VMIN and VTIME: wait for the first byte, then return what is there.
    unsafe withUnsafeMutableBytes(of: &raw.c_cc) { controls in
      unsafe controls[Int(VMIN)] = 1
      unsafe controls[Int(VTIME)] = 0
    }
    guard unsafe tcsetattr(0, TCSAFLUSH, &raw) == 0 else { return try readLine() }
    // Restored after every key, so that a signal at any other time leaves a usable terminal.
    defer { unsafe tcsetattr(0, TCSADRAIN, &saved) }
    let bytes = try readSome()
    guard let first = bytes.first, first != 3, first != 4 else { return .end }
    return bytes.count == 1 ? .character(first) : .sequence
  }

  private static func readLine() throws(CommandError) -> Key {
    let bytes = try readSome()
    guard !bytes.isEmpty else { return .end }
    let word = bytes.prefix { $0 != UInt8(ascii: "\n") }
    guard let first = word.first else { return .character(UInt8(ascii: "\n")) }
    return word.count == 1 ? .character(first) : .sequence
  }

  private static func readSome() throws(CommandError) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 256)
    do throws(SystemError) {
      // The buffer outlives the call and is as long as it says.
      let count = try check("read", "the terminal") {
        unsafe buffer.withUnsafeMutableBytes { unsafe read(0, $0.baseAddress, $0.count) }
      }
      return Array(buffer[..<count])
    } catch {
      throw CommandError(.storeFailure, "\(error)")
    }
  }
}
