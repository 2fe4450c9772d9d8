/// A conversation with the person at the terminal.
struct Dialogue {
  /// What a person pressed. What is more than one key at once is none of these: it is no answer.
  enum Key: Equatable {
    case character(UInt8)
    case up, down, left, right, pageUp, pageDown, top, bottom
    /// The key of that name, alone.
    case escape
    /// More than one key at once, such as a paste, or a key that is not known.
    case sequence
    /// The terminal has another size now.
    case resized
    /// End of input, Ctrl-C or Ctrl-D.
    case end
  }

  let coloured: Bool
  /// Whether the terminal can be cleared and drawn on anew; otherwise each screen follows the last.
  let canDraw: Bool
  /// Columns and rows, as they are now.
  let size: () -> (columns: Int, rows: Int)
  let write: (String) -> Void
  let readKey: () throws(CommandError) -> Key
  /// Takes the screen for a longer conversation, and gives it back as it was.
  let open: () -> Void
  let close: () -> Void
}
