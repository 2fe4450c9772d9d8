import Glibc
import Kernel

extension Dialogue {
  /// The process's terminal; nil where stdin or stdout is none.
  static func live(_ environment: Environment) -> Dialogue? {
    guard Terminal.isTerminal(0), Terminal.isTerminal(1) else { return nil }
    let type = environment.text(of: "TERM") ?? "dumb"
    let canDraw = type != "dumb" && !type.isEmpty
    let terminal = LiveTerminal(canDraw: canDraw)
    return Dialogue(
      coloured: Terminal.allowsColour(environment), canDraw: canDraw,
      size: { Terminal.size(1) },
      write: { LiveTerminal.write($0) },
      readKey: { () throws(CommandError) in try terminal.readKey() },
      open: { terminal.open() }, close: { terminal.close() })
  }
}

/// The terminal of this process, and how it was before.
private final class LiveTerminal {
  private let canDraw: Bool
  /// How it was before the conversation; nil outside one.
  private var before: termios?
  private var mask = sigset_t()

  /// Milliseconds after which the size is looked at, and whether the process is to end.
  private static let tick: Int32 = 250
  /// Milliseconds in which all bytes of one key arrive, and in which the rest of one that has begun.
  private static let gap: Int32 = 20
  private static let rest: Int32 = 100
  /// Bytes; a held key or a paste must not keep this busy for ever.
  private static let longest = 4_096

  init(canDraw: Bool) {
    self.canDraw = canDraw
  }

  static func write(_ text: String) {
    _ = StandardStream.write(Array(text.utf8), to: 1)
  }

  /// The alternate screen, so that what stood on the terminal comes back; a paste is marked as such.
  func open() {
    guard before == nil else { return }
    var saved = termios()
    guard unsafe tcgetattr(0, &saved) == 0 else { return }
    before = saved
    // Until the terminal is as it was: then each of them does what it did.
    var held = sigset_t()
    unsafe sigemptyset(&held)
    for signal in Self.ending { unsafe sigaddset(&held, signal) }
    unsafe sigprocmask(SIG_BLOCK, &held, &mask)
    if canDraw { Self.write("\u{1B}[?1049h\u{1B}[?2004h") }
  }

  func close() {
    guard var saved = before else { return }
    before = nil
    if canDraw { Self.write("\u{1B}[?2004l\u{1B}[?1049l") }
    unsafe tcsetattr(0, TCSADRAIN, &saved)
    unsafe sigprocmask(SIG_SETMASK, &mask, nil)
  }

  /// One key, without Return where the terminal can do that; a line's first letter otherwise.
  ///
  /// What was typed before the question stood on the screen is thrown away (`TCSAFLUSH`), so that
  /// nobody answers a question that they have not seen.
  func readKey() throws(CommandError) -> Dialogue.Key {
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
    // Outside a conversation restored after every key, so that a signal at any other time leaves a
    // usable terminal.
    defer { if before == nil { unsafe tcsetattr(0, TCSADRAIN, &saved) } }
    let size = Terminal.size(1)
    while try !isReady(within: Self.tick) {
      if isToEnd { return .end }
      if Terminal.size(1) != size { return .resized }
    }
    var bytes = try readSome()
    // An answer stands alone: what comes with it makes it a paste.
    while !bytes.isEmpty, bytes.count < Self.longest,
      try isReady(within: KeyReading.isIncomplete(bytes) ? Self.rest : Self.gap)
    {
      let more = try readSome()
      guard !more.isEmpty else { break }
      bytes += more
    }
    return KeyReading.key(bytes)
  }

  private func isReady(within milliseconds: Int32) throws(CommandError) -> Bool {
    var descriptor = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
    do throws(SystemError) {
      // The structure outlives the call.
      return try check("poll", "the terminal") { unsafe poll(&descriptor, 1, milliseconds) } > 0
    } catch {
      throw CommandError(.storeFailure, "\(error)")
    }
  }

  private static let ending = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]

  /// Whether one of the signals that are held back came.
  private var isToEnd: Bool {
    var pending = sigset_t()
    guard unsafe sigpending(&pending) == 0 else { return false }
    return Self.ending.contains { unsafe sigismember(&pending, $0) == 1 }
  }

  private func readLine() throws(CommandError) -> Dialogue.Key {
    let bytes = try readSome()
    guard !bytes.isEmpty else { return .end }
    let word = bytes.prefix { $0 != UInt8(ascii: "\n") }
    guard let first = word.first else { return .character(UInt8(ascii: "\n")) }
    return word.count == 1 ? .character(first) : .sequence
  }

  private func readSome() throws(CommandError) -> [UInt8] {
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
