import Foundation
import Testing

extension EgressTests {
  /// What is written down and told of connections, and of those that were not let out.
  @Suite struct Records {
    static let grants = ["api.ground.test:443", "several.ground.test:8443"]
    /// A name that nothing grants, another port, an address: each three times.
    static let refused = ["denied.ground.test 443", "several.ground.test 4444", "11.20.1.11 8443"]

    @Test func eachConnectionAndEachDenialIsTold() throws {
      let ground = try EgressGround()
      let inside = try ground.inside(named: "recorded", allowing: Self.grants)
      #expect(
        try inside.reach(["api.ground.test 443", "several.ground.test 8443"]).values.allSatisfy {
          $0 == "world"
        })
      for _ in 0..<3 { _ = try inside.reach(Self.refused) }
      let said = try inside.leave()["stderr"].string ?? ""
      let events = try ground.scene.audit("recorded")
      let connections = events.filter { $0["event"] == "egress" }
      let api = try #require(connections.first { $0["name"] == "api.ground.test" })
      #expect(api["port"] == 443)
      #expect(["11.20.1.10", "2a0e:c0d0:1::10"].contains(api["address"].string ?? ""))
      // A handshake and a few words each way.
      #expect((api["sent"].int ?? 0) > 300 && (api["received"].int ?? 0) > 300, "\(api)")
      #expect(api["milliseconds"].int != nil && api["outcome"].string != nil, "\(api)")
      #expect(connections.contains { $0["name"] == "several.ground.test" && $0["port"] == 8443 })
      for (name, allow) in [
        ("denied.ground.test", "denied.ground.test:443"),
        ("several.ground.test", "several.ground.test:4444"), ("11.20.1.11", "11.20.1.11:8443"),
      ] {
        let refusals = events.filter {
          $0["event"] == "egress-refused" && $0["name"].string == name
        }
        let isOnce = (1...2).contains(refusals.count)
        #expect(isOnce, "once in a minute, and what came after at the end: \(refusals)")
        #expect(refusals.first?["allow"].string == allow, "\(refusals)")
        #expect(said.contains("--allow \(allow)"), "\(said)")
      }
    }

    @Test func connectionsAreSummedUp() throws {
      let ground = try EgressGround()
      let inside = try ground.inside(named: "summed", allowing: Self.grants)
      for _ in 0..<3 { _ = try inside.reach(["several.ground.test 8443"]) }
      _ = try inside.reach(["denied.ground.test 443"])
      try inside.leave()
      let shown = try ground.scene.cordon(
        "audit", "show", "summed", "--egress", "--format", "json")
      #expect(shown.status == 0, "\(shown)")
      let told = try Value.parse(shown.output)
      let row = told["destinations"].array.first { $0["name"] == "several.ground.test" }
      #expect(row?["port"] == 8443 && row?["connections"] == 3, "\(told)")
      #expect(told["refused"].array.contains { $0["name"] == "denied.ground.test" }, "\(told)")
    }

    /// As many at once as a busy program has, each with its own words, and then a large answer.
    @Test func manyConnectionsAtOnceKeepTheirWordsApart() throws {
      let ground = try EgressGround()
      let inside = try ground.inside(
        named: "many", allowing: ["several.ground.test:8443", "api.ground.test:443"])
      let run = try inside.run([Places.python, EgressGround.clients + "/many.py", "500"])
      #expect(run.output == "500\n", "\(run)")
      let large = try inside.run([
        "/usr/bin/curl", "--silent", "--show-error", "--fail", "--output", "/dev/null",
        "--write-out", "%{size_download}", "https://api.ground.test/large?size=20000000",
      ])
      #expect(large.output == "20000000", "\(large)")
      try inside.leave()
    }
  }
}
