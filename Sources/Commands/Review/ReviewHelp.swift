import Manifest

/// What `?` shows.
enum ReviewHelp {
  static let lines: [StyledLine] = text.split(separator: "\n", omittingEmptySubsequences: false)
    .map { StyledLine(String($0)) }

  /// Short lines: they are not broken on a narrow terminal.
  private static let text = """
      a        approve what is shown
      r        reject it
      s n ->   leave it, go on
      p <-     go back
      space b  a page down, up
      j k      a line down, up
      o Enter  open it whole
      u        all that changed in
               hints or looks only
      q        quit

      -  +     was, would be
      ⟦ ⟧      words that changed
      !        worth a look
      ‹U+202E› a hidden character
      :        a line goes on

      An approval is of exactly
      this content, by its digest.
      What changes later waits
      again. What is rejected
      stays away until it changes.
    """
}
