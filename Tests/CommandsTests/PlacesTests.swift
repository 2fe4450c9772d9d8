import Testing

@testable import Commands

@Suite struct PlacesTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var uid: UInt32 = 1000
    var home: String? = "/home/u"
    var environment: [String: String] = [:]
    let configuration: String
    let state: String
    let audit: String
  }

  @Test(arguments: [
    Case(
      testDescription: "a user", environment: ["HOME": "/elsewhere"],
      configuration: "/home/u/.config/cordon", state: "/home/u/.local/state/cordon",
      audit: "/home/u/.local/state/cordon/audit"),
    Case(
      testDescription: "XDG", environment: ["XDG_CONFIG_HOME": "/c/", "XDG_STATE_HOME": "/s"],
      configuration: "/c/cordon", state: "/s/cordon", audit: "/s/cordon/audit"),
    Case(
      testDescription: "a relative XDG path is ignored", environment: ["XDG_CONFIG_HOME": "c"],
      configuration: "/home/u/.config/cordon", state: "/home/u/.local/state/cordon",
      audit: "/home/u/.local/state/cordon/audit"),
    Case(
      testDescription: "own variables win",
      environment: [
        "XDG_CONFIG_HOME": "/c", "CORDON_CONFIG_HOME": "/own", "CORDON_STATE_HOME": "/st/",
      ],
      configuration: "/own", state: "/st", audit: "/st/audit"),
    Case(
      testDescription: "empty variables do not count",
      environment: ["CORDON_CONFIG_HOME": "", "XDG_STATE_HOME": ""],
      configuration: "/home/u/.config/cordon", state: "/home/u/.local/state/cordon",
      audit: "/home/u/.local/state/cordon/audit"),
    Case(
      testDescription: "root, whose XDG variables do not count", uid: 0, home: "/root",
      environment: ["XDG_CONFIG_HOME": "/c", "XDG_STATE_HOME": "/s"],
      configuration: "/etc/cordon", state: "/var/lib/cordon", audit: "/var/log/cordon"),
    Case(
      testDescription: "root with a state of its own", uid: 0, home: "/root",
      environment: ["CORDON_STATE_HOME": "/s"],
      configuration: "/etc/cordon", state: "/s", audit: "/s/audit"),
    Case(
      testDescription: "no home, but both variables", home: nil,
      environment: ["CORDON_CONFIG_HOME": "/c", "CORDON_STATE_HOME": "/s"],
      configuration: "/c", state: "/s", audit: "/s/audit"),
  ])
  func resolved(_ sample: Case) throws {
    let places = try Places.resolve(
      uid: sample.uid, home: sample.home, Environment(sample.environment))
    #expect(
      places
        == Places(
          configuration: sample.configuration, state: sample.state, audit: sample.audit,
          home: sample.home))
  }

  @Test(arguments: [
    (nil, [:]), ("relative", [:]), ("/home/u", ["CORDON_STATE_HOME": "x"]),
    ("/home/u", ["CORDON_CONFIG_HOME": "./x"]),
  ])
  func refused(_ home: String?, _ environment: [String: String]) {
    let error = #expect(throws: CommandError.self) {
      try Places.resolve(uid: 1000, home: home, Environment(environment))
    }
    #expect(error?.exitCode == .configuration)
  }

  @Test func definitionIsBelowTheConfiguration() throws {
    let places = try Places.resolve(uid: 0, home: "/root", Environment([:]))
    #expect(places.definition(of: "notes") == "/etc/cordon/servers/notes.jsonc")
  }
}
