import Foundation
import Testing

/// Attempts to get out of the sandbox. Each is first shown to succeed outside, in namespaces of the
/// test's own, and has to fail inside with the errno that its table names, whatever the identity;
/// beside Cordon its peers in the same run.
@Suite(.serialized, .enabled(if: Ground.programs != nil, Comment(rawValue: Ground.absent)))
enum EscapeTests {}

extension EscapeTests {
  @Suite struct SingleServer {
    let outcomes: Outcomes

    init() throws { outcomes = try Outcomes.made.get() }

    /// An attempt that fails everywhere proves nothing.
    @Test func everyAttemptSucceedsOutside() {
      for attempt in outcomes.attempts {
        let answer = outcomes.outside(attempt)
        #expect(attempt.isProved(by: answer), "\(attempt.name): \(answer)")
      }
    }

    @Test(arguments: Contender.cordon) func everyAttemptIsDenied(_ identity: Contender) {
      for attempt in outcomes.attempts {
        let answer = outcomes.inside(identity, attempt)
        #expect(
          attempt.expected(in: identity).contains(answer.word),
          "\(attempt.name) (\(attempt.what)): \(answer), not \(attempt.expected(in: identity))")
      }
    }

    /// Where nothing was granted after all, nothing would have been tried.
    @Test(arguments: ["outside-tcp", "outside-tcp6", "metadata"])
    func destinationsWereGranted(name: String) throws {
      let attempt = try #require(outcomes.attempts.first { $0.name == name })
      #expect(outcomes.inside(.separate, attempt).word == "ENETUNREACH")
      #expect(outcomes.inside(.egress, attempt).word == "ECONNRESET")
    }

    @Test func noPeerIsStricter() {
      for attempt in outcomes.attempts {
        for peer in Contender.peers where outcomes.inside(peer, attempt).isDenied {
          for identity in Contender.cordon {
            let answer = outcomes.inside(identity, attempt)
            #expect(answer.isDenied, "\(attempt.name): \(peer) denies it, \(identity) does not")
          }
        }
      }
    }

    /// A contender that answers nothing would look like one that denies everything.
    @Test(arguments: Contender.allCases) func everyAttemptWasMade(in contender: Contender) {
      for attempt in outcomes.attempts {
        #expect(outcomes.inside(contender, attempt) != .missing, "\(attempt.name)")
      }
    }

    /// The launcher (CVE-2019-5736), what was granted to read (CVE-2022-0847), and the host's own.
    @Test(arguments: Contender.cordon) func theHostsFilesAreAsBefore(_ identity: Contender) {
      #expect(outcomes.changed[identity] == [])
    }
  }
}
