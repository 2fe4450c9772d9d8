public import JSON

/// A stretch of text in the difference of two strings.
public struct WordRun: Equatable, Sendable {
  public enum Kind: String, Sendable {
    case same, removed, added
  }

  public let kind: Kind
  public let text: JSONString

  /// Beyond as many words on either side, what is between a common beginning and end counts as
  /// replaced whole: the search takes time and memory by the square.
  private static let limit = 600

  /// The runs that give the old text without those added, and the new one without those removed.
  public static func between(_ old: JSONString, _ new: JSONString) -> [WordRun] {
    let before = Words.split(old.utf8)
    let after = Words.split(new.utf8)
    var prefix = 0
    while prefix < before.count, prefix < after.count, before[prefix] == after[prefix] {
      prefix += 1
    }
    var suffix = 0
    while suffix < before.count - prefix, suffix < after.count - prefix,
      before[before.count - 1 - suffix] == after[after.count - 1 - suffix]
    {
      suffix += 1
    }
    let runs =
      [run(.same, before[..<prefix])]
      + middle(
        before[prefix..<(before.count - suffix)], after[prefix..<(after.count - suffix)])
      + [run(.same, before[(before.count - suffix)...])]
    return merged(runs.filter { !$0.text.isEmpty })
  }

  private static func middle(
    _ old: ArraySlice<ArraySlice<UInt8>>, _ new: ArraySlice<ArraySlice<UInt8>>
  ) -> [WordRun] {
    let replaced = [run(.removed, old), run(.added, new)]
    guard old.count <= limit, new.count <= limit else { return replaced }
    let changes = Array(new).difference(from: Array(old))
    var removed: Set<Int> = []
    var inserted: Set<Int> = []
    for change in changes {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): inserted.insert(offset)
      }
    }
    // Two texts with little in common are read better one after the other.
    let kept = old.enumerated().filter { !removed.contains($0.offset) }.map(\.element)
    guard 3 * weight(kept) >= max(weight(old), weight(new)) else { return replaced }
    var runs: [WordRun] = []
    var one = 0
    var two = 0
    while one < old.count || two < new.count {
      if one < old.count, removed.contains(one) {
        runs.append(run(.removed, [old[old.startIndex + one]]))
        one += 1
      } else if two < new.count, inserted.contains(two) {
        runs.append(run(.added, [new[new.startIndex + two]]))
        two += 1
      } else {
        runs.append(run(.same, [new[new.startIndex + two]]))
        one += 1
        two += 1
      }
    }
    return runs
  }

  /// Bytes that are not white space.
  private static func weight(_ words: some Sequence<ArraySlice<UInt8>>) -> Int {
    words.reduce(0) { $0 + ($1.first.map(Words.isSpace) == true ? 0 : $1.count) }
  }

  private static func run(_ kind: Kind, _ words: ArraySlice<ArraySlice<UInt8>>) -> WordRun {
    WordRun(kind: kind, text: JSONString(utf8: Array(words.joined())))
  }

  /// Neighbours of one kind become one; between two equal stretches what was removed comes first.
  private static func merged(_ runs: [WordRun]) -> [WordRun] {
    var result: [WordRun] = []
    var pending: [Kind: [UInt8]] = [:]
    func flush() {
      for kind in [Kind.removed, .added] {
        if let text = pending[kind], !text.isEmpty {
          result.append(WordRun(kind: kind, text: JSONString(utf8: text)))
        }
      }
      pending = [:]
    }
    for run in runs {
      guard run.kind == .same else {
        pending[run.kind, default: []] += run.text.utf8
        continue
      }
      flush()
      if let last = result.last, last.kind == .same {
        result[result.count - 1] = WordRun(
          kind: .same, text: JSONString(utf8: last.text.utf8 + run.text.utf8))
      } else {
        result.append(run)
      }
    }
    flush()
    return result
  }
}
