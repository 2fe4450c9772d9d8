/// Every server name that a receiver without scruples finds in a ClientHello: all entries of all the
/// lists, of whatever type, in records of whatever kind.
enum PlainHello {
  /// In lower case, without the dot that ends a full name.
  static func names(_ stream: ArraySlice<UInt8>) -> [[UInt8]] {
    var message: [UInt8] = []
    var rest = Array(stream)
    while rest.count >= 5 {
      let length = Int(rest[3]) << 8 | Int(rest[4])
      if rest[0] == 22 { message += rest.dropFirst(5).prefix(length) }
      rest = Array(rest.dropFirst(5 + length))
    }
    // Type, length, version, random; then session, ciphers, compression, extensions.
    var at = 4 + 2 + 32
    func number(_ width: Int) -> Int {
      var value = 0
      for offset in at..<at + width {
        value = value << 8 | (offset < message.count ? Int(message[offset]) : 0)
      }
      at += width
      return value
    }
    for width in [1, 2, 1] {
      let count = number(width)
      at += count
    }
    _ = number(2)
    var names: [[UInt8]] = []
    while at + 4 <= message.count {
      let type = number(2)
      let count = number(2)
      let end = at + count
      if type == 0 {
        _ = number(2)
        while at + 3 <= min(end, message.count) {
          _ = number(1)
          let length = number(2)
          let name = message.dropFirst(at).prefix(length)
          names.append(folded(name))
          at += length
        }
      }
      at = end
    }
    return names
  }

  private static func folded(_ name: ArraySlice<UInt8>) -> [UInt8] {
    let text = String(decoding: name, as: UTF8.self).lowercased()
    return Array((text.count > 1 && text.hasSuffix(".") ? text.dropLast() : text[...]).utf8)
  }
}
