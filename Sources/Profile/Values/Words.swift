extension String {
  /// Swift compares strings by canonical equivalence; what decides something here is compared by
  /// bytes.
  func hasSameBytes(as other: String) -> Bool {
    utf8.elementsEqual(other.utf8)
  }

  /// The first byte below 0x20, or DEL.
  var hasControlCharacter: Bool {
    utf8.contains { $0 < 0x20 || $0 == 0x7F }
  }

  /// Orders by bytes, which no locale and no normal form changes.
  func precedes(_ other: String) -> Bool {
    utf8.lexicographicallyPrecedes(other.utf8)
  }
}

extension UInt8 {
  var isLetter: Bool { (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self) }
  var isDigit: Bool { (0x30...0x39).contains(self) }
}
