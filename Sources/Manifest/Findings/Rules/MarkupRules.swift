/// Marks that a model takes for the frame around a text: tags and the names of those who speak.
enum MarkupRules {
  static func find(in text: FoldedText, _ marks: inout Marks) {
    let bytes = text.bytes
    var isLineStart = true
    var index = 0
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "<"), UInt8(ascii: "["), UInt8(ascii: "{"):
        if let range = tag(bytes, at: index) {
          marks.add(
            .pseudoTag, text.original(range),
            "has a tag that gives what follows a weight of its own")
        } else if bytes[index...].starts(with: "<!--".utf8) {
          marks.add(
            .hiddenMarkup, text.original(index..<(index + 4)),
            "has a comment of HTML, which nobody sees once it is displayed")
        }
        isLineStart = false
      case 0x0A: isLineStart = true
      case 0x20, 0x09, UInt8(ascii: "#"), UInt8(ascii: "*"), UInt8(ascii: ">"), UInt8(ascii: "-"):
        break
      default:
        if isLineStart, let range = speaker(bytes, at: index) {
          marks.add(
            .roleMarker, text.original(range), "has a line that seems to be said by someone else")
        }
        isLineStart = false
      }
      index += 1
    }
  }

  /// `<important>`, `</system>`, `<|im_start|>`, `[INST]`, `<<SYS>>`, `{{system}}`, with attributes or without.
  private static func tag(_ bytes: [UInt8], at start: Int) -> Range<Int>? {
    var index = start
    while index < bytes.count, index - start < 5, "<[{/|! ".utf8.contains(bytes[index]) {
      index += 1
    }
    let first = index
    while index < bytes.count, index - first <= 32, isName(bytes[index]) { index += 1 }
    guard index > first, index < bytes.count, "|>]} ".utf8.contains(bytes[index]) else {
      return nil
    }
    // A tag of several words ends soon, or is none.
    let end = bytes[index...].prefix(64).firstIndex { ">]}".utf8.contains($0) }
    guard let end, names.contains(FoldedText.hash(bytes[first..<index])) else { return nil }
    return start..<(end + 1)
  }

  private static func isName(_ byte: UInt8) -> Bool {
    FoldedText.isWord(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ":")
  }

  private static func speaker(_ bytes: [UInt8], at start: Int) -> Range<Int>? {
    var end = start
    while end < bytes.count, end - start <= 16, FoldedText.isWord(bytes[end]) { end += 1 }
    guard end > start, speakers.contains(FoldedText.hash(bytes[start..<end])) else { return nil }
    var index = end
    while index < bytes.count, index - end < 3, "* ".utf8.contains(bytes[index]) { index += 1 }
    guard index < bytes.count, bytes[index] == UInt8(ascii: ":") else { return nil }
    return start..<(index + 1)
  }

  private static func hashes(_ words: String) -> Set<UInt64> {
    Set(words.split { $0 == " " || $0 == "\n" }.map { FoldedText.hash($0.utf8) })
  }

  private static let speakers = hashes("system assistant human developer ai chatgpt claude")

  private static let names = hashes(
    """
    important critical urgent system system_prompt systemprompt system-prompt system-reminder
    system_reminder sys instruction instructions secret secrets hidden admin administrator assistant
    override priority rule rules directive directives internal confidential inst im_start im_end
    endoftext end_of_text start_header_id begin_of_text tool_call tool_calls function_call
    function_calls function_results tool_result tool_results tool_response invoke thinking
    scratchpad reasoning developer mandatory requirement requirements must attention protocol
    policy security context_for_ai ai llm model agent agents for_ai for_llm note_to_ai
    """)
}
