import CLinux
import FilterCompiler
public import Kernel

extension FilterProgram {
  /// The same filter for a launch with a witness: what this one refuses, and the calls in
  /// `observed`, wait for the witness's answer. What ends a process still does, and nothing that
  /// this filter refuses is allowed.
  ///
  /// Made from the compiled program and not compiled anew, so that the two cannot differ.
  ///
  /// - Parameter observed: numbers of calls; at most 250, as far as a jump reaches.
  public func witnessed(observing observed: [Int32]) -> FilterProgram {
    let numbers = observed.prefix(250)
    var words: [UInt64] = []
    if !numbers.isEmpty {
      // Ahead of the program itself: a call of this architecture's own that is observed.
      words = [
        Instruction.load.word(4),
        Instruction.jumpIfEqual.word(Self.architecture, no: numbers.count + 2),
        Instruction.load.word(0),
      ]
      for (index, number) in numbers.enumerated() {
        let isLast = index == numbers.count - 1
        words.append(
          Instruction.jumpIfEqual.word(
            UInt32(bitPattern: number), yes: numbers.count - 1 - index, no: isLast ? 1 : 0))
      }
      words.append(Instruction.give.word(Self.notification))
    }
    return FilterProgram(words: words + self.words.map(Self.asked))
  }

  /// An instruction that refuses becomes one that asks.
  private static func asked(_ word: UInt64) -> UInt64 {
    let isRefusal =
      UInt16(word & 0xFFFF) == Instruction.give.rawValue
      && UInt32(word >> 32) & 0xFFFF_0000 == 0x0005_0000
    return isRefusal ? Instruction.give.word(notification) : word
  }

  /// Whether this kernel has notifications as a witness needs them: Linux 5.19.
  public static var canBeWitnessed: Bool { clinux_can_listen() == 1 }

  /// Confines the calling thread as `install` does.
  ///
  /// - Returns: the descriptor of the filter's notifications, close-on-exec.
  /// - Throws: `EBUSY` where a filter of this process has a listener already.
  public func listen() throws(SystemError) -> OwnedDescriptor {
    let raw = try check("seccomp", "listener, \(words.count) instructions") {
      unsafe clinux_seccomp_listen(words, words.count)
    }
    return OwnedDescriptor(owning: raw)
  }

  /// AUDIT_ARCH_* of this machine, as a notification carries it.
  public static var architecture: UInt32 { Architecture.current.token }

  /// The number of a call; nil where this architecture has none of the name.
  public static func number(of call: String) -> Int32? {
    SystemCallNames.number(of: call, on: .current)
  }

  /// For the witness of a verbose launch.
  public static var witness: FilterProgram { FilterProgram(words: CompiledFilters.witness) }
}
