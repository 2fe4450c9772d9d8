import FilterCompiler
import Glibc
import Testing

@testable import SystemCallFilter

/// A witnessed filter asks where the ordinary one refuses, and is otherwise the same program.
@Suite struct WitnessedFilterTests {
  struct Changed: Sendable, CustomTestStringConvertible {
    let base: FilterBase
    let allow: [String]
    let deny: [String]
    var testDescription: String { "\(base) +\(allow) -\(deny)" }

    func program() throws -> FilterProgram { try .server(base, allow: allow, deny: deny) }
  }

  static let filters = [
    Changed(base: .standard, allow: [], deny: []),
    Changed(base: .strict, allow: [], deny: []),
    Changed(base: .standard, allow: ["ptrace", "socket"], deny: ["openat", "mknod"]),
  ]
  static let observed: [Int32] = ["openat", "execve", "connect", "statx"].compactMap {
    FilterProgram.number(of: $0)
  }

  static let decidedByArguments = Set(
    Filter.server.groups.filter { if case .match = $0.decision { true } else { false } }
      .flatMap(\.calls).compactMap { FilterProgram.number(of: $0) })

  /// Arguments at and around what the filters compare.
  static func arguments(of number: Int32) -> [[UInt64]] {
    decidedByArguments.contains(number)
      ? many : [[0, 0, 0, 0, 0, 0], [1 << 32 | 40, 8, 6, 1, 1, 1]]
  }

  private static let many: [[UInt64]] =
    [0, 1, 2, 3, 8, 10, 16, 35, 40, 47, 0x5412, 0x1000_0011, 0x6000, 0x40_0000, 1 << 32 | 40]
    .flatMap { first in
      [0, 1, 3, 8, 0x5412, 0x6000, 1 << 32 | 3].flatMap { second in
        [0, 6, 26, 60, 0x6000].map { third in [first, second, third, 0, 0, 0] }
      }
    }

  @Test(arguments: filters)
  func itAsksWhereTheOrdinaryOneRefusesAndNowhereElse(_ changed: Changed) throws {
    let ordinary = try changed.program()
    let witnessed = ordinary.witnessed(observing: Self.observed)
    #expect(witnessed.words.count <= 4096)
    for number in Int32(0)..<500 {
      let wrong = Self.arguments(of: number).first { arguments in
        let before = ordinary.answer(
          number: number, architecture: FilterProgram.architecture, arguments: arguments)
        let after = witnessed.answer(
          number: number, architecture: FilterProgram.architecture, arguments: arguments)
        let expected: FilterAnswer =
          switch before {
          case .errno: .notify
          case .allow: Self.observed.contains(number) ? .notify : .allow
          case .end, .notify: before
          }
        return after != expected
      }
      #expect(wrong == nil, "call \(number)")
    }
  }

  @Test func whatEndsAProcessStillDoes() throws {
    let witnessed = FilterProgram.server.witnessed(observing: Self.observed)
    for number in Self.observed + [39, 0x4000_0027] {
      let foreign = witnessed.answer(
        number: number, architecture: 0x4000_0003, arguments: [0, 0, 0, 0, 0, 0])
      #expect(foreign == .end)
    }
    #if arch(x86_64)
      let x32 = witnessed.answer(
        number: 0x4000_0027, architecture: FilterProgram.architecture,
        arguments: [0, 0, 0, 0, 0, 0])
      #expect(x32 == .end)
    #endif
  }

  /// The tests' own machine reads the programs apart from the one that the witness uses.
  @Test func twoMachinesReadAProgramAlike() {
    for filter in [FilterProgram.server, .strict] {
      let machine = FilterMachine(words: filter.words)
      for number in Int32(0)..<500 {
        let wrong = Self.arguments(of: number).first { arguments in
          let ours = filter.answer(
            number: number, architecture: FilterProgram.architecture, arguments: arguments)
          let theirs = machine.verdict(
            architecture: FilterProgram.architecture, number: number, arguments: arguments)
          return switch (ours, theirs) {
          case (.allow, .allow), (.end, .killProcess): false
          case (.errno(let code), .errno(let other)): code != Int32(other)
          default: true
          }
        }
        #expect(wrong == nil, "call \(number)")
      }
    }
  }

  struct Named: Sendable, CustomTestStringConvertible {
    let call: String
    let arguments: [UInt64]
    let text: String
    var testDescription: String { text }
  }

  static let names = [
    Named(call: "io_uring_setup", arguments: [], text: "io_uring_setup"),
    Named(call: "ptrace", arguments: [16, 1], text: "ptrace"),
    Named(call: "socket", arguments: [40, 1, 0], text: "socket(AF_VSOCK)"),
    Named(call: "socket", arguments: [1 << 32 | 40, 1, 0], text: "socket(AF_VSOCK)"),
    Named(call: "socket", arguments: [2, 3, 1], text: "socket(AF_INET, SOCK_RAW)"),
    Named(
      call: "socket", arguments: [16, 3, 6], text: "socket(AF_NETLINK, NETLINK_XFRM)"),
    Named(call: "socket", arguments: [99], text: "socket(0x63)"),
    Named(call: "clone", arguments: [0x5000_0011], text: "clone(CLONE_NEWUSER|CLONE_NEWNET)"),
    Named(call: "ioctl", arguments: [0, 0x5412], text: "ioctl(TIOCSTI)"),
    Named(
      call: "seccomp", arguments: [1, 8],
      text: "seccomp(SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER)"),
    Named(call: "personality", arguments: [0x40_0000], text: "personality(0x400000)"),
  ]

  @Test(arguments: names)
  func aRefusedCallIsNamedWithWhatDecided(_ named: Named) throws {
    let number = try #require(FilterProgram.number(of: named.call))
    let arguments = named.arguments + Array(repeating: 0, count: 6 - named.arguments.count)
    let examined = ExaminedArguments(allow: [], deny: [])
    #expect(
      CallDescription.text(of: number, examined.deciding(number, arguments)) == named.text)
  }

  @Test func aNumberWithoutANameIsToldAsSuch() {
    #expect(CallDescription.name(of: 12345) == "system call 12345")
    #expect(CallDescription.name(of: -5) == "system call -5")
  }
}
