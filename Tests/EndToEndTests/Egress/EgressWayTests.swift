import Foundation
import Testing

extension EgressTests {
  /// Every way out is tried, under a capture of all that leaves: outside each gets through and is seen
  /// in the capture; inside none gets through, and nothing is sent to what is not granted.
  @Suite struct Ways {
    /// One of each kind of rule: for TLS, for HTTP, a wildcard, names that lead astray, the loopback.
    static let grants =
      ["api.ground.test:443", "api.ground.test:80", "*.wild.ground.test:443", "localhost:5433"]
      + astray.map { $0 + ":8443" }
    static let astray =
      [
        "hosts-loopback", "other-loopback", "mapped-loopback", "any", "private10", "private172",
        "private192", "unique-local", "carrier", "metadata", "metadata-carrier", "metadata6",
        "benchmark", "documentation", "own", "neighbour", "nat64", "six-to-four", "teredo",
        "alias-metadata", "mixed",
      ].map { $0 + ".ground.test" }

    /// Where granted names lead. A capture that has anything else shows a leak.
    static let granted: Set<String> = [
      "tcp 11.20.1.10 443", "tcp 2a0e:c0d0:1::10 443", "tcp 11.20.1.10 80",
      "tcp 2a0e:c0d0:1::10 80", "tcp 11.20.1.30 443", "tcp 2a0e:c0d0:1::30 443",
      "tcp 11.20.1.30 8443", "udp 11.20.1.53 53", "tcp 11.20.1.53 53",
    ]
    static let loopback: Set<String> = ["tcp 127.0.0.1 5433", "tcp ::1 5433"]

    /// With both identities: what is tried outside is the same.
    @Test func noneLeadsOut() throws {
      let ground = try EgressGround()
      let ways = try EgressWay.list()
      #expect(ways.count >= 100)
      let outside = try ground.outside()
      var answers: [String: Answer] = [:]
      let before = try ground.captured { answers = try Self.tryAll(outside, "outside", ground) }
      try outside.leave()
      for way in ways {
        let answer = answers[way.name] ?? .missing
        #expect(way.isProved(by: answer), "\(way.name) outside: \(answer)")
        let isSeen = before.canaries.contains(way.name)
        #expect(
          isSeen == (way.isSeen && answer.isThrough), "\(way.name): in the capture: \(isSeen)")
      }
      for identity in ["separate", "caller"] { try Self.tryInside(ways, identity, ground) }
    }

    private static func tryInside(
      _ ways: [EgressWay], _ identity: String, _ ground: EgressGround
    ) throws {
      let turning = "turning-\(identity).ground.test"
      let inside = try ground.inside(
        named: identity, allowing: grants + [turning + ":8443"], options: ["--identity", identity])
      var answers: [String: Answer] = [:]
      let capture = try ground.captured {
        answers = try tryAll(inside, identity, ground)
        #expect(
          try inside.reach(["mixed.ground.test 8443", "localhost 5433"])
            == ["mixed.ground.test 8443": "world", "localhost 5433": "machine"])
        try inside.leave()
      }
      for way in ways {
        let answer = answers[way.name] ?? .missing
        #expect(
          way.expected.contains(answer.word),
          "\(identity), \(way.name) (\(way.what)): \(answer), not \(way.expected)")
      }
      #expect(capture.canaries == [])
      #expect(capture.sent.subtracting(granted) == [])
      #expect(capture.opened.subtracting(loopback) == [])
      // What granted names lead to was reached, or the capture would show nothing whatever happens.
      #expect(capture.sent.contains("tcp 11.20.1.30 8443"))
      #expect(!capture.opened.isEmpty)
      let names = Set(astray + [turning, "api.ground.test", "one.wild.ground.test"])
      #expect(capture.questions.subtracting(names) == [])
      #expect(capture.questions.contains("mixed.ground.test"))
    }

    /// Each new label below a wildcard can carry data. Asking for one sends nothing; and a minute has
    /// few.
    @Test func labelsBelowAWildcardAreFew() throws {
      let ground = try EgressGround()
      let inside = try ground.inside(allowing: ["*.wild.ground.test:443"])
      let capture = try ground.captured {
        let run = try inside.run([
          Places.python, "-c",
          """
          import socket
          found = 0
          for number in range(100):
              try:
                  socket.getaddrinfo(f"data{number}.wild.ground.test", 443)
                  found += 1
              except socket.gaierror:
                  pass
          print(found)
          """,
        ])
        let found = try #require(Int(run.lines.first ?? ""), "\(run)")
        #expect((1...30).contains(found))
        try inside.leave()
      }
      #expect(capture.sent == [])
      #expect(capture.questions == [])
    }

    private static func tryAll(
      _ place: ProgramPlace, _ name: String, _ ground: EgressGround
    ) throws -> [String: Answer] {
      let run = try place.run([
        Places.python, EgressGround.ways + "/ways.py", "try",
        "where=\(name == "outside" ? name : "inside")", "run=\(name)",
        "socket=\(ground.folder)/socket",
      ])
      guard run.output.hasSuffix("end\n") else {
        throw EgressGround.Failure(description: "\(name): \(run)")
      }
      return Answer.all(in: run.output)
    }
  }
}
