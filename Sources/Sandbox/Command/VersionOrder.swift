/// Version numbers as people order them: 3.9 before 3.10, 1.0rc1 before 1.0.
enum VersionOrder {
  static func isLower(_ left: String, _ right: String) -> Bool {
    let (a, b) = (parts(left), parts(right))
    for index in 0..<max(a.numbers.count, b.numbers.count) {
      let x = index < a.numbers.count ? a.numbers[index] : 0
      let y = index < b.numbers.count ? b.numbers[index] : 0
      if x != y { return x < y }
    }
    // What is the same up to here: a suffix (rc1, -beta, dev) makes it earlier.
    if a.suffix.isEmpty != b.suffix.isEmpty { return b.suffix.isEmpty }
    return a.suffix.utf8.lexicographicallyPrecedes(b.suffix.utf8)
  }

  /// Whether `version` is `wanted`, or begins with its numbers: 3.11 stands for 3.11.7.
  static func matches(_ version: String, _ wanted: String) -> Bool {
    let wanted = Array(wanted.utf8)
    let version = Array(version.utf8)
    guard version.starts(with: wanted) else { return false }
    return version.count == wanted.count || version[wanted.count] == UInt8(ascii: ".")
  }

  private static func parts(_ version: String) -> (numbers: [Int], suffix: String) {
    var numbers: [Int] = []
    var rest = version.utf8[...]
    if rest.first == UInt8(ascii: "v") { rest = rest.dropFirst() }
    while true {
      let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      guard !digits.isEmpty, let number = Int(String(decoding: digits, as: UTF8.self)) else {
        break
      }
      numbers.append(number)
      rest = rest.dropFirst(digits.count)
      guard rest.first == UInt8(ascii: ".") else { break }
      rest = rest.dropFirst()
    }
    return (numbers, String(decoding: rest, as: UTF8.self))
  }
}
