import Foundation
import Testing

extension EgressTests {
  /// Rules of every form, in one profile: each lets through what it says, and no more.
  @Suite struct Rules {
    static let profile = """
      {
        "network": {
          "allow": [
            { "address": "11.20.3.0/24", "ports": [8443] },
            { "address": "2a0e:c0d0:3::/64", "ports": [8443] },
            { "host": "private10.ground.test", "ports": [8443], "private": true },
            { "host": "neighbour.ground.test", "ports": [8443], "private": true },
            { "host": "metadata.ground.test", "ports": [8443], "private": true },
            { "host": "hosts-loopback.ground.test", "ports": [8443], "private": true },
            { "host": "several.ground.test", "ports": [4444, 8443] },
            { "host": "every-port.ground.test", "ports": "any" },
            { "host": "*.wild.ground.test", "ports": [443, 8443] },
            { "host": "b\u{fc}cher.ground.test", "ports": [8443] },
            { "host": "six.ground.test", "ports": [8443] },
            { "host": "four.ground.test", "ports": [8443] },
            { "host": "alias.ground.test", "ports": [8443] },
            { "host": "large.ground.test", "ports": [8443] },
            { "host": "closed.ground.test", "ports": [4445] },
            { "host": "localhost", "ports": [5433] },
          ],
          "deny": ["denied.wild.ground.test", "several.ground.test:4444"],
        },
      }
      """

    static let reached: [String: String] = [
      "11.20.3.9 8443": "world", "2a0e:c0d0:3::9 8443": "world", "::ffff:11.20.3.9 8443": "world",
      "private10.ground.test 8443": "world", "neighbour.ground.test 8443": "world",
      "several.ground.test 8443": "world",
      "every-port.ground.test 25": "world", "every-port.ground.test 4444": "world",
      "one.wild.ground.test 443": "world", "a.one.wild.ground.test 8443": "world",
      "xn--bcher-kva.ground.test 8443": "world", "six.ground.test 8443": "world",
      "four.ground.test 8443": "world", "alias.ground.test 8443": "world",
      "large.ground.test 8443": "world", "localhost 5433": "machine", "127.0.0.1 5433": "machine",
      "::1 5433": "machine",
    ]
    static let refused = [
      "11.20.4.9 8443", "11.20.3.9 4444", "2a0e:c0d0:4::9 8443", "10.9.8.7 8443", "11.20.0.1 8443",
      "metadata.ground.test 8443", "hosts-loopback.ground.test 8443", "several.ground.test 4444",
      "several.ground.test 25", "wild.ground.test 8443", "denied.wild.ground.test 8443",
      "one.wild.ground.test 4444", "127.0.0.1 8443", "localhost 8443", "::1 8443",
    ]

    @Test func eachLetsThroughWhatItSays() throws {
      let ground = try EgressGround()
      let path = try ground.scene.write(Self.profile, to: "config/profiles/rules.jsonc")
      let inside = try ground.inside(allowing: [], options: ["--profile", path])
      #expect(try inside.reach(Array(Self.reached.keys)) == Self.reached)
      // It is granted, and nothing listens there.
      #expect(
        try inside.reach(["closed.ground.test 4445"]) == ["closed.ground.test 4445": "ECONNRESET"])
      for (place, answer) in try inside.reach(Self.refused) {
        let words: Set = ["ECONNREFUSED", "ECONNRESET", "closed", "missing"]
        #expect(words.contains(answer), "\(place): \(answer)")
      }
      try inside.leave()
    }
  }
}
