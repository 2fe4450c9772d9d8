import Foundation
import Testing

extension EgressTests {
  /// Real clients reach what is allowed, without a setting that says how, and nothing else.
  ///
  /// What they are told is whom to trust: Node.js and httpx bring authorities of their own.
  @Suite struct Clients {
    struct Client {
      let name: String
      let allowed: [String]
      let denied: [String]
      /// What only the world can have said.
      let words: String

      init(
        _ name: String, saying words: String, to host: String = "api.ground.test",
        _ command: (String) -> [String]
      ) {
        self.name = name
        self.words = words
        allowed = command(host)
        denied = command("denied.ground.test")
      }
    }

    static let grants = [
      "api.ground.test:443", "api.ground.test:80", "git.ground.test:443", "git.ground.test:22",
      "db.ground.test:5432", "cache.ground.test:6379", "localhost:5433",
    ]

    static func clients(_ folder: String) -> [Client] {
      let scripts = EgressGround.clients
      let made = ProgramTests.made
      let authorities = "NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt"
      let hello = "world: api.ground.test\n"
      func node(_ way: String) -> (String) -> [String] {
        {
          [
            "/usr/bin/env", authorities, made + "/node-20", scripts + "/client.mjs", way,
            "https://\($0)/hello",
          ]
        }
      }
      func git(_ url: String, _ host: String) -> [String] {
        ["/bin/sh", scripts + "/git.sh", url, folder + "/ssh/client", folder + "/ssh/known"]
      }
      return [
        Client("urllib", saying: hello) {
          [Places.python, scripts + "/client.py", "urllib", "https://\($0)/hello"]
        },
        Client("httpx", saying: hello) {
          [
            Places.environments + "/sdk1/bin/python", scripts + "/client.py", "httpx",
            "https://\($0)/hello",
          ]
        },
        Client("Node.js fetch", saying: hello, node("fetch")),
        Client("Node.js https", saying: hello, node("https")),
        Client("Go net/http", saying: hello) {
          [made + "/network-go", "fetch", "https://\($0)/hello"]
        },
        Client("curl", saying: hello) {
          ["/usr/bin/curl", "--silent", "--show-error", "--fail", "https://\($0)/hello"]
        },
        Client("curl, HTTP", saying: hello) {
          ["/usr/bin/curl", "--silent", "--show-error", "--fail", "http://\($0)/hello"]
        },
        Client("git over HTTPS", saying: "words of the world\n", to: "git.ground.test") {
          git("https://\($0)/git/words.git", $0)
        },
        Client("git over SSH", saying: "words of the world\n", to: "git.ground.test") {
          git("root@\($0):words.git", $0)
        },
        Client("psql", saying: "42\n", to: "db.ground.test") {
          [
            "/usr/bin/psql", "--host", $0, "--username", "server", "--no-psqlrc",
            "--tuples-only", "--no-align", "--command", "select 6 * 7", "postgres",
          ]
        },
        Client("redis-cli", saying: "words\n", to: "cache.ground.test") {
          ["/usr/bin/redis-cli", "-e", "-h", $0, "echo", "words"]
        },
        Client("the machine's loopback", saying: "machine\n", to: "localhost") {
          // The denied one asks for another port.
          [
            Places.python, scripts + "/reach.py", "--only",
            $0 == "localhost" ? "localhost 5433" : "localhost 8443",
          ]
        },
      ]
    }

    @Test func eachReachesWhatIsAllowedAndNothingElse() throws {
      let ground = try EgressGround()
      let clients = Self.clients(ground.folder)
      let outside = try ground.outside()
      for client in clients {
        let run = try outside.run(client.denied, seconds: 30)
        // The world has no key of that name's, which a client of SSH says after it connected.
        let reached = run.status == 0 || run.errors.contains("Host key verification failed")
        try #require(reached, "\(client.name) outside: \(run)")
      }
      try outside.leave()
      let inside = try ground.inside(allowing: Self.grants)
      let capture = try ground.captured {
        for client in clients {
          let allowed = try inside.run(client.allowed, seconds: 30)
          #expect(
            allowed.status == 0 && allowed.output == client.words, "\(client.name): \(allowed)")
          let denied = try inside.run(client.denied, seconds: 30)
          #expect(denied.status != 0 && denied.output.isEmpty, "\(client.name), denied: \(denied)")
        }
        try inside.leave()
      }
      let denied = capture.sent.filter { $0.contains("11.20.1.11") || $0.contains("::11 ") }
      #expect(denied == [])
      #expect(!capture.questions.contains { $0.contains("denied") })
      #expect(capture.sent.contains("tcp 11.20.1.14 6379"))
    }
  }
}
