import Foundation
import Testing

extension EgressTests {
  /// The shipped profiles for package runners: uvx and npx run inside and fetch a server from a
  /// registry, which this world's stands in for.
  @Suite struct Runners {
    struct Runner: Sendable, CustomTestStringConvertible {
      let profile: String
      let program: String
      /// Runners bring authorities of their own: this says whom to trust.
      let authorities: String
      /// Where its cache is, in the server's home.
      let cache: String
      let hosts: [String]
      var testDescription: String { profile }
    }

    static let runners = [
      Runner(
        profile: "uvx", program: Places.environments + "/uv/bin/uvx", authorities: "SSL_CERT_FILE",
        cache: "/home/server/.cache/uv/", hosts: ["files.pythonhosted.org", "pypi.org"]),
      Runner(
        profile: "npx", program: "npx", authorities: "NODE_EXTRA_CA_CERTS",
        cache: "/home/server/.npm/_npx/", hosts: ["registry.npmjs.org"]),
    ]

    @Test(arguments: runners)
    func fetchesAServerAndReachesNothingElse(_ runner: Runner) throws {
      let ground = try EgressGround()
      let scene = ground.scene
      // Others have run here before: no name is used twice.
      let package = "fetched-" + UUID().uuidString.prefix(8).lowercased()
      let made = try Finished.run(
        [
          Places.python, EgressGround.sources + "/Registry/make.py", ground.folder + "/www",
          package,
        ], environment: scene.environment)
      try #require(made.status == 0, "\(made.errors)")
      let argv = scene.run(
        "fetched",
        options: [
          "--profile", runner.profile, "--env",
          "\(runner.authorities)=/etc/ssl/certs/ca-certificates.crt",
        ], command: [runner.program, package])
      for start in ["first", "from the cache"] {
        let host = try Host(argv, in: scene)
        // Fetching is a matter of seconds, on a busy machine of more.
        try host.order("connect", ["era": "legacy", "seconds": 60])
        let words = try host.text(of: "say")
        #expect(words.hasPrefix("fetched into \(runner.cache)"), "\(start): \(words)")
        try host.leave()
      }
      let events = try scene.audit("fetched")
      let reached = events.filter { $0["event"].string == "egress" }
      #expect(Set(reached.compactMap { $0["name"].string }).sorted() == runner.hosts)
      #expect(reached.allSatisfy { $0["port"] == 443 })
      #expect(!events.contains { $0["event"].string == "egress-refused" }, "\(events)")
    }
  }
}
