/// Bytes from a host or a server in what Cordon writes to stderr.
enum VisibleText {
  /// A terminal may be at the other end: what could draw on it becomes visible instead.
  static func ascii(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes {
      if byte < 0x20 || byte >= 0x7F {
        text += [UInt8(ascii: "\\"), UInt8(ascii: "x")]
        text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      } else {
        text.append(byte)
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
