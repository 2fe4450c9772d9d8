import Foundation
import Testing

extension EgressTests {
  /// Resolvers of every kind are told the same: an address pair that stands for an allowed name, and
  /// that any other name does not exist. What they say for one that does not answer is "failed".
  @Suite struct Resolvers {
    struct Resolver {
      let name: String
      let command: [String]
      /// Java looks for IPv6 in /proc/net, which is not shown, and goes on without.
      var hasIPv6 = true
    }

    static let resolvers: [Resolver] = {
      let scripts = EgressGround.clients
      let made = ProgramTests.made
      return [
        Resolver(
          name: "glibc, in Python", command: [Places.python, scripts + "/resolve.py"]),
        Resolver(name: "musl", command: [made + "/resolve-musl"]),
        Resolver(name: "Go", command: [made + "/network-go", "resolve"]),
        Resolver(
          name: "Node.js, lookup", command: [made + "/node-20", scripts + "/resolve.mjs", "lookup"]
        ),
        Resolver(
          name: "Node.js, c-ares",
          command: [made + "/node-20", scripts + "/resolve.mjs", "resolve"]
        ),
        Resolver(name: "Java", command: ["/usr/bin/java", "-cp", made, "Resolve"], hasIPv6: false),
      ]
    }()

    static let allowed = [
      "api.ground.test", "API.Ground.Test", "api.ground.test.", "one.wild.ground.test",
      "six.ground.test", "xn--bcher-kva.ground.test",
    ]
    static let denied = [
      "denied.ground.test", "wild.ground.test", "below.api.ground.test", "elsewhere.example",
      "ground.test", "test",
    ]
    static let grants = [
      "api.ground.test:443", "*.wild.ground.test:443", "six.ground.test:443",
      "bücher.ground.test:443",
    ]

    @Test func eachIsContent() throws {
      let ground = try EgressGround()
      let outside = try ground.outside()
      for resolver in Self.resolvers {
        // A name of the world's that nobody could know without asking it.
        let run = try outside.run(resolver.command + ["elsewhere.example"])
        let found = Self.answers(run)["elsewhere.example"]
        try #require(found == ["11.20.1.31", "2a0e:c0d0:1::31"], "\(resolver.name): \(run)")
      }
      try outside.leave()
      let inside = try ground.inside(allowing: Self.grants)
      var first: [String: Set<String>] = [:]
      for resolver in Self.resolvers {
        let run = try inside.run(resolver.command + Self.allowed + Self.denied)
        let answers = Self.answers(run)
        for name in Self.allowed {
          let found = answers[name] ?? []
          let addresses = resolver.hasIPv6 ? 2 : 1
          #expect(found.count == addresses, "\(resolver.name), \(name): \(found) \(run.errors)")
          #expect(found.count { !$0.contains(":") } == 1, "\(resolver.name), \(name): \(found)")
          // Whoever asks, however it is written.
          let key = name.lowercased().trimmingCharacters(in: ["."])
          #expect(found.isSubset(of: first[key, default: found]), "\(resolver.name), \(name)")
          first[key, default: []].formUnion(found)
        }
        for name in Self.denied {
          #expect(answers[name] == ["missing"], "\(resolver.name), \(name): \(run)")
        }
      }
      #expect(Set(first.values).count == first.count, "two names have one address: \(first)")
      try inside.leave()
    }

    /// `search` and `ndots` as programs set them for themselves: what they try first is answered at
    /// once, and what they mean is found.
    @Test func searchedDomainsAreTried() throws {
      let ground = try EgressGround()
      let inside = try ground.inside(allowing: Self.grants)
      let script = EgressGround.clients + "/resolve.py"
      let run = try inside.run(
        [
          "/usr/bin/env", "LOCALDOMAIN=corp.example wild.ground.test ground.test",
          "RES_OPTIONS=ndots:5", Places.python, script, "api", "api.ground.test", "one",
          "nothing.x",
        ])
      let answers = Self.answers(run)
      // Each below the first domain that allows it.
      #expect(answers["api"]?.count == 2, "\(run)")
      #expect(answers["api.ground.test"]?.count == 2, "\(run)")
      #expect(answers["one"]?.count == 2, "\(run)")
      #expect(answers["nothing.x"]?.count == 2, "\(run)")
      try inside.leave()
    }

    private static func answers(_ run: ProgramRun) -> [String: Set<String>] {
      var found: [String: Set<String>] = [:]
      for line in run.lines {
        let words = line.split(separator: " ").map(String.init)
        guard let name = words.first else { continue }
        found[name] = Set(words.dropFirst().map(plain))
      }
      return found
    }

    /// Java writes every group of an address.
    private static func plain(_ address: String) -> String {
      var bytes = in6_addr()
      guard address.contains(":"), unsafe inet_pton(AF_INET6, address, &bytes) == 1 else {
        return address
      }
      var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
      unsafe inet_ntop(AF_INET6, &bytes, &text, socklen_t(text.count))
      return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
  }
}
