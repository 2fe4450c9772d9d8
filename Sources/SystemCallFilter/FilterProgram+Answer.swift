import FilterCompiler

/// What a program says to one call.
public enum FilterAnswer: Hashable, Sendable {
  case allow
  case errno(Int32)
  /// The call waits for the answer of whoever holds the filter's listener.
  case notify
  /// The process or the thread ends, or the program is none that the kernel would take.
  case end
}

extension FilterProgram {
  /// Runs the program as the kernel does: classic BPF over `struct seccomp_data`.
  ///
  /// - Parameter arguments: six of them.
  public func answer(
    number: Int32, architecture: UInt32, instructionPointer: UInt64 = 0, arguments: [UInt64]
  ) -> FilterAnswer {
    var accumulator: UInt32 = 0
    var index = 0
    while index < words.count {
      let word = words[index]
      let yes = Int(word >> 16 & 0xFF)
      let no = Int(word >> 24 & 0xFF)
      let value = UInt32(word >> 32)
      index += 1
      switch Instruction(rawValue: UInt16(word & 0xFFFF)) {
      case .load:
        switch value {
        case 0: accumulator = UInt32(bitPattern: number)
        case 4: accumulator = architecture
        case 8: accumulator = UInt32(truncatingIfNeeded: instructionPointer)
        case 12: accumulator = UInt32(instructionPointer >> 32)
        default:
          let offset = Int(value) - 16
          guard offset >= 0, offset % 4 == 0, offset / 8 < arguments.count else { return .end }
          let argument = arguments[offset / 8]
          accumulator = UInt32(truncatingIfNeeded: offset % 8 == 0 ? argument : argument >> 32)
        }
      case .and: accumulator &= value
      case .jump: index += Int(value)
      case .jumpIfEqual: index += accumulator == value ? yes : no
      case .jumpIfGreater: index += accumulator > value ? yes : no
      case .jumpIfAtLeast: index += accumulator >= value ? yes : no
      case .jumpIfSet: index += accumulator & value != 0 ? yes : no
      case .give: return Self.answer(of: value)
      case nil: return .end
      }
    }
    return .end
  }

  private static func answer(of value: UInt32) -> FilterAnswer {
    switch value & 0xFFFF_0000 {
    case 0x7FFF_0000: .allow
    case 0x0005_0000: .errno(Int32(value & 0xFFFF))
    case notification: .notify
    default: .end
    }
  }

  /// SECCOMP_RET_USER_NOTIF
  static let notification: UInt32 = 0x7FC0_0000

  /// What libseccomp's programs, and those put before them, are made of: <linux/bpf_common.h>.
  enum Instruction: UInt16 {
    case load = 0x20
    case and = 0x54
    case jump = 0x05
    case jumpIfEqual = 0x15
    case jumpIfGreater = 0x25
    case jumpIfAtLeast = 0x35
    case jumpIfSet = 0x45
    case give = 0x06

    func word(_ value: UInt32, yes: Int = 0, no: Int = 0) -> UInt64 {
      UInt64(rawValue) | UInt64(UInt8(yes)) << 16 | UInt64(UInt8(no)) << 24 | UInt64(value) << 32
    }
  }
}
