/// Makes a document that is valid already one line for every reader.
///
/// Some line readers split on a carriage return, some on U+0085, U+2028 and U+2029; behind such a split
/// a nested object becomes a message of its own.
public enum OneLine {
  /// Control characters between tokens become spaces, the three separators in strings become escapes;
  /// every other byte stays.
  public static func rewrite(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    let view = unsafe ByteView(bytes)
    var output: [UInt8] = []
    output.reserveCapacity(view.count + 16)
    var isInString = false
    var at = 0
    while at < view.count {
      let run = view.plainRun(from: at, to: view.count)
      view.append(at..<run, to: &output)
      at = run
      guard at < view.count else { break }
      switch view[at] {
      case Ascii.quote:
        isInString.toggle()
        output.append(Ascii.quote)
        at += 1
      case Ascii.backslash where at + 1 < view.count:
        view.append(at..<(at + 2), to: &output)
        at += 2
      case 0..<0x20:
        output.append(Ascii.space)
        at += 1
      default:
        let length = view.sequenceLength(at: at, end: view.count) ?? 1
        if isInString, let unit = view.lineSeparator(at: at, length: length) {
          StringWriting.writeUnit(unit, to: &output)
        } else {
          view.append(at..<(at + length), to: &output)
        }
        at += length
      }
    }
    return output
  }

  public static func rewrite(_ bytes: [UInt8]) -> [UInt8] {
    unsafe bytes.withUnsafeBytes { buffer in unsafe rewrite(buffer) }
  }
}
