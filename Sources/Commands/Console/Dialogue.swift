/// A conversation with the person at the terminal.
struct Dialogue {
  enum Key: Equatable {
    case character(UInt8)
    /// More than one byte at once: a function key or a paste, never an answer.
    case sequence
    /// End of input, Ctrl-C or Ctrl-D.
    case end
  }

  let columns: Int
  let rows: Int
  let coloured: Bool
  let write: (String) -> Void
  let readKey: () throws(CommandError) -> Key
}
