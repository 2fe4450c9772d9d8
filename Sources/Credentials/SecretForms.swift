/// The shapes in which a secret's value can turn up in text.
enum SecretForms {
  /// Every form, each once, none shorter than a secret may be.
  static func all(of value: [UInt8]) -> Set<[UInt8]> {
    var forms: Set<[UInt8]> = [value]
    forms.formUnion(lines(of: value))
    forms.formUnion(escapedAsJSON(value))
    forms.formUnion(percentEncoded(value))
    forms.formUnion(base64(value))
    return forms.filter { $0.count >= Secret.minimumLength }
  }

  /// Programs print a key of several lines line by line. Its head and foot are no secret, and
  /// short lines too common.
  private static func lines(of value: [UInt8]) -> [[UInt8]] {
    let lines = value.split { $0 == 0x0A || $0 == 0x0D }.map(Array.init)
    guard lines.count > 1 else { return [] }
    return lines.filter { $0.count >= 8 && !$0.starts(with: "-----".utf8) }
  }

  /// As the common writers escape it: only what must be, with the slash too, and with everything
  /// outside ASCII as `\u`, in both cases of its digits.
  private static func escapedAsJSON(_ value: [UInt8]) -> [[UInt8]] {
    var plain: [UInt8] = []
    var slashed: [UInt8] = []
    for byte in value {
      let escape = jsonEscape(of: byte)
      plain += escape ?? [byte]
      slashed += escape ?? (byte == UInt8(ascii: "/") ? Array("\\/".utf8) : [byte])
    }
    guard let text = String(validating: value, as: UTF8.self) else { return [plain, slashed] }
    return [
      plain, slashed, escapedASCII(text, uppercase: false), escapedASCII(text, uppercase: true),
    ]
  }

  private static func escapedASCII(_ text: String, uppercase: Bool) -> [UInt8] {
    var output: [UInt8] = []
    for unit in text.utf16 {
      if unit < 0x80 {
        let byte = UInt8(truncatingIfNeeded: unit)
        output += jsonEscape(of: byte) ?? [byte]
      } else {
        let hex = String(unit, radix: 16, uppercase: uppercase)
        output += Array("\\u".utf8) + [UInt8](repeating: 0x30, count: 4 - hex.utf8.count) + hex.utf8
      }
    }
    return output
  }

  private static func jsonEscape(of byte: UInt8) -> [UInt8]? {
    switch byte {
    case UInt8(ascii: "\""): return Array("\\\"".utf8)
    case UInt8(ascii: "\\"): return Array("\\\\".utf8)
    case 0x0A: return Array("\\n".utf8)
    case 0x0D: return Array("\\r".utf8)
    case 0x09: return Array("\\t".utf8)
    case 0x08: return Array("\\b".utf8)
    case 0x0C: return Array("\\f".utf8)
    case 0..<0x20:
      let hex = String(byte, radix: 16)
      return Array("\\u00".utf8) + (hex.utf8.count == 1 ? [0x30] : []) + Array(hex.utf8)
    default: return nil
    }
  }

  /// RFC 3986, in both cases of its digits, with the slash kept or not, and with `+` for a space.
  private static func percentEncoded(_ value: [UInt8]) -> [[UInt8]] {
    var forms: [[UInt8]] = []
    for uppercase in [true, false] {
      for keepsSlash in [true, false] {
        for plus in [true, false] {
          forms.append(
            percentEncoded(value, uppercase: uppercase, keepsSlash: keepsSlash, plus: plus))
        }
      }
    }
    return forms
  }

  private static func percentEncoded(
    _ value: [UInt8], uppercase: Bool, keepsSlash: Bool, plus: Bool
  ) -> [UInt8] {
    var output: [UInt8] = []
    for byte in value {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        output.append(byte)
      case UInt8(ascii: "/") where keepsSlash: output.append(byte)
      case UInt8(ascii: " ") where plus: output.append(UInt8(ascii: "+"))
      default:
        let hex = String(byte, radix: 16, uppercase: uppercase)
        output += [UInt8(ascii: "%")] + (hex.utf8.count == 1 ? [0x30] : []) + Array(hex.utf8)
      }
    }
    return output
  }

  /// In both alphabets, and at each of the three places that the value can have in a longer text
  /// that was encoded as a whole (`user:password` is): there the digits that depend on the value
  /// alone. Where the value ends the text, the last digit and the padding go too.
  private static func base64(_ value: [UInt8]) -> [[UInt8]] {
    var forms: [[UInt8]] = []
    for alphabet in [standardAlphabet, urlAlphabet] {
      for before in 0..<3 {
        let length = before + value.count
        let digits = base64Digits([UInt8](repeating: 0, count: before) + value, alphabet)
        let first = (8 * before + 5) / 6
        let end = 8 * length / 6
        guard first < end else { continue }
        let ending = Array(digits[first...])
        let padding = [UInt8](repeating: UInt8(ascii: "="), count: (3 - length % 3) % 3)
        forms += [Array(digits[first..<end]), ending, ending + padding]
      }
    }
    // Fewer digits occur by chance.
    return forms.filter { $0.count >= 6 }
  }

  private static let standardAlphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let urlAlphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  /// Without padding; the last digit's missing bits are zero.
  private static func base64Digits(_ bytes: [UInt8], _ alphabet: [UInt8]) -> [UInt8] {
    var digits: [UInt8] = []
    var bits: UInt32 = 0
    var held = 0
    for byte in bytes {
      bits = bits << 8 | UInt32(byte)
      held += 8
      while held >= 6 {
        held -= 6
        digits.append(alphabet[Int(bits >> UInt32(held) & 63)])
      }
    }
    if held > 0 { digits.append(alphabet[Int(bits << UInt32(6 - held) & 63)]) }
    return digits
  }
}
