import Testing

@testable import Commands

@Suite struct ParserTests {
  static let command = CommandSpecification(
    ["probe"], summary: "", usage: [], about: [],
    options: [
      .value("path", "PATH", "", repeatable: true), .value("once", "VALUE", ""),
      .flag("quick", ""), .choice("colour", ["red", "green"], ""),
      .value("hushed", "X", "", hidden: true),
    ],
    takesCommand: true, examples: [], exitCodes: []
  ) { (_, _) throws(CommandError) in 0 }

  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let arguments: [String]
    var options: [String] = []
    var positionals: [String] = []
    var trailing: [String]?
  }

  @Test(arguments: [
    Case(testDescription: "nothing", arguments: []),
    Case(testDescription: "value apart", arguments: ["--once", "a"], options: ["once=a"]),
    Case(testDescription: "value inline", arguments: ["--once=a"], options: ["once=a"]),
    Case(testDescription: "inline value with =", arguments: ["--once=a=b"], options: ["once=a=b"]),
    Case(testDescription: "empty inline value", arguments: ["--once="], options: ["once="]),
    Case(testDescription: "dashed inline value", arguments: ["--once=--x"], options: ["once=--x"]),
    Case(testDescription: "one dash as value", arguments: ["--once", "-x"], options: ["once=-x"]),
    Case(
      testDescription: "repeated", arguments: ["--path", "a", "--path=b"],
      options: ["path=a", "path=b"]),
    Case(
      testDescription: "after a positional", arguments: ["x", "--quick", "y"],
      options: ["quick"], positionals: ["x", "y"]),
    Case(testDescription: "a lone dash is a positional", arguments: ["-"], positionals: ["-"]),
    Case(
      testDescription: "after -- nothing is read",
      arguments: ["--quick", "--", "--once", "--", "-x"],
      options: ["quick"], trailing: ["--once", "--", "-x"]),
    Case(testDescription: "-- alone", arguments: ["--"], trailing: []),
  ])
  func accepted(_ sample: Case) throws {
    let parsed = try ArgumentParser.parse(sample.arguments, for: Self.command)
    #expect(
      parsed.options.map { option in option.value.map { "\(option.name)=\($0)" } ?? option.name }
        == sample.options)
    #expect(parsed.positionals == sample.positionals)
    #expect(parsed.trailing == sample.trailing)
  }

  @Test(arguments: [
    (["--onec", "a"], "did you mean --once?"),
    (["--pth=/secret"], "did you mean --path?"),
    (["--colour", "gren"], "did you mean --colour green?"),
    (["--hushes"], "see cordon probe --help"),
    (["-q"], "see cordon probe --help"),
    (["--once", "a", "--once", "b"], "see cordon probe --help"),
    (["--quick=yes"], "see cordon probe --help"),
    (["--once"], "a value that begins with -- is written --once=VALUE"),
    (["--once", "--quick"], "a value that begins with -- is written --once=VALUE"),
    (["--once", "--", "x"], "a value that begins with -- is written --once=VALUE"),
  ])
  func refused(_ arguments: [String], _ hint: String) {
    let error = #expect(throws: CommandError.self) {
      try ArgumentParser.parse(arguments, for: Self.command)
    }
    #expect(error?.exitCode == .usage)
    #expect(error?.hint == hint)
  }

  @Test func valuesAreNotRepeatedInMessages() {
    for arguments in [["--tokn=hunter2"], ["--colour=hunter2"], ["--quick=hunter2"]] {
      let error = #expect(throws: CommandError.self) {
        try ArgumentParser.parse(arguments, for: Self.command)
      }
      #expect(error?.message.contains("hunter2") == false)
      #expect(error?.hint?.contains("hunter2") != true)
    }
  }

  @Test func helpIsFoundAnywhereBeforeTheCommand() {
    #expect(ArgumentParser.asksForHelp(["--nonsense", "--help"]))
    #expect(ArgumentParser.asksForHelp(["-h"]))
    #expect(!ArgumentParser.asksForHelp(["--", "--help"]))
  }

  @Test(arguments: [
    ("rnu", "run"), ("runn", "run"), ("aprove", "approve"), ("man", "manifest"), ("x", nil),
    ("ru", nil), ("profile", nil),
  ])
  func nearestWord(_ typed: String, _ expected: String?) {
    #expect(
      NearestWord.of(typed, among: ["run", "review", "approve", "reject", "manifest"]) == expected)
  }
}
