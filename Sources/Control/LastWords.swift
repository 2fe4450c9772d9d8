/// What a server said last before it ended without an answer: the symptom, and the line that shows
/// it.
public struct LastWords: Equatable, Sendable {
  public let symptom: Symptom
  /// The server's words, without secrets and bounded; not made visible yet.
  public let line: [UInt8]

  /// Bytes of a line that are kept.
  public static let longestLine = 512

  public init(symptom: Symptom, line: [UInt8]) {
    self.symptom = symptom
    self.line = line
  }

  /// Reads a server's last bytes. The relay's business alone.
  ///
  /// The last line that shows any symptom decides which it is; the first that shows this one is
  /// quoted: most programs begin with the reason and end with details. (Indented lines are the
  /// program's own text in a trace; they are quoted last.)
  public init?(in tail: [UInt8]) {
    let lines = tail.split(separator: UInt8(ascii: "\n"))
    guard let symptom = lines.reversed().lazy.compactMap(Self.symptom).first,
      let line = lines.first(where: { !Self.isIndented($0) && Self.shows(symptom, $0) })
        ?? lines.first(where: { Self.shows(symptom, $0) })
    else { return nil }
    self.init(symptom: symptom, line: Array(line.prefix(Self.longestLine)))
  }

  private static func symptom(of line: ArraySlice<UInt8>) -> Symptom? {
    Symptom.all.first { shows($0, line) }
  }

  private static func shows(_ symptom: Symptom, _ line: ArraySlice<UInt8>) -> Bool {
    symptom.signs.contains { sign in
      if case .phrase(let phrase) = sign { contains(line, Array(phrase.utf8)) } else { false }
    }
  }

  private static func isIndented(_ line: ArraySlice<UInt8>) -> Bool {
    line.first == UInt8(ascii: " ") || line.first == UInt8(ascii: "\t")
  }

  private static func contains(_ line: ArraySlice<UInt8>, _ phrase: [UInt8]) -> Bool {
    guard line.count >= phrase.count else { return false }
    return (line.startIndex...(line.endIndex - phrase.count)).contains { start in
      line[start] == phrase[0] && line[start..<start + phrase.count].elementsEqual(phrase)
    }
  }
}
