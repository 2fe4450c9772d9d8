/// Runs a filter as the kernel would: classic BPF over `struct seccomp_data`.
struct FilterMachine {
  let words: [UInt64]

  enum Verdict: Hashable { case allow, errno(UInt32), killProcess, killThread, invalid }

  func verdict(architecture: UInt32, number: Int32, arguments: [UInt64]) -> Verdict {
    var data = [UInt32(bitPattern: number), architecture, 0, 0]
    for argument in arguments {
      data += [UInt32(truncatingIfNeeded: argument), UInt32(argument >> 32)]
    }
    var accumulator: UInt32 = 0
    var index = 0
    while index < words.count {
      let word = words[index]
      let yes = Int(word >> 16 & 0xFF)
      let no = Int(word >> 24 & 0xFF)
      let value = UInt32(word >> 32)
      index += 1
      switch word & 0xFFFF {
      case 0x20: accumulator = data[Int(value) / 4]
      case 0x54: accumulator &= value
      case 0x05: index += Int(value)
      case 0x15: index += accumulator == value ? yes : no
      case 0x25: index += accumulator > value ? yes : no
      case 0x35: index += accumulator >= value ? yes : no
      case 0x06: return Self.verdict(of: value)
      default: return .invalid
      }
    }
    return .invalid
  }

  private static func verdict(of value: UInt32) -> Verdict {
    switch value & 0xFFFF_0000 {
    case 0x7FFF_0000: .allow
    case 0x0005_0000: .errno(value & 0xFFFF)
    case 0x8000_0000: .killProcess
    case 0: .killThread
    default: .invalid
    }
  }
}
