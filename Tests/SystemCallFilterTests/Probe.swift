import CProbes
import FilterCompiler
import Kernel
import SystemCallFilter
import Testing

/// A system call that a child makes.
struct Probe: Sendable, CustomTestStringConvertible {
  enum Outcome: Hashable, Sendable { case succeeded, failed(Errno), signal(Int32), lost }

  let name: String
  let arguments: [Int64]
  let note: String

  init(_ name: String, _ arguments: Int64..., note: String = "") {
    self.name = name
    self.arguments = arguments + Array(repeating: 0, count: 6 - arguments.count)
    self.note = note
  }

  var testDescription: String { note.isEmpty ? name : "\(name) (\(note))" }

  /// Makes the call in a child under `filter`, or under none.
  func run(under filter: FilterProgram?) throws -> Outcome {
    let number = try #require(SystemCallNames.number(of: name, on: .current))
    let words = filter?.words ?? []
    return outcome(of: unsafe probe_call(words, words.count, Int(number), arguments))
  }
}

func outcome(of result: probe_result) -> Probe.Outcome {
  if result.reached == 0 { return .lost }
  if result.signal != 0 { return .signal(result.signal) }
  return result.value == -1 ? .failed(Errno(result.error)) : .succeeded
}
