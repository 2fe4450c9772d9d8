import Testing

@testable import Profile

/// The texts as a person reads them.
@Suite struct DiagnosticTests {
  static let cases: [Case<String, (text: String, hint: String?)>] = [
    Case(
      "unknown key, near",
      "{\n  // limits\n  \"limts\": { \"processes\": 64 }\n}",
      (
        """
        /x.jsonc:3:3: unknown key "limts"
          "limts": { "processes": 64 }
          ^~~~~~~
        """, #"did you mean "limits""#
      )),
    Case(
      "unknown key, nothing near", #"{ "environment": { "inherit": true } }"#,
      (
        """
        /x.jsonc:1:20: unknown key "inherit" in "environment"
          { "environment": { "inherit": true } }
                             ^~~~~~~~~
        """, #"valid here: "pass", "set""#
      )),
    Case(
      "repeated key", "{ \"accept\": [],\r\n\t\"accept\": [] }",
      (
        """
        /x.jsonc:2:2: the key "accept" is given twice
          "accept": [] }
          ^~~~~~~~
        """, "leave one of them"
      )),
    Case(
      "word", #"{ "filesystem": { "home": "privat" } }"#,
      (
        """
        /x.jsonc:1:27: "filesystem.home" can't be "privat"
          { "filesystem": { "home": "privat" } }
                                    ^~~~~~~~
        """, #"did you mean "private""#
      )),
    Case(
      "type", #"{ "limits": { "processes": "many" } }"#,
      (
        """
        /x.jsonc:1:28: "limits.processes" must be a whole number, not a string
          { "limits": { "processes": "many" } }
                                     ^~~~~~
        """, nil
      )),
    Case(
      "range", #"{ "limits": { "openFiles": 3 } }"#,
      (
        """
        /x.jsonc:1:28: "limits.openFiles" can't be 3
          { "limits": { "openFiles": 3 } }
                                     ^
        """, "from 16 to 1048576"
      )),
    Case(
      "size", #"{ "filesystem": { "temporary": "64 MB" } }"#,
      (
        """
        /x.jsonc:1:32: "64 MB" is not a size
          { "filesystem": { "temporary": "64 MB" } }
                                         ^~~~~~~
        """, #"did you mean "64MiB""#
      )),
    Case(
      "path", #"{ "filesystem": { "readWrite": ["notes"] } }"#,
      (
        """
        /x.jsonc:1:33: "notes" is not an absolute path
          { "filesystem": { "readWrite": ["notes"] } }
                                          ^~~~~~~
        """, "begin it with / or ~/; nothing is taken from the working directory"
      )),
    Case(
      "steering variable", #"{ "environment": { "pass": ["PYTHONPATH"] } }"#,
      (
        """
        /x.jsonc:1:29: PYTHONPATH can't be passed by name: it steers what an interpreter or linker \
        loads
          { "environment": { "pass": ["PYTHONPATH"] } }
                                      ^~~~~~~~~~~~
        """, "set a literal value, so that it is part of what a person approves"
      )),
    Case(
      "not enforced", "{\n  \"tools\": {\n    \"allow\": [\"read_*\"]\n  }\n}",
      (
        """
        /x.jsonc:3:5: "tools.allow" is not enforced by this build
          "allow": ["read_*"]
          ^~~~~~~
        """, "leave it out; what can't be enforced stops the launch and is never ignored"
      )),
    Case(
      "weakness", #"{ "accept": ["no-landlok"] }"#,
      (
        """
        /x.jsonc:1:14: no weakness is called "no-landlok"
          { "accept": ["no-landlok"] }
                       ^~~~~~~~~~~~
        """, #"did you mean "no-landlock""#
      )),
    Case(
      "what can't be JSON", "{\n  identity: \"caller\"\n}",
      (
        """
        /x.jsonc:2:3: not the start of what JSON allows here
          identity: "caller"
          ^
        """, nil
      )),
  ]

  @Test(arguments: cases)
  func reads(_ sample: Case<String, (text: String, hint: String?)>) throws {
    let error = try #require(Fixture.failure(of: sample.input))
    #expect(error.description == sample.expected.text)
    #expect(error.hint == sample.expected.hint)
  }

  @Test func hiddenCharactersAreShown() throws {
    let error = try #require(Fixture.failure(of: "{ \"\u{202E}a\u{200B}\": 1 }"))
    #expect(
      error.description == """
        /x.jsonc:1:3: unknown key "‹U+202E›a‹U+200B›"
          { "‹U+202E›a‹U+200B›": 1 }
            ^~~~~~~~~~~~~~~~~~~
        """)
    #expect(error.description.unicodeScalars.allSatisfy { $0 != "\u{202E}" && $0 != "\u{200B}" })
  }

  @Test func longLinesAreCutAroundThePlace() throws {
    let padding = String(repeating: "x", count: 500)
    let error = try #require(
      Fixture.failure(
        of: #"{ "description": "\#(padding)", "limts": 1, "accept": ["\#(padding)"] }"#))
    let position = try #require(error.position)
    #expect(position.column == 522)
    let (text, caret) = try #require(position.excerpt)
    #expect(text.count <= 96)
    let start = try #require(caret.firstIndex(of: "^"))
    let offset = caret.distance(from: caret.startIndex, to: start)
    #expect(Array(text).dropFirst(offset).starts(with: "\"limts\""))
    #expect(caret.dropFirst(offset) == "^~~~~~~")
  }

  /// A secret written where its source belongs appears in no message.
  @Test func aMisplacedSecretIsNotRepeated() throws {
    let inFile = try #require(
      Fixture.failure(of: #"{ "secrets": { "T": { "from": "ghp_hunter2" } } }"#))
    let options = ["ghp_hunter2", "ghp_hunter2==", "T=ghp_hunter2", "T=env:ghp-hunter2"].map {
      text in
      Fixture.failure { _ = try Fixture().resolve { $0.secrets = [text] } }
    }
    for error in [inFile] + options {
      let error = try #require(error)
      #expect(error.reason == .badSource)
      #expect(!"\(error) \(error.hint ?? "")".contains("hunter2"))
    }
    #expect(inFile.description.hasPrefix("/x.jsonc:1:31: "))
  }

  @Test func optionsAreNamed() throws {
    let error = try #require(
      Fixture.failure { _ = try Fixture().resolve { $0.identity = "seperate" } })
    #expect(error.description == #"--identity: can't be "seperate""#)
    #expect(error.hint == #"did you mean "separate""#)
    #expect(error.exitCode == 64)
  }
}
