import Testing

@testable import Profile

@Suite struct MergeTests {
  static let files = [
    "/p/left.jsonc": """
    {
      "identity": "caller",
      "limits": { "processes": 10, "openFiles": 100 },
      "filesystem": { "readOnly": ["/left", "/both"] },
      "environment": { "pass": ["A"], "set": { "X": "left" } },
      "system": { "allow": ["ptrace", "bpf"] },
    }
    """,
    "/p/right.jsonc": """
    {
      "limits": { "processes": 20 },
      "filesystem": { "readOnly": ["/right", "/both"], "home": "temporary" },
      "environment": { "set": { "X": "right" } },
      "system": { "deny": ["ptrace"] },
      "accept": ["no-landlock"],
    }
    """,
    "/p/top.jsonc": """
    {
      "extends": ["left", "right"],
      "limits": { "messageSize": "1MiB" },
      "filesystem": { "readWrite": ["/both"] },
    }
    """,
    "/s/notes.jsonc": """
    {
      "command": "~/bin/notes", "args": ["~/x", ""],
      "profile": "top",
      "limits": { "processes": 30 },
      "secrets": { "TOKEN": { "from": "file:~/token" } },
    }
    """,
  ]

  @Test func grantsAddUp() throws {
    let profile = try Fixture(files: Self.files).resolve { $0.readOnly = ["~/docs", "/left/"] }
    #expect(profile.filesystem.readOnly.map(\.value.path) == ["/home/ada/docs", "/left", "/right"])
    #expect(profile.filesystem.readWrite.map(\.value.path) == ["/both"])
    #expect(profile.accept.map(\.value) == [.noLandlock])
    #expect(profile.accepts(.noLandlock))
  }

  @Test func everyGrantKeepsWhoGaveIt() throws {
    let profile = try Fixture(files: Self.files).resolve { $0.readOnly = ["/left"] }
    let left = try #require(profile.filesystem.readOnly.first)
    #expect(left.origins.map(\.description) == ["/p/left.jsonc:4", "option --read-only"])
    let token = try #require(profile.secrets.first)
    #expect(token.origin.description == "/s/notes.jsonc:5")
    #expect(token.value.source == .file("/home/ada/token"))
  }

  @Test func aPathThatOneLayerNeedsIsNeeded() throws {
    let fixture = Fixture(files: [
      "/p/one.jsonc": """
      { "filesystem": { "readOnly": [{ "path": "/a", "optional": true }, "/b",
        { "path": "/c", "optional": false }, { "path": "/d", "optional": true }, "/e"] } }
      """,
      "/p/two.jsonc": """
      { "filesystem": { "readOnly": ["/a", { "path": "/b", "optional": true }],
        "readWrite": [{ "path": "/d", "optional": true }, { "path": "/e", "optional": true }],
        "sockets": [{ "path": "/run/x", "optional": true }, "/run/y"] } }
      """,
    ])
    let files = try fixture.resolve(["one", "two"]).filesystem
    #expect(files.readOnly.map(\.value.description) == ["/a", "/b", "/c"])
    #expect(files.readOnly[0].origins.map(\.description) == ["/p/one.jsonc:1", "/p/two.jsonc:1"])
    #expect(files.readWrite.map(\.value.description) == ["/d (optional)", "/e"])
    #expect(files.sockets.map(\.value.description) == ["/run/x (optional)", "/run/y"])
  }

  @Test(arguments: [
    (#"{ "filesystem": { "readOnly": [{ "optional": true }] } }"#, ProfileError.Reason.missingKey),
    (#"{ "filesystem": { "readOnly": [{ "path": "/a", "optionl": true }] } }"#, .unknownKey),
    (#"{ "filesystem": { "readWrite": [{ "path": "/a", "optional": 1 }] } }"#, .wrongType),
    (#"{ "filesystem": { "readOnly": [["/a"]] } }"#, .wrongType),
    (#"{ "filesystem": { "readOnly": ["/a", { "path": "a" }] } }"#, .badPath),
    (#"{ "filesystem": { "sockets": ["/proc/x"] } }"#, .badPath),
    (#"{ "filesystem": { "sockets": ["/"] } }"#, .badPath),
  ])
  func noGrant(text: String, reason: ProfileError.Reason) {
    #expect(Fixture.failure(of: text)?.reason == reason)
  }

  @Test func denialsWin() throws {
    let profile = try Fixture(files: Self.files).resolve()
    #expect(profile.system.allow.map(\.value) == ["bpf"])
    #expect(profile.system.deny.map(\.value) == ["ptrace"])
  }

  @Test func laterSingleValuesReplace() throws {
    let profile = try Fixture(files: Self.files).resolve()
    #expect(profile.limits.processes.value.count == 30)
    #expect(profile.limits.processes.origin.description == "/s/notes.jsonc:4")
    #expect(profile.limits.openFiles.value.count == 100)
    #expect(profile.limits.messageSize.value.bytes == 1 << 20)
    #expect(profile.filesystem.home.value == .temporary)
    #expect(profile.identity.value == .caller)
    let optional = try Fixture(files: Self.files).resolve {
      $0.identity = "separate"
      $0.firstUse = "trust"
    }
    #expect(optional.identity.value == .separate)
    #expect(optional.identity.origin.description == "option --identity")
    #expect(optional.manifest.firstUse.value == .trust)
  }

  @Test func variablesAddUpAndTheLaterValueHolds() throws {
    let profile = try Fixture(files: Self.files).resolve { $0.environment = ["A=1", "B", "C="] }
    let expected = [
      Variable(name: "A", value: .literal("1")), Variable(name: "B", value: .passed),
      Variable(name: "C", value: .literal("")), Variable(name: "X", value: .literal("right")),
    ]
    #expect(profile.environment.map(\.value) == expected)
  }

  @Test func profilesAreAppliedBaseFirst() throws {
    let profile = try Fixture(files: Self.files).resolve(["python"])
    #expect(profile.profiles == ["left", "right", "top", "default", "python"])
  }

  /// The options' profiles come after the definition: its single values are replaced.
  @Test func optionsComeAfterTheDefinition() throws {
    let profile = try Fixture(files: Self.files).resolve(["left"])
    #expect(profile.limits.processes.value.count == 30, "left was applied before, by top")
    var files = Self.files
    files["/p/small.jsonc"] = #"{ "limits": { "processes": 5 } }"#
    #expect(try Fixture(files: files).resolve(["small"]).limits.processes.value.count == 5)
  }

  /// Two profiles with one base: it is applied once, before both, so that it replaces nothing.
  @Test func aSharedBaseIsAppliedOnce() throws {
    let fixture = Fixture(files: [
      "/p/base.jsonc": #"{ "limits": { "processes": 7 } }"#,
      "/p/one.jsonc": #"{ "extends": ["base"], "limits": { "processes": 8 } }"#,
      "/p/two.jsonc": #"{ "extends": ["base"] }"#,
    ])
    let profile = try fixture.resolve(["one", "two"])
    #expect(profile.profiles == ["base", "one", "two"])
    #expect(profile.limits.processes.value.count == 8)
  }

  @Test func aSecretIsNeverAlsoAPlainVariable() throws {
    let error = try #require(
      Fixture.failure {
        _ = try Fixture(files: Self.files).resolve { $0.environment = ["TOKEN=x"] }
      })
    #expect(error.reason == .conflict)
    #expect(error.hint == "the other is given by /s/notes.jsonc:5")
    #expect(error.exitCode == 64)
  }

  @Test(arguments: [
    (["/p/a.jsonc": #"{ "extends": "a" }"#], "a → a"),
    (
      [
        "/p/a.jsonc": #"{ "extends": ["default", "b"] }"#, "/p/b.jsonc": #"{ "extends": "c" }"#,
        "/p/c.jsonc": "{\n \"extends\": [\"b\"] }",
      ], "b → c → b"
    ),
    (["/p/a.jsonc": #"{ "extends": "/p/../p/b.jsonc" }"#], nil),
  ])
  func circles(_ files: [String: String], _ circle: String?) throws {
    let error = try #require(Fixture.failure { _ = try Fixture(files: files).resolve(["a"]) })
    guard let circle else {
      #expect(error.reason == .badPath)
      return
    }
    #expect(error.reason == .cycle)
    #expect(error.message == "a profile extends itself: \(circle)")
    #expect(error.position != nil)
  }

  @Test func workingDirectoryBelowAGrant() throws {
    let fixture = Fixture(files: [
      "/x.jsonc": #"{ "workingDirectory": "~/project/src" }"#
    ])
    let profile = try fixture.resolve(["/x.jsonc"]) { $0.readWrite = ["~/project"] }
    #expect(profile.workingDirectory?.value == "/home/ada/project/src")
    #expect(Fixture.failure { _ = try fixture.resolve(["/x.jsonc"]) }?.reason == .notGranted)
    let inside = Fixture(files: ["/x.jsonc": #"{ "workingDirectory": "/home/server/work" }"#])
    #expect(throws: Never.self) { try inside.resolve(["/x.jsonc"]) }
  }
}
