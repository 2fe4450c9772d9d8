/// Domain names as DNS messages have them (RFC 1035, 3.1 and 4.1.4).
enum NameReader {
  /// Bytes of a name on the wire, its length bytes and the root's included (RFC 1035, 2.3.4).
  static let longest = 255

  /// The labels of the name that begins at `offset`, which is moved behind it.
  ///
  /// - Parameter allowsPointers: a name of a question that stands alone needs none.
  /// - Returns: nil for a name that runs over the end, that is too long, or whose pointers do not all
  ///   lead further back: following them ends.
  static func labels(
    of message: [UInt8], at offset: inout Int, allowsPointers: Bool
  ) -> [ArraySlice<UInt8>]? {
    var labels: [ArraySlice<UInt8>] = []
    var position = offset
    /// Every pointer leads before the place where the part of the name began that it ends.
    var partStart = offset
    var hasJumped = false
    var length = 1
    while position < message.count {
      let byte = message[position]
      switch byte >> 6 {
      case 0:
        let end = position + 1 + Int(byte)
        if byte == 0 {
          if !hasJumped { offset = end }
          return labels
        }
        length += 1 + Int(byte)
        guard end <= message.count, length <= longest else { return nil }
        labels.append(message[(position + 1)..<end])
        position = end
      case 3:
        guard allowsPointers, position + 1 < message.count else { return nil }
        let target = Int(byte & 0x3F) << 8 | Int(message[position + 1])
        guard target < partStart else { return nil }
        if !hasJumped { offset = position + 2 }
        hasJumped = true
        partStart = target
        position = target
      default: return nil
      }
    }
    return nil
  }

  /// The name as rules have it, in lower case. Nil where a label holds a byte that no host's name
  /// has: a dot inside a label would make it read as another name.
  static func plain(_ labels: [ArraySlice<UInt8>]) -> [UInt8]? {
    var name: [UInt8] = []
    for label in labels {
      if !name.isEmpty { name.append(UInt8(ascii: ".")) }
      for byte in label {
        let lower = lowered(byte)
        switch lower {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
          UInt8(ascii: "-"), UInt8(ascii: "_"):
          name.append(lower)
        default: return nil
        }
      }
    }
    return name
  }

  /// The name for a person: what no host's name has as `\DDD` (RFC 1035, 5.1).
  static func text(_ labels: [ArraySlice<UInt8>]) -> [UInt8] {
    var name: [UInt8] = []
    for label in labels {
      if !name.isEmpty { name.append(UInt8(ascii: ".")) }
      for byte in label {
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: "\\"), 0...0x20, 0x7F...0xFF:
          let digits = [byte / 100, byte / 10 % 10, byte % 10].map { UInt8(ascii: "0") + $0 }
          name += [UInt8(ascii: "\\")] + digits
        default: name.append(lowered(byte))
        }
      }
    }
    return name
  }

  /// A name as the wire has it; nil for one that has no such form.
  static func wire(_ name: [UInt8]) -> [UInt8]? {
    var bytes: [UInt8] = []
    for label in name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
      guard (1...63).contains(label.count) else { return nil }
      bytes.append(UInt8(label.count))
      bytes += label
    }
    bytes.append(0)
    return bytes.count <= longest ? bytes : nil
  }

  static func lowered(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }
}
