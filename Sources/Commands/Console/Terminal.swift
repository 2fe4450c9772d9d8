import Glibc

/// What is known of the terminal behind a descriptor.
enum Terminal {
  static func isTerminal(_ descriptor: Int32) -> Bool {
    isatty(descriptor) == 1
  }

  /// Colour is wanted by the person (no-color.org: any value that is not empty says no) and
  /// understood by the terminal.
  static func allowsColour(descriptor: Int32, _ environment: Environment) -> Bool {
    isTerminal(descriptor) && allowsColour(environment)
  }

  static func allowsColour(_ environment: Environment) -> Bool {
    guard environment.bytes(of: "NO_COLOR")?.isEmpty ?? true else { return false }
    guard let type = environment.text(of: "TERM") else { return false }
    return type != "dumb"
  }

  /// Columns and rows; 80 by 24 where the terminal does not say.
  static func size(_ descriptor: Int32) -> (columns: Int, rows: Int) {
    var size = winsize()
    // The request writes one winsize, which outlives the call.
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
    else { return (80, 24) }
    return (Int(size.ws_col), Int(size.ws_row))
  }
}
