import Glibc
import Kernel
import Testing

@testable import Profile

@Suite struct LoaderTests {
  @Test func definition() throws {
    let server = try #require(Fixture.server)
    let loader = Fixture(files: MergeTests.files).loader()
    let definition = try #require(try loader.definition(named: server))
    #expect(definition.path == "/s/notes.jsonc")
    #expect(definition.command.value == "/home/ada/bin/notes")
    #expect(definition.arguments == ["~/x", ""])
    #expect(definition.profiles.map(\.value) == [.named("top")])
  }

  static let refused: [Case<String, ProfileError.Reason>] = [
    Case("no command", "{}", .missingKey),
    Case("empty command", #"{ "command": "" }"#, .impossibleValue),
    Case("relative command", #"{ "command": "bin/x" }"#, .badPath),
    Case("command line instead of a command", #"{ "command": ["x"] }"#, .wrongType),
    Case("zero byte in an argument", #"{ "command": "x", "args": ["\u0000"] }"#, .impossibleValue),
    Case("extends", #"{ "command": "x", "extends": ["python"] }"#, .unknownKey),
    Case("bad profile", #"{ "command": "x", "profile": [1] }"#, .wrongType),
    Case("unknown key", #"{ "command": "x", "arg": [] }"#, .unknownKey),
  ]

  @Test(arguments: refused)
  func refusedDefinitions(_ sample: Case<String, ProfileError.Reason>) throws {
    let error = try #require(
      Fixture.failure { _ = try Fixture(files: ["/s/notes.jsonc": sample.input]).resolve() })
    #expect(error.reason == sample.expected)
    #expect(error.exitCode == 78)
  }

  @Test func noSuchServer() throws {
    let server = try #require(Fixture.server)
    let loader = Fixture().loader()
    #expect(try loader.definition(named: server) == nil)
    let error = #expect(throws: ProfileError.self) { try loader.requiredDefinition(named: server) }
    #expect(error?.exitCode == 66)
    #expect(error?.hint == "define it in /s/notes.jsonc, or run one with --name notes -- COMMAND")
  }

  @Test func noSuchProfile() throws {
    let error = try #require(Fixture.failure { _ = try Fixture().resolve(["pyhton"]) })
    #expect(error.reason == .noSuchProfile)
    #expect(error.exitCode == 78)
    #expect(error.hint == #"did you mean "python""#)
    let path = try #require(Fixture.failure { _ = try Fixture().resolve(["/none.jsonc"]) })
    #expect(path.reason == .noSuchProfile)
  }

  @Test func anUnreadableFileIsNotAMissingOne() throws {
    let server = try #require(Fixture.server)
    let loader = ProfileLoader(
      profileDirectories: ["/p"], serverDirectories: ["/s"], home: "/home/ada"
    ) { (path, _) throws(SystemError) in
      throw SystemError(step: "open", subject: path, errno: Errno(EACCES))
    }
    let error = #expect(throws: ProfileError.self) { try loader.resolve(server: server) }
    #expect(error?.reason == .unreadable)
    #expect(error?.exitCode == 78)
  }

  /// A file of the user's own stands before the shipped one of that name.
  @Test func ownProfilesComeFirst() throws {
    let fixture = Fixture(files: ["/p/default.jsonc": #"{ "limits": { "processes": 9 } }"#])
    let profile = try fixture.resolve()
    #expect(profile.limits.processes.value.count == 9)
    #expect(profile.environment.isEmpty)
  }

  /// By name it may; by path, or extended by path, it can't name programs to run.
  @Test func programsAreForNamedProfiles() throws {
    let text = #"{ "approval": { "program": ["/bin/x"] } }"#
    let fixture = Fixture(files: [
      "/p/a.jsonc": text, "/x.jsonc": text, "/p/b.jsonc": #"{ "extends": "/x.jsonc" }"#,
    ])
    #expect(try fixture.resolve(["a"]).approval.program?.value.path == "/bin/x")
    #expect(Fixture.failure { _ = try fixture.resolve(["/x.jsonc"]) }?.reason == .programNotAllowed)
    #expect(Fixture.failure { _ = try fixture.resolve(["b"]) }?.reason == .programNotAllowed)
  }

  static let refusedOptions: [Case<@Sendable (inout ProfileOptions) -> Void, String>] = [
    Case("env", { $0.environment = ["1A"] }, "--env"),
    Case("env twice", { $0.environment = ["A", "A=1"] }, "--env"),
    Case("steering env", { $0.environment = ["LD_PRELOAD"] }, "--env"),
    Case("relative path", { $0.readOnly = ["notes"] }, "--read-only"),
    Case("empty path", { $0.readWrite = [""] }, "--read-write"),
    Case("secret", { $0.secrets = ["A"] }, "--secret"),
    Case("secret source", { $0.secrets = ["A=keyring:x"] }, "--secret"),
    Case(
      "secret and env",
      {
        $0.secrets = ["A=env:A"]; $0.environment = ["A=1"]
      }, "--secret"),
    Case("weakness", { $0.accept = ["everything"] }, "--accept"),
    Case("first use", { $0.firstUse = "always" }, "--first-use"),
    Case("profile", { $0.profiles = ["a b"] }, "--profile"),
    Case("relative profile", { $0.profiles = ["./x.jsonc"] }, "--profile"),
  ]

  @Test(arguments: refusedOptions)
  func refusesOption(
    _ sample: Case<@Sendable (inout ProfileOptions) -> Void, String>
  ) throws {
    let error = try #require(Fixture.failure { _ = try Fixture().resolve([], sample.input) })
    #expect(error.origin == .option(sample.expected))
    #expect(error.exitCode == 64)
  }

  @Test func explanationsHoldNoSecretAndEveryGrant() throws {
    let profile = try Fixture(files: MergeTests.files).resolve { $0.environment = ["LOG=a"] }
    let lines = profile.explanations.map {
      "\($0.field): \($0.value) (\($0.origins.map(\.description).joined(separator: ", ")))"
    }
    #expect(lines.contains("environment.set: LOG=a (option --env)"))
    #expect(lines.contains("secrets: TOKEN from file:/home/ada/token (/s/notes.jsonc:5)"))
    #expect(
      lines.contains("filesystem.readWrite: /both (/p/left.jsonc:4, /p/top.jsonc:4)") == false)
    #expect(lines.contains("filesystem.readWrite: /both (/p/top.jsonc:4)"))
    #expect(lines.contains("filesystem.temporary: 64MiB (built in)"))
  }
}
