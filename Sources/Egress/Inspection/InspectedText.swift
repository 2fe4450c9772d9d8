/// Text of protocols: ASCII, compared byte by byte.
extension Collection<UInt8> {
  /// The letters of ASCII in lower case.
  var lowercasedASCII: [UInt8] {
    map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
  }

  /// A host as a rule has it: in lower case, without the dot that ends a full name.
  var hostName: [UInt8] {
    var name = lowercasedASCII
    if name.count > 1, name.last == UInt8(ascii: ".") { name.removeLast() }
    return name
  }

  func isText(_ text: StaticString) -> Bool {
    text.withUTF8Buffer { unsafe elementsEqual($0) }
  }
}
