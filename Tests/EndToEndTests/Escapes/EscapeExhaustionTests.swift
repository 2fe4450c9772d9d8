import Foundation
import Testing

extension EscapeTests {
  /// A server that takes without end. Outside nothing is tried: it would be the machine's.
  @Suite struct Exhaustion {
    /// What is taken, up to how many are allowed, and what says no.
    struct Case: Sendable, CustomTestStringConvertible {
      let what: String
      let most: Int
      let answer: String
      var testDescription: String { what }
    }

    static let cases = [
      Case(what: "processes", most: 256, answer: "EAGAIN"),
      Case(what: "threads", most: 256, answer: "EAGAIN"),
      Case(what: "temporary", most: 64, answer: "ENOSPC"),
      Case(what: "shared", most: 64, answer: "ENOSPC"),
      Case(what: "files", most: 65_536, answer: "ENOSPC"),
    ]

    /// The kernel does not hold UID 0 to RLIMIT_NPROC, whatever the namespace: root's own identity
    /// is not among these for processes.
    static let combinations = cases.flatMap { item in
      Contender.identities
        .filter {
          !Places.isRoot || $0 != .caller || !["processes", "threads"].contains(item.what)
        }
        .map { (item, $0) }
    }

    @Test(arguments: combinations)
    func aServerThatTakesWithoutEndIsStopped(_ item: Case, _ identity: Contender) throws {
      let ground = try Ground()
      let command = try identity.command(
        [ground.attempts, "exhaust", "what=\(item.what)"], named: "taking-\(item.what)",
        reading: [], on: ground)
      let run = try ground.host(command)
      let words = run.output.split(separator: "\n").last { $0.hasPrefix("exhausted") }?
        .split(separator: " ")
      let line = try #require(words, "\(run.output.suffix(400))")
      #expect(line.last == item.answer[...], "\(line)")
      #expect(try #require(Int(line[2])) <= item.most, "\(line)")
    }
  }
}
