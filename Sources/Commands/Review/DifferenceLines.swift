/// A difference of two contents in lines: `-` what was approved, `+` what waits.
enum DifferenceLines {
  static func of(before: [UInt8], after: [UInt8], columns: Int, coloured: Bool) -> [String] {
    let old = BodyLines.of(before, columns: columns - 2)
    let new = BodyLines.of(after, columns: columns - 2)
    var removed: [Int: String] = [:]
    var added: [Int: String] = [:]
    for change in new.difference(from: old) {
      switch change {
      case .remove(let offset, let element, _): removed[offset] = element
      case .insert(let offset, let element, _): added[offset] = element
      }
    }
    var lines: [String] = []
    var (left, right) = (0, 0)
    while left < old.count || right < new.count {
      if let line = removed[left] {
        lines.append("- " + line)
        left += 1
      } else if let line = added[right] {
        lines.append("+ " + line)
        right += 1
      } else {
        lines.append("  " + old[left])
        left += 1
        right += 1
      }
    }
    return lines
  }
}
