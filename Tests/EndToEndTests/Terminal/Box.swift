import Foundation

/// Whether a screen that was drawn is what Cordon meant it to be.
enum Box {
  /// What is wrong with a screen of `cordon review`, nothing where all is well.
  ///
  /// - Parameter title: how the first line begins; it, the status and the keys below are Cordon's
  ///   alone, and everything else stands behind a margin.
  static func faults(_ screen: String, title: String, columns: Int) -> [String] {
    var faults: [String] = []
    var lines = screen.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    while lines.last?.isEmpty == true { lines.removeLast() }
    if lines.first?.hasPrefix(title) != true { faults.append("no title") }
    let keys = lines.lastIndex { $0.hasPrefix("a approve") }
    if lines.count(where: { $0.hasPrefix("a approve") }) != 1 {
      faults.append("not one row of keys")
    }
    for line in lines[1..<max(1, (keys ?? 1) - 1)] where !line.isEmpty && !line.hasPrefix("  ") {
      faults.append("outside the margin: \(line)")
    }
    for line in lines {
      if width(line) >= columns { faults.append("outside the box: \(line)") }
      for scalar in line.unicodeScalars where isHidden(scalar) {
        faults.append("U+\(String(scalar.value, radix: 16)) on the screen: \(line)")
      }
    }
    return faults
  }

  /// As the widest terminal would draw it.
  static func width(_ line: String) -> Int {
    line.unicodeScalars.reduce(0) { sum, scalar in
      if scalar.isASCII || "‹›⟦⟧".unicodeScalars.contains(scalar) { return sum + 1 }
      return sum + (scalar.properties.generalCategory == .nonspacingMark ? 0 : 2)
    }
  }

  static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F }
    if scalar.properties.isDefaultIgnorableCodePoint || scalar.properties.isBidiControl {
      return true
    }
    // Hebrew, Arabic and the other blocks that are written from right to left.
    if (0x590...0x8FF).contains(scalar.value) || (0xFB1D...0xFDFF).contains(scalar.value) {
      return true
    }
    switch scalar.properties.generalCategory {
    case .control, .format, .privateUse, .unassigned, .surrogate, .lineSeparator,
      .paragraphSeparator, .spaceSeparator:
      return true
    default: return false
    }
  }
}
