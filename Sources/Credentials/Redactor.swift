/// Replaces secrets in text by `[redacted:NAME]`, whatever form they are written in.
public struct Redactor: Sendable {
  struct Pattern: Sendable {
    let bytes: [UInt8]
    let marker: [UInt8]
  }

  /// By first byte, longest first.
  private var patterns = [[Pattern]](repeating: [], count: 256)
  /// Bytes of the longest pattern.
  private(set) var longest = 0

  public init(_ secrets: [Secret]) {
    var seen: Set<[UInt8]> = []
    for secret in secrets {
      let marker = Array("[redacted:\(secret.name)]".utf8)
      for form in SecretForms.all(of: secret.value) where seen.insert(form).inserted {
        guard let first = form.first else { continue }
        patterns[Int(first)].append(Pattern(bytes: form, marker: marker))
        longest = max(longest, form.count)
      }
    }
    for index in patterns.indices { patterns[index].sort { $0.bytes.count > $1.bytes.count } }
  }

  public var isEmpty: Bool { longest == 0 }

  /// A text that is whole.
  public func redact(_ bytes: [UInt8]) -> [UInt8] {
    if isEmpty { return bytes }
    var stream = RedactionStream(self)
    return stream.push(bytes) + stream.finish()
  }

  public func redact(_ text: String) -> String {
    isEmpty ? text : String(decoding: redact(Array(text.utf8)), as: UTF8.self)
  }

  enum Match {
    case none
    /// The text ends before it is clear.
    case undecided
    case pattern(Pattern)
  }

  /// What begins at this place: the longest pattern.
  ///
  /// - Parameter isEnd: no more text follows.
  func match(in text: [UInt8], at index: Int, isEnd: Bool) -> Match {
    for pattern in patterns[Int(text[index])] {
      let available = text.count - index
      if pattern.bytes.count <= available {
        if text[index..<index + pattern.bytes.count].elementsEqual(pattern.bytes) {
          return .pattern(pattern)
        }
      } else if !isEnd, pattern.bytes.starts(with: text[index...]) {
        return .undecided
      }
    }
    return .none
  }
}
