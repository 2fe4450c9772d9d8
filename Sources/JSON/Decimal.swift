/// The digits and the exponent of a number's text: 0.d₁d₂d₃… × 10^point, without zeros at either end.
struct Decimal: Equatable {
  let isNegative: Bool
  let digits: [UInt8]
  let point: Int

  /// Reads a JSON number, or what Swift prints for a finite double.
  init(_ text: [UInt8]) {
    var digits: [UInt8] = []
    var point = 0
    var exponent = 0
    var isExponentNegative = false
    var seenPeriod = false
    var seenExponent = false
    for byte in text.first == Ascii.minus ? text.dropFirst() : text[...] {
      switch byte {
      case Ascii.period: seenPeriod = true
      case UInt8(ascii: "e"), UInt8(ascii: "E"): seenExponent = true
      case Ascii.minus: isExponentNegative = true
      case Ascii.plus: break
      default:
        if seenExponent {
          // Far outside any double, and far from overflow.
          exponent = min(exponent &* 10 &+ Int(byte &- Ascii.zero), 1 << 40)
        } else {
          if !digits.isEmpty || byte != Ascii.zero {
            digits.append(byte)
            if !seenPeriod { point &+= 1 }
          } else if seenPeriod {
            point &-= 1
          }
        }
      }
    }
    while digits.last == Ascii.zero { digits.removeLast() }
    self.digits = digits
    self.point = digits.isEmpty ? 0 : point &+ (isExponentNegative ? -exponent : exponent)
    // ECMAScript prints both zeros alike.
    isNegative = !digits.isEmpty && text.first == Ascii.minus
  }

  /// ECMAScript's Number::toString, which RFC 8785 takes over.
  func writeAsECMAScript(to output: inout [UInt8]) {
    if digits.isEmpty {
      output.append(Ascii.zero)
      return
    }
    if isNegative { output.append(Ascii.minus) }
    switch point {
    case digits.count...max(digits.count, 21) where point <= 21:
      output += digits
      output += repeatElement(Ascii.zero, count: point - digits.count)
    case 1...21:
      output += digits[..<point]
      output.append(Ascii.period)
      output += digits[point...]
    case -5...0:
      output += [Ascii.zero, Ascii.period]
      output += repeatElement(Ascii.zero, count: -point)
      output += digits
    default:
      output.append(digits[0])
      if digits.count > 1 {
        output.append(Ascii.period)
        output += digits[1...]
      }
      output.append(UInt8(ascii: "e"))
      output.append(point > 0 ? Ascii.plus : Ascii.minus)
      output += Array(String(abs(point - 1)).utf8)
    }
  }
}
