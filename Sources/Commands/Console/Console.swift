import Glibc
public import Kernel

// The rules of the terminal, for every command:
//
// - stdout carries data (or the protocol) and nothing else; messages go to stderr.
// - A failure is `cordon: error: …`, then `hint: …` where there is a way out.
// - Colour only where stderr is a terminal, and never with NO_COLOR or TERM=dumb. A colour repeats
//   what a word says already.
// - Control characters never reach the terminal from a message, whoever wrote it.
// - A reader that went away (EPIPE) ends the output, quietly. Any other failure to write is 74.

/// Where a command's data and messages go.
public final class Console {
  /// Takes all the bytes, or says why it could not.
  public typealias Sink = ([UInt8]) -> Errno?

  private let output: Sink
  private let messages: Sink
  private let coloured: Bool
  private var readerGone = false
  private var failure: Errno?

  public init(coloured: Bool, output: @escaping Sink, messages: @escaping Sink) {
    self.coloured = coloured
    self.output = output
    self.messages = messages
  }

  /// The process's stdout and stderr.
  public static func standard(_ environment: Environment) -> Console {
    Console(
      coloured: Terminal.allowsColour(descriptor: 2, environment),
      output: { StandardStream.write($0, to: 1) },
      messages: { StandardStream.write($0, to: 2) })
  }

  /// Data for stdout, as it is.
  public func write(_ bytes: [UInt8]) {
    guard !readerGone, failure == nil, let errno = output(bytes) else { return }
    if errno == Errno(EPIPE) { readerGone = true } else { failure = errno }
  }

  public func write(_ text: String) {
    write(Array(text.utf8))
  }

  /// `cordon: error: …` and `hint: …` on stderr.
  public func report(_ error: CommandError) {
    message("cordon: \(painted("error:", 31)) ", error.message)
    if let hint = error.hint { message("\(painted("hint:", 36)) ", hint) }
  }

  /// `hint: …`: the way out of what was just said.
  public func hint(_ text: String) {
    message("\(painted("hint:", 36)) ", text)
  }

  /// `cordon: warning: …`: something works, but weaker or otherwise than it could.
  public func warn(_ text: String) {
    message("cordon: \(painted("warning:", 33)) ", text)
  }

  /// `cordon: …`: something that the person should know and need not act on.
  public func note(_ text: String) {
    message("cordon: ", text)
  }

  /// Throws where a write to stdout failed; a reader that went away is not a failure.
  public func finish() throws(CommandError) {
    guard let failure else { return }
    throw CommandError(.storeFailure, "the output can't be written: \(failure.name)")
  }

  private func message(_ label: String, _ text: String) {
    // Where stderr itself is broken nobody is left to tell.
    _ = messages(Array((label + Printable.text(text) + "\n").utf8))
  }

  private func painted(_ word: String, _ colour: Int) -> String {
    coloured ? "\u{1B}[1;\(colour)m\(word)\u{1B}[0m" : word
  }
}
