import Testing

@testable import Profile

/// What a file can say wrong: the reason, and where.
@Suite struct DecodingErrorTests {
  struct Place: Equatable, Sendable {
    let reason: ProfileError.Reason
    let line: Int
    let column: Int

    init(_ reason: ProfileError.Reason, _ line: Int, _ column: Int) {
      self.reason = reason
      self.line = line
      self.column = column
    }
  }

  static let cases: [Case<String, Place>] = [
    Case("not an object", "[]", Place(.wrongType, 1, 1)),
    Case("empty file", "", Place(.syntax, 1, 1)),
    Case("broken off", "{\n  \"limits\": {", Place(.syntax, 2, 14)),
    Case("unknown key", "{\n  \"limts\": {}\n}", Place(.unknownKey, 2, 3)),
    Case("unknown key below", #"{ "limits": { "memry": 1 } }"#, Place(.unknownKey, 1, 15)),
    Case("key in another case", #"{ "Identity": "caller" }"#, Place(.unknownKey, 1, 3)),
    Case("repeated key", "{ \"accept\": [],\n \"accept\": [] }", Place(.repeatedKey, 2, 2)),
    Case(
      "repeated by escape", #"{ "accept": [], "\u0061ccept": [] }"#, Place(.repeatedKey, 1, 17)),
    Case(
      "repeated variable", #"{ "environment": { "set": { "A": "1", "A": "2" } } }"#,
      Place(.repeatedKey, 1, 39)),
    Case("a definition's key", #"{ "command": "x" }"#, Place(.unknownKey, 1, 3)),
    Case("wrong type of an object", #"{ "limits": [] }"#, Place(.wrongType, 1, 13)),
    Case("wrong type of a list", #"{ "accept": "x" }"#, Place(.wrongType, 1, 13)),
    Case("wrong type of an element", #"{ "accept": [1] }"#, Place(.wrongType, 1, 14)),
    Case("wrong type of a word", #"{ "identity": true }"#, Place(.wrongType, 1, 15)),
    Case("null is no value", #"{ "identity": null }"#, Place(.wrongType, 1, 15)),
    Case("description that is no text", #"{ "description": 1 }"#, Place(.wrongType, 1, 18)),
    Case("extends a number", #"{ "extends": 1 }"#, Place(.wrongType, 1, 14)),
    Case("unknown word", #"{ "identity": "callr" }"#, Place(.impossibleValue, 1, 15)),
    Case("word in capitals", #"{ "identity": "Caller" }"#, Place(.impossibleValue, 1, 15)),
    Case("fraction", #"{ "limits": { "processes": 1.5 } }"#, Place(.wrongType, 1, 28)),
    Case("whole as fraction", #"{ "limits": { "processes": 64.0 } }"#, Place(.wrongType, 1, 28)),
    Case("too few", #"{ "limits": { "processes": 0 } }"#, Place(.impossibleValue, 1, 28)),
    Case("negative", #"{ "limits": { "openFiles": -1 } }"#, Place(.impossibleValue, 1, 28)),
    Case(
      "more than an integer", #"{ "limits": { "openFiles": 99999999999999999999 } }"#,
      Place(.wrongType, 1, 28)),
    Case("size as number", #"{ "limits": { "messageSize": 1 } }"#, Place(.wrongType, 1, 30)),
    Case("size without unit", #"{ "limits": { "messageSize": "1" } }"#, Place(.badSize, 1, 30)),
    Case(
      "size too small", #"{ "limits": { "messageSize": "1KiB" } }"#,
      Place(.impossibleValue, 1, 30)),
    Case("relative path", #"{ "filesystem": { "readOnly": ["x"] } }"#, Place(.badPath, 1, 32)),
    Case("variable in no path", #"{ "workingDirectory": "$HOME" }"#, Place(.badPath, 1, 23)),
    Case("bad profile name", #"{ "extends": ["a b"] }"#, Place(.badName, 1, 15)),
    Case("no such profile", #"{ "extends": ["pyton"] }"#, Place(.noSuchProfile, 1, 15)),
    Case(
      "bad variable", #"{ "environment": { "pass": ["A-B"] } }"#, Place(.badVariable, 1, 29)),
    Case(
      "bad variable set", #"{ "environment": { "set": { "1A": "x" } } }"#,
      Place(.badVariable, 1, 29)),
    Case(
      "variable that looks like a letter's twin",
      #"{ "environment": { "set": { "\u212AEY": "x" } } }"#, Place(.badVariable, 1, 29)),
    Case(
      "value that is no text", #"{ "environment": { "set": { "A": 1 } } }"#,
      Place(.wrongType, 1, 34)),
    Case(
      "zero byte in a value", #"{ "environment": { "set": { "A": "\u0000" } } }"#,
      Place(.badVariable, 1, 34)),
    Case(
      "steering variable", #"{ "environment": { "pass": ["NODE_OPTIONS"] } }"#,
      Place(.steeringVariable, 1, 29)),
    Case(
      "steering variable as a secret", #"{ "secrets": { "LD_PRELOAD": { "from": "env:A" } } }"#,
      Place(.steeringVariable, 1, 16)),
    Case(
      "passed and set", #"{ "environment": { "pass": ["A"], "set": { "A": "1" } } }"#,
      Place(.conflict, 1, 44)),
    Case(
      "set and a secret",
      #"{ "environment": { "pass": ["A"] }, "secrets": { "A": { "from": "env:A" } } }"#,
      Place(.conflict, 1, 50)),
    Case("secret from nowhere", #"{ "secrets": { "A": {} } }"#, Place(.missingKey, 1, 16)),
    Case(
      "secret in the file", #"{ "secrets": { "A": { "from": "hunter2" } } }"#,
      Place(.badSource, 1, 31)),
    Case(
      "secret by a program", #"{ "secrets": { "A": { "from": "command:pass a" } } }"#,
      Place(.programNotAllowed, 1, 31)),
    Case(
      "program that asks", #"{ "approval": { "program": "/bin/x" } }"#,
      Place(.programNotAllowed, 1, 17)),
    Case("unknown weakness", #"{ "accept": ["no-landlok"] }"#, Place(.impossibleValue, 1, 14)),
    Case(
      "working directory that is not granted", #"{ "workingDirectory": "/opt/x" }"#,
      Place(.notGranted, 1, 23)),
    Case(
      "system call by a wrong name", #"{ "system": { "allow": ["read write"] } }"#,
      Place(.impossibleValue, 1, 25)),
  ]

  @Test(arguments: cases) func refused(_ sample: Case<String, Place>) throws {
    let error = try #require(Fixture.failure(of: sample.input))
    let position = try #require(error.position)
    #expect(Place(error.reason, position.line, position.column) == sample.expected)
    #expect(position.file == "/x.jsonc")
    #expect(error.exitCode == 78)
  }

  @Test func unknownSystemCallHasTheNearestName() throws {
    let fixture = Fixture(
      files: ["/x.jsonc": #"{ "system": { "deny": ["ptrase"] } }"#],
      systemCalls: SystemCallNaming(isKnown: { $0 == "ptrace" }, nearest: { _ in "ptrace" }))
    let error = try #require(Fixture.failure { _ = try fixture.resolve(["/x.jsonc"]) })
    #expect(error.reason == .impossibleValue)
    #expect(error.hint == #"did you mean "ptrace""#)
  }
}
