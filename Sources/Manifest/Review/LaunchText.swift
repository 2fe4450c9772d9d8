public import JSON

/// The command of a launch, exact and whole: one argument on a line, quoted as a shell would need
/// it, so that no two commands look the same.
public enum LaunchText {
  /// - Parameter findings: of this content; the arguments that they are about are marked.
  static func lines(
    _ canonical: [UInt8], _ findings: [Finding], width: Int
  ) -> [StyledLine] {
    let launch: JSONNode
    do throws(JSONError) {
      launch = try JSONReader.parse(canonical)
    } catch {
      return []
    }
    var lines = [StyledLine("  the command, one argument on a line", .heading)]
    for (index, argument) in (launch["arguments"]?.array ?? []).enumerated() {
      guard let text = argument.string else { continue }
      let isMarked = findings.contains { finding in
        finding.path.steps.starts(with: [.key("arguments"), .index(index)])
      }
      lines += one(quoted(text).utf8, isMarked: isMarked, width: width)
    }
    if let path = launch["executable"]?["path"]?.string {
      lines.append(StyledLine("  the program that it starts", .heading))
      lines += one(quoted(path).utf8, isMarked: false, width: width)
    }
    let unpinned = (launch["unpinned"]?.array ?? []).compactMap(\.string)
    if !unpinned.isEmpty {
      lines += Rendering.wrapped(
        [.own("code: unpinned: it can change, and no digest tells", .warning)],
        width: width - 2
      ).map { $0.behind("  ") }
      for code in unpinned { lines += one(code.utf8, isMarked: true, width: width) }
    }
    return lines + [StyledLine()]
  }

  /// A word as a POSIX shell reads it. Not made safe to show.
  public static func quoted(_ word: JSONString) -> JSONString {
    let isPlain =
      !word.utf8.isEmpty
      && word.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: "-_./:=@%+,".utf8.contains(byte)
        }
      }
    guard !isPlain else { return word }
    let apostrophe = UInt8(ascii: "'")
    let body = word.utf8.flatMap { $0 == apostrophe ? Array(#"'\''"#.utf8) : [$0] }
    return JSONString(utf8: [apostrophe] + body + [apostrophe])
  }

  /// Never folded. Line feeds are escapes: a line of its own is an argument of its own.
  private static func one(_ text: [UInt8], isMarked: Bool, width: Int) -> [StyledLine] {
    let style = isMarked ? StyledLine.Style.warning : .plain
    let lines = Rendering.wrapped([.server(text[...], style)], width: width - 6)
    return lines.enumerated().map { index, line in
      line.behind(index == 0 ? (isMarked ? "    ! " : "    > ") : "    : ", style)
    }
  }
}
