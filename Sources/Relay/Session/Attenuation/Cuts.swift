import JSON

/// Parts of a line that are left out. Every other byte stays, white space included.
struct Cuts {
  /// In any order; none lies in another.
  private var ranges: [Range<Int>] = []

  var isEmpty: Bool { ranges.isEmpty }

  /// Leaves members of an object out, with the commas that separated them.
  mutating func cut(_ object: ObjectView, where isCut: (Int) -> Bool) {
    // A key's range is without its quotes.
    cut(object.outline.members.map { ($0.key.lowerBound - 1)..<$0.value.upperBound }, isCut)
  }

  /// Leaves the member with this key out, and those that some readers take for it.
  ///
  /// - Returns: whether there was one.
  mutating func cut(_ object: ObjectView, like key: JSONString) -> Bool {
    let isCut = object.outline.members.map { object.couldBe($0, key) }
    guard isCut.contains(true) else { return false }
    cut(object) { isCut[$0] }
    return true
  }

  /// Leaves elements of an array out.
  mutating func cut(elements: [Range<Int>], where isCut: (Int) -> Bool) {
    cut(elements, isCut)
  }

  private mutating func cut(_ entries: [Range<Int>], _ isCut: (Int) -> Bool) {
    var lastKept: Int?
    var pending: Int?
    for index in entries.indices {
      if isCut(index) {
        if pending == nil { pending = index }
        continue
      }
      // What is followed by something goes with the comma behind it.
      if let first = pending {
        ranges.append(entries[first].lowerBound..<entries[index].lowerBound)
      }
      pending = nil
      lastKept = index
    }
    guard let first = pending, let last = entries.last else { return }
    // At the end it goes with the comma before it.
    let start = lastKept.map { entries[$0].upperBound } ?? entries[first].lowerBound
    ranges.append(start..<last.upperBound)
  }

  /// What is left of the line.
  func applied(to line: Line) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(line.count)
    var at = 0
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      line.append(at..<range.lowerBound, to: &output)
      at = range.upperBound
    }
    line.append(at..<line.count, to: &output)
    return output
  }
}
