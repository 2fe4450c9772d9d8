import JSON

/// Whether two texts differ only in what the machine they were written on explains: in the name of
/// a time zone, or in a path below a home or a folder for temporary files.
///
/// Servers put such things into descriptions. It makes a change small, and approves nothing.
enum EnvironmentNoise: String {
  case timeZone = "only the name of a time zone"
  case path = "only a path below a home or temporary folder"
  case both = "only the name of a time zone and a path below a home or temporary folder"

  static func between(_ old: JSONString, _ new: JSONString) -> EnvironmentNoise? {
    let before = parts(old.utf8)
    let after = parts(new.utf8)
    guard before.count == after.count else { return nil }
    var found: EnvironmentNoise?
    for (one, two) in zip(before, after) where one != two {
      let noise: EnvironmentNoise
      if TimeZones.contains(one) && TimeZones.contains(two) {
        noise = .timeZone
      } else if isPath(one) && isPath(two) {
        noise = .path
      } else {
        return nil
      }
      found = found == nil || found == noise ? noise : .both
    }
    return found
  }

  /// Words and what separates them, in turns.
  private static func parts(_ text: [UInt8]) -> [ArraySlice<UInt8>] {
    var parts: [ArraySlice<UInt8>] = []
    var start = 0
    while start < text.count {
      let isSeparator = separators.contains(text[start])
      var end = start + 1
      while end < text.count, separators.contains(text[end]) == isSeparator { end += 1 }
      // The full stop after a sentence is no part of its last word.
      var last = end
      while !isSeparator, last > start + 1, ".!?".utf8.contains(text[last - 1]) { last -= 1 }
      parts.append(text[start..<last])
      if last < end { parts.append(text[last..<end]) }
      start = end
    }
    return parts
  }

  private static let separators = Set(" \t\r\n\"'`()[]{}<>,;:=|".utf8)

  private static let folders = ["/home/", "/root/", "/tmp/", "/var/tmp/", "/run/user/"]

  /// One that says nothing and leads to no secret.
  private static func isPath(_ text: ArraySlice<UInt8>) -> Bool {
    let path = Array(text.drop { $0 == UInt8(ascii: "/") })
    let whole = [UInt8(ascii: "/")] + path
    guard whole.count <= 128, text.first == UInt8(ascii: "/"),
      folders.contains(where: { whole.starts(with: $0.utf8) }),
      whole.allSatisfy({ Letters.isLetter($0) || "0123456789/._-+@~".utf8.contains($0) }),
      !PathRules.names(secretIn: whole)
    else { return false }
    let folded = FoldedText(whole.map { "_.+@~".utf8.contains($0) ? UInt8(ascii: " ") : $0 })
    var marks = Marks()
    PhraseRules.find(in: folded, &marks)
    return marks.findings(in: whole, at: FieldPath()).isEmpty
  }
}
