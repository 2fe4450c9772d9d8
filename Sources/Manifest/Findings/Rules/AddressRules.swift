/// Places on a network: where a model could be led, or data sent.
enum AddressRules {
  static func find(in text: FoldedText, _ marks: inout Marks) {
    let bytes = text.bytes
    var index = 0
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: ":") where bytes[index...].starts(with: "://".utf8):
        if let range = link(bytes, at: index) {
          marks.add(.url, text.original(range), "names an address on the network")
          index = range.upperBound
          continue
        }
      case UInt8(ascii: ":"):
        if let range = inlineScheme(bytes, at: index) {
          marks.add(.url, text.original(range), "has a link that carries data or a script itself")
        }
      case UInt8(ascii: "@"):
        if let range = mailbox(bytes, at: index) {
          marks.add(.mailAddress, text.original(range), "names a mail address")
        }
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        let end = end(of: bytes, from: index) { isDigit($0) || $0 == UInt8(ascii: ".") }
        if index == 0 || !FoldedText.isWord(bytes[index - 1]), isIPv4(bytes[index..<end]) {
          marks.add(.ipAddress, text.original(index..<end), "names a machine by its IP address")
        }
        index = end
        continue
      default: break
      }
      index += 1
    }
  }

  private static let schemes: Set<[UInt8]> = Set(
    [
      "http", "https", "hxxp", "hxxps", "ftp", "ftps", "sftp", "ws", "wss", "ssh", "git", "smb",
      "tcp", "udp", "ldap", "gopher", "telnet", "rsync", "dns", "irc",
    ].map { Array($0.utf8) })

  private static func link(_ bytes: [UInt8], at colon: Int) -> Range<Int>? {
    var start = colon
    while start > 0, colon - start < 8, isLetter(bytes[start - 1]) { start -= 1 }
    guard schemes.contains(Array(bytes[start..<colon])) else { return nil }
    // Without more it is the scheme alone: `starts with https://`.
    guard colon + 3 < bytes.count,
      FoldedText.isWord(bytes[colon + 3]) || "[{<$".utf8.contains(bytes[colon + 3])
    else { return nil }
    return
      start..<end(of: bytes, from: colon + 3) {
        $0 > 0x20 && $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: "\"")
      }
  }

  private static func inlineScheme(_ bytes: [UInt8], at colon: Int) -> Range<Int>? {
    for word in ["data", "javascript", "vbscript"] {
      let start = colon - word.utf8.count
      guard start >= 0, bytes[start..<colon].elementsEqual(word.utf8) else { continue }
      var end = colon + 1
      while end < bytes.count, end - colon < 256, bytes[end] > 0x20 { end += 1 }
      let isData = word == "data"
      guard !isData || bytes[colon..<end].contains(UInt8(ascii: ",")), end > colon + 4,
        start == 0 || !FoldedText.isWord(bytes[start - 1])
      else { continue }
      return start..<end
    }
    return nil
  }

  private static func mailbox(_ bytes: [UInt8], at sign: Int) -> Range<Int>? {
    var start = sign
    while start > 0, sign - start < 64, isMailbox(bytes[start - 1]) { start -= 1 }
    let limit = min(bytes.count, sign + 128)
    var end = sign + 1
    while end < limit, isMailbox(bytes[end]) { end += 1 }
    while end > sign + 1, !isLetter(bytes[end - 1]) && !isDigit(bytes[end - 1]) { end -= 1 }
    guard start < sign, let dot = bytes[(sign + 1)..<end].lastIndex(of: UInt8(ascii: ".")),
      dot > sign + 1, end - dot > 2, bytes[(dot + 1)..<end].allSatisfy(isLetter)
    else { return nil }
    return start..<end
  }

  private static func isIPv4(_ text: ArraySlice<UInt8>) -> Bool {
    var text = text
    while text.last == UInt8(ascii: ".") { text.removeLast() }
    let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 4, parts.allSatisfy({ (1...3).contains($0.count) }) else { return false }
    let numbers = parts.map { $0.reduce(0) { 10 * $0 + Int($1 - UInt8(ascii: "0")) } }
    // The machine itself.
    return numbers.allSatisfy { $0 < 256 } && numbers[0] != 127 && numbers != [0, 0, 0, 0]
  }

  private static func end(
    of bytes: [UInt8], from start: Int, while holds: (UInt8) -> Bool
  ) -> Int {
    var end = start
    while end < bytes.count, holds(bytes[end]) { end += 1 }
    return end
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func isMailbox(_ byte: UInt8) -> Bool {
    isLetter(byte) || isDigit(byte) || "._%+-".utf8.contains(byte)
  }
}
