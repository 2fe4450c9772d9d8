/// Documents by chance, but the same ones each time (splitmix64).
struct RandomDocuments: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Few keys, so that objects repeat them, in and out of order, short and long, with escapes.
  private static let keys = [
    "a", "b", "id", "name", "value", "sevenby", "eightbyt", "ninebytes", "a key of twenty bytes",
    #"\u0061"#, #"na\u006de"#, "", "é",
    "a long key, longer than those that are given a number: sixty-four bytes",
  ]

  mutating func value(_ depth: Int, into output: inout [UInt8]) {
    space(into: &output)
    switch Int.random(in: 0..<(depth > 0 ? 10 : 6), using: &self) {
    case 0: output += bytes(["true", "false", "null"].randomElement(using: &self) ?? "")
    case 1, 2:
      let numbers = ["0", "-1", "42", "736.81", "1e9", "-0.5E-3", "123456789012"]
      output += bytes(numbers.randomElement(using: &self) ?? "")
    case 3, 4, 5: string(into: &output)
    case 6, 7: elements(of: "[]", depth, into: &output) { $0.value(depth - 1, into: &$1) }
    default:
      elements(of: "{}", depth, into: &output) { random, output in
        output.append(UInt8(ascii: "\""))
        output += bytes(RandomDocuments.keys.randomElement(using: &random) ?? "")
        output.append(UInt8(ascii: "\""))
        random.space(into: &output)
        output.append(UInt8(ascii: ":"))
        random.value(depth - 1, into: &output)
      }
    }
    space(into: &output)
  }

  private mutating func elements(
    of brackets: String, _ depth: Int, into output: inout [UInt8],
    _ element: (inout RandomDocuments, inout [UInt8]) -> Void
  ) {
    let ends = bytes(brackets)
    output.append(ends[0])
    for index in 0..<Int.random(in: 0..<6, using: &self) {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      space(into: &output)
      element(&self, &output)
    }
    space(into: &output)
    output.append(ends[1])
  }

  private mutating func string(into output: inout [UInt8]) {
    output.append(UInt8(ascii: "\""))
    for _ in 0..<Int.random(in: 0..<4, using: &self) {
      output += Array(
        repeating: UInt8(ascii: "x"), count: Int.random(in: 0..<40, using: &self))
      let pieces = [#"\n"#, #"\""#, #"\\"#, #"\u00e9"#, "é", "中", "😀", "\u{2028}", ""]
      output += bytes(pieces.randomElement(using: &self) ?? "")
    }
    output.append(UInt8(ascii: "\""))
  }

  private mutating func space(into output: inout [UInt8]) {
    guard Int.random(in: 0..<12, using: &self) == 0 else { return }
    output += bytes([" ", "  ", "\t", "\r\n"].randomElement(using: &self) ?? "")
  }

  mutating func damage(_ source: inout [UInt8]) {
    guard !source.isEmpty else { return }
    let at = Int.random(in: 0..<source.count, using: &self)
    let wrong: [UInt8] = [
      0x22, 0x5C, 0x2C, 0x3A, 0x7B, 0x7D, 0x5B, 0x5D, 0x00, 0x0D, 0x80, 0xE2, 0x75,
    ]
    switch Int.random(in: 0..<5, using: &self) {
    case 0: source.remove(at: at)
    case 1: source[at] = wrong.randomElement(using: &self) ?? 0
    case 2: source.insert(wrong.randomElement(using: &self) ?? 0, at: at)
    case 3: source[at] ^= 1 << UInt8.random(in: 0..<8, using: &self)
    default: source.removeLast(source.count - at)
    }
  }
}
