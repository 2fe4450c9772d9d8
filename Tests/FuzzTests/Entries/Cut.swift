/// A stream as it may arrive: in pieces whose sizes follow from one byte.
enum Cut {
  /// - Parameter seed: 0 for one piece, below 128 for small ones.
  static func pieces(_ stream: [UInt8], _ seed: UInt8) -> [ArraySlice<UInt8>] {
    var state = UInt64(seed)
    var rest = stream[...]
    var pieces: [ArraySlice<UInt8>] = []
    while !rest.isEmpty {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let size = seed == 0 ? rest.count : 1 + Int(state >> 33) % (seed < 128 ? 7 : 900)
      pieces.append(rest.prefix(size))
      rest = rest.dropFirst(size)
    }
    return pieces
  }
}
