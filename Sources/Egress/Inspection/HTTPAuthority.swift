import Control

/// Whom a request may be for.
struct HTTPAuthority {
  let names: [[UInt8]]
  let port: UInt16

  /// `host`, `host:port`, `[address]` or `[address]:port`; white space is not part of it.
  ///
  /// - Throws: `host` with the text, where that is any other.
  func check(_ text: ArraySlice<UInt8>) throws(Objection) {
    guard isRight(text) else { throw Objection(.host, Array(text.prefix(255))) }
  }

  private func isRight(_ text: ArraySlice<UInt8>) -> Bool {
    var host = text
    // In brackets colons are the address's own.
    let end = text.first == UInt8(ascii: "[") ? text.firstIndex(of: UInt8(ascii: "]")) : nil
    if let colon = text[(end ?? text.startIndex)...].firstIndex(of: UInt8(ascii: ":")) {
      let digits = text[colon...].dropFirst()
      guard digits.elementsEqual(String(port).utf8) else { return false }
      host = text[..<colon]
    }
    if let end {
      guard host.last == UInt8(ascii: "]"), host.endIndex == end + 1 else { return false }
      host = host.dropFirst().dropLast()
      return host.contains(UInt8(ascii: ":")) && names.contains(host.lowercasedASCII)
    }
    return !host.contains(UInt8(ascii: ":")) && names.contains(host.hostName)
  }
}
