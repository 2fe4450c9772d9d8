import Profile
import Testing

@testable import Commands

@Suite struct RunOptionsTests {
  static func options(_ arguments: [String]) throws(CommandError) -> RunOptions {
    try RunOptions(ArgumentParser.parse(arguments, for: RunCommand.specification))
  }

  @Test func definedServer() throws {
    let options = try Self.options(["notes", "--verbose"])
    #expect(options.target == .defined(try #require(ServerName("notes"))))
    #expect(options.verbose)
    #expect(options.identity == nil)
    #expect(options.firstUse == nil)
    #expect(!options.dryRun)
  }

  @Test func everyOption() throws {
    let options = try Self.options([
      "--name", "n", "--profile", "a", "--profile=./b", "--read-only", "/r", "--read-write=/w",
      "--env", "LANG", "--env=MODE=a=b", "--env", "EMPTY=", "--secret", "T=env:TOKEN",
      "--secret=F=file:/x=y", "--identity", "caller", "--accept", "no-user-namespace",
      "--first-use=trust", "--dry-run", "--format=json", "--verbose", "--", "python3", "-m", "x",
      "--help",
    ])
    #expect(
      options.target
        == .adHoc(try #require(ServerName("n")), command: ["python3", "-m", "x", "--help"]))
    #expect(options.profiles == ["a", "./b"])
    #expect(options.readOnly == ["/r"])
    #expect(options.readWrite == ["/w"])
    #expect(
      options.variables == [
        .pass(name: "LANG"), .set(name: "MODE", value: "a=b"), .set(name: "EMPTY", value: ""),
      ])
    #expect(
      options.secrets == [
        .init(name: "T", source: "env:TOKEN"), .init(name: "F", source: "file:/x=y"),
      ])
    #expect(options.identity == .caller)
    #expect(options.accept == ["no-user-namespace"])
    #expect(options.firstUse == .trust)
    #expect(options.dryRun)
    #expect(options.format == .json)
  }

  @Test(arguments: [
    [], ["--name", "x"], ["a", "b"], ["a", "--", "c"], ["--", "c"], ["--name", "x", "--"],
    ["--name", "x", "--", ""], ["../x"], [".x"], ["-x"], ["a/b"], ["é"], ["a b"], [""],
    [String(repeating: "a", count: 65)], ["x", "--env", "1A=2"], ["x", "--env", "=2"],
    ["x", "--env", "A B=2"], ["x", "--secret", "A"], ["x", "--secret", "A="],
    ["x", "--secret", "A=env:"], ["x", "--secret", "A=keyring:b"], ["x", "--profile="],
    ["x", "--read-only="], ["x", "--identity", "root"], ["x", "--first-use", "never"],
    ["x", "--format", "json"], ["x", "--env", "A=1", "--env", "A=2"],
    ["x", "--env", "A=1", "--secret", "A=env:B"], ["x", "--dry-run", "--format", "yaml"],
  ])
  func refusedAsUsage(_ arguments: [String]) {
    let error = #expect(throws: CommandError.self) { try Self.options(arguments) }
    #expect(error?.exitCode == .usage)
  }

  @Test func destinationsAreForTheProfile() throws {
    let options = try Self.options(["x", "--allow", "api.example.com:443", "--allow=db:5432"])
    #expect(options.profileOptions.allow == ["api.example.com:443", "db:5432"])
  }

  @Test(arguments: [["--secret", "hunter2"], ["--secret", "A=hunter2"], ["--secret=9=hunter2"]])
  func secretIsNeverRepeated(_ arguments: [String]) {
    let error = #expect(throws: CommandError.self) { try Self.options(["x"] + arguments) }
    #expect(error?.exitCode == .usage)
    #expect(error?.message.contains("hunter2") == false)
    #expect(error?.hint?.contains("hunter2") == false)
  }
}
