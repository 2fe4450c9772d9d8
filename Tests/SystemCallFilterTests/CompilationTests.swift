import FilterCompiler
import SystemCallFilter
import Testing

/// The compiled programs say what the data says, on both architectures.
@Suite struct CompilationTests {
  static let tokens: [Architecture: UInt32] = [.x86_64: 0xC000_003E, .aarch64: 0xC000_00B7]
  static let others: [UInt32] = [0x4000_0003, 0x4000_0028]  // i386, arm

  private func expected(_ action: Action) -> FilterMachine.Verdict {
    switch action {
    case .allow: .allow
    case .errno(let code): .errno(UInt32(code))
    case .killProcess: .killProcess
    }
  }

  /// Values at and around everything that the decision compares with, with and without upper bits.
  private func samples(_ decision: Decision) -> [[UInt64]] {
    var values: [[UInt64]] = Array(repeating: [0, 1, 0x5A5A_5A5A, 0xFFFF_FFFF], count: 6)
    func collect(_ decision: Decision) {
      guard case .match(let argument, let mask, let cases, let rest) = decision else { return }
      for value in cases.flatMap(\.values) {
        values[Int(argument)] += [
          UInt64(value), UInt64(value ^ 1), UInt64(value) << 32, UInt64(value) | 1 << 32,
          UInt64(value) | UInt64(~mask), UInt64(value ^ (mask & (~mask &+ 1))),
        ]
      }
      for bit in 0..<32 where mask != .max { values[Int(argument)].append(1 << UInt64(bit)) }
      cases.forEach { collect($0.decision) }
      collect(rest)
    }
    collect(decision)
    var samples: [[UInt64]] = []
    for first in Set(values[0]) {
      for second in Set(values[1]) {
        for third in Set(values[2]) { samples.append([first, second, third, 0, 0, 0]) }
      }
    }
    return samples
  }

  @Test(arguments: Filter.all, Architecture.allCases)
  func programMatchesData(_ filter: Filter, _ architecture: Architecture) throws {
    let machine = FilterMachine(words: try filter.compile(for: architecture))
    let token = try #require(Self.tokens[architecture])
    for group in filter.groups {
      let samples = samples(group.decision)
      for call in group.calls {
        guard let number = SystemCallNames.number(of: call, on: architecture) else { continue }
        let wrong = samples.first { arguments in
          machine.verdict(architecture: token, number: number, arguments: arguments)
            != expected(group.decision.action(for: arguments))
        }
        #expect(wrong == nil, "\(call) on \(architecture)")
      }
    }
  }

  @Test(arguments: Filter.all, Architecture.allCases)
  func everythingElseFallsBack(_ filter: Filter, _ architecture: Architecture) throws {
    let machine = FilterMachine(words: try filter.compile(for: architecture))
    let token = try #require(Self.tokens[architecture])
    let named = Set(
      filter.groups.flatMap(\.calls).compactMap {
        SystemCallNames.number(of: $0, on: architecture)
      })
    let zeros = [UInt64](repeating: 0, count: 6)
    for number in Int32(0)..<600 where !named.contains(number) {
      #expect(
        machine.verdict(architecture: token, number: number, arguments: zeros)
          == expected(filter.fallback), "number \(number)")
    }
  }

  @Test(arguments: Filter.all, Architecture.allCases)
  func foreignABIEndsTheProcess(_ filter: Filter, _ architecture: Architecture) throws {
    let machine = FilterMachine(words: try filter.compile(for: architecture))
    let zeros = [UInt64](repeating: 0, count: 6)
    let own = try #require(Self.tokens[architecture])
    for other in Self.others + Self.tokens.values.filter({ $0 != own }) {
      for number in [Int32(0), 39, 172, 462] {
        #expect(
          machine.verdict(architecture: other, number: number, arguments: zeros) == .killProcess)
      }
    }
    guard architecture == .x86_64 else { return }
    // x32: the same architecture token, numbers from 0x40000000 on.
    for number in [Int32(0), 39, 462, 512, 547] {
      #expect(
        machine.verdict(architecture: own, number: number | 0x4000_0000, arguments: zeros)
          == .killProcess)
    }
  }

  @Test(arguments: Filter.all)
  func everyNameExistsSomewhere(_ filter: Filter) {
    for call in filter.groups.flatMap(\.calls) {
      let numbers = Architecture.allCases.compactMap { SystemCallNames.number(of: call, on: $0) }
      #expect(!numbers.isEmpty, "\(call)")
    }
  }

  @Test(arguments: Filter.all)
  func everyNameStandsOnce(_ filter: Filter) {
    let calls = filter.groups.flatMap(\.calls)
    let repeated = Dictionary(grouping: calls) { $0 }.filter { $0.value.count > 1 }.keys
    #expect(repeated.isEmpty)
  }

  @Test func builtProgramsAreTheCompiledOnes() throws {
    #expect(FilterProgram.server.words == (try Filter.server.compile(for: .current)))
    #expect(FilterProgram.strict.words == (try Filter.strict.compile(for: .current)))
    #expect(FilterProgram.relay.words == (try Filter.relay.compile(for: .current)))
    #expect(FilterProgram.initProcess.words == (try Filter.initProcess.compile(for: .current)))
  }

  @Test(arguments: Filter.all, Architecture.allCases)
  func fitsTheKernel(_ filter: Filter, _ architecture: Architecture) throws {
    #expect(try filter.compile(for: architecture).count <= 1_024)  // the kernel's bound is 4096
  }
}
