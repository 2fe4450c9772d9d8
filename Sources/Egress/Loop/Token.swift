/// What an event of the loop is about.
enum Token: Equatable {
  case control
  case listener(Int)
  /// A connection's socket inside, and one outside: the slot, and the socket's serial number.
  case inside(Int, UInt32)
  case outside(Int, UInt32)
  /// A question for names over TCP.
  case question(UInt32)
  case resolver

  /// 8 bits for the kind, 24 for the slot, 32 for the serial number.
  var raw: UInt64 {
    switch self {
    case .control: 0
    case .listener(let index): 1 << 56 | UInt64(index)
    case .inside(let slot, let serial): 2 << 56 | UInt64(slot) << 32 | UInt64(serial)
    case .outside(let slot, let serial): 3 << 56 | UInt64(slot) << 32 | UInt64(serial)
    case .question(let serial): 4 << 56 | UInt64(serial)
    case .resolver: 5 << 56
    }
  }

  init(raw: UInt64) {
    let slot = Int(raw >> 32 & 0xFF_FFFF)
    let serial = UInt32(truncatingIfNeeded: raw)
    switch raw >> 56 {
    case 1: self = .listener(Int(serial))
    case 2: self = .inside(slot, serial)
    case 3: self = .outside(slot, serial)
    case 4: self = .question(serial)
    case 5: self = .resolver
    default: self = .control
    }
  }
}
