/// What the relay knows of a server that has not answered yet: that, and no guess.
public struct SlowStart: Equatable, Sendable {
  /// Since the host's first request.
  public let seconds: Int
  /// Bytes of the host's that the server has not taken from its standard input.
  public let unread: Int
  /// Bytes that it has written to its standard output, and to its standard error.
  public let output: Int
  public let standardError: Int
  /// The line of its standard error that shows a symptom; nil where none does.
  public let lastWords: LastWords?

  public init(
    seconds: Int, unread: Int, output: Int, standardError: Int, lastWords: LastWords?
  ) {
    self.seconds = seconds
    self.unread = unread
    self.output = output
    self.standardError = standardError
    self.lastWords = lastWords
  }

  /// When it is told, in seconds: a user who waits is told soon, one who waits long not too often.
  public static let moments = [5, 15, 45, 120, 300]
}

extension FrameWriter {
  mutating func append(_ start: SlowStart) {
    for number in [start.seconds, start.unread, start.output, start.standardError] {
      append(number)
    }
    append(start.lastWords.map { [$0] } ?? []) { writer, words in writer.append(words) }
  }

  mutating func append(_ words: LastWords) {
    append(words.symptom.name)
    append(words.line)
  }
}

extension FrameFields {
  mutating func slowStart() throws(FrameError) -> SlowStart {
    let numbers = [
      try count(from: 0), try count(from: 0), try count(from: 0), try count(from: 0),
    ]
    let words = try list { (fields) throws(FrameError) in try fields.lastWords() }
    guard words.count <= 1 else { throw .invalid("last words") }
    return SlowStart(
      seconds: numbers[0], unread: numbers[1], output: numbers[2], standardError: numbers[3],
      lastWords: words.first)
  }

  mutating func lastWords() throws(FrameError) -> LastWords {
    guard let symptom = Symptom.named(try text()) else { throw .invalid("symptom") }
    let line = try bytes()
    guard line.count <= LastWords.longestLine else { throw .invalid("last words") }
    return LastWords(symptom: symptom, line: line)
  }
}
