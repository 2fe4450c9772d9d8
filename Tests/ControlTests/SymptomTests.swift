import Testing

@testable import Control

/// The table of symptoms, and reading a server's last bytes by it.
@Suite struct SymptomTests {
  @Test func everyNameStandsOnceAndEverySignPointsToOne() {
    #expect(Set(Symptom.all.map(\.name)).count == Symptom.all.count)
    let signs = Symptom.all.flatMap(\.signs)
    for (index, sign) in signs.enumerated() {
      #expect(!signs[..<index].contains(sign), "\(sign)")
    }
    for symptom in Symptom.all {
      #expect(!symptom.signs.isEmpty && !symptom.layer.isEmpty && !symptom.hint.isEmpty)
      #expect(Symptom.named(symptom.name) == symptom)
      #expect(!symptom.hint.hasSuffix("."))
    }
    #expect(Symptom.named("nothing of the kind") == nil)
  }

  /// A phrase that an earlier symptom's phrase is part of would never be reached.
  @Test func everyPhraseIsReached() {
    for symptom in Symptom.all {
      for case .phrase(let phrase) in symptom.signs {
        let words = LastWords(in: Array("program: \(phrase)\n".utf8))
        #expect(words?.symptom.name == symptom.name, "\(phrase)")
      }
    }
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let name: String?
    let quoted: String
    let tail: String
    var testDescription: String { name ?? "nothing" }
  }

  static let cases = [
    Case(
      name: "missing-module", quoted: "ModuleNotFoundError: No module named 'mcp'",
      tail: """
        Traceback (most recent call last):
          File "/srv/s.py", line 1, in <module>
            import mcp
        ModuleNotFoundError: No module named 'mcp'

        """),
    Case(
      name: "missing-file",
      quoted: "Error: ENOENT: no such file or directory, open '/srv/config.json'",
      tail: """
        node:fs:441
            return binding.readFileUtf8(path, stringToFlags(options.flag));
                           ^

        Error: ENOENT: no such file or directory, open '/srv/config.json'
            at Object.readFileSync (node:fs:441:20) {
          errno: -2,
          code: 'ENOENT',
          syscall: 'open',
          path: '/srv/config.json'
        }

        Node.js v22.20.0

        """),
    Case(
      name: "missing-library",
      quoted: "srv: error while loading shared libraries: libfoo.so.1: cannot open shared object "
        + "file: No such file or directory",
      tail: "srv: error while loading shared libraries: libfoo.so.1: cannot open shared object "
        + "file: No such file or directory\n"),
    Case(
      name: "no-name",
      quoted: "npm error request to https://registry.npmjs.org/x failed, reason: "
        + "getaddrinfo EAI_AGAIN registry.npmjs.org",
      tail: "npm error\n"
        + "npm error request to https://registry.npmjs.org/x failed, reason: getaddrinfo EAI_AGAIN "
        + "registry.npmjs.org\n"),
    Case(
      name: "no-network",
      quoted: "dial tcp 192.0.2.1:443: connect: network is unreachable",
      tail: "dial tcp 192.0.2.1:443: connect: network is unreachable\n"),
    Case(
      name: "no-name",
      quoted: "socket.gaierror: [Errno -3] Temporary failure in name resolution",
      tail: """
            for res in getaddrinfo(host, port, 0, SOCK_STREAM):
        socket.gaierror: [Errno -3] Temporary failure in name resolution

        """),
    Case(
      name: "read-only", quoted: "OSError: [Errno 30] Read-only file system: '/srv/log'",
      tail: "starting\nOSError: [Errno 30] Read-only file system: '/srv/log'"),
    Case(
      name: "missing-variable", quoted: "Error: GITHUB_TOKEN environment variable is not set",
      tail: "Error: GITHUB_TOKEN environment variable is not set\n"),
    Case(
      name: "missing-program", quoted: "/bin/sh: 1: uvx: not found",
      tail: "/bin/sh: 1: uvx: not found\n"),
    // A complaint that was survived comes before the one that was not.
    Case(
      name: "no-permission", quoted: "PermissionError: [Errno 13] Permission denied: '/srv/a'",
      tail: "warning: no such file or directory: ~/.rc\n"
        + "PermissionError: [Errno 13] Permission denied: '/srv/a'\nbye\n"),
    Case(name: nil, quoted: "", tail: "usage: server [-h]\n"),
    Case(name: nil, quoted: "", tail: ""),
  ]

  @Test(arguments: cases)
  func lastWordsAreRead(_ item: Case) {
    let words = LastWords(in: Array(item.tail.utf8))
    #expect(words?.symptom.name == item.name)
    #expect(words.map { String(decoding: $0.line, as: UTF8.self) } ?? "" == item.quoted)
  }

  @Test func aLineOfAnyLengthAndAnyBytesIsCut() {
    let line = [0xFF, 0x1B] + Array("ENOENT".utf8) + [UInt8](repeating: 0x80, count: 100_000)
    let words = LastWords(in: line)
    #expect(words?.line.count == LastWords.longestLine)
    #expect(words?.symptom.name == "missing-file")
  }

  @Test(arguments: ["nothing", ""])
  func aReportWithAnotherNameIsNone(_ name: String) throws {
    var writer = FrameWriter(type: 9)
    writer.append(name)
    writer.append([UInt8]())
    var reader = FrameReader(limit: 1 << 10)
    reader.feed(writer.finished())
    let fields = try #require(try reader.next())
    #expect(throws: FrameError.self) { try RelayReport(fields) }
  }

  @Test func aReportWithALongLineIsNone() throws {
    let words = LastWords(
      symptom: Symptom.all[0], line: [UInt8](repeating: 0x61, count: LastWords.longestLine + 1))
    var reader = FrameReader(limit: 1 << 12)
    reader.feed(RelayReport.lastWords(words).frame())
    let fields = try #require(try reader.next())
    #expect(throws: FrameError.self) { try RelayReport(fields) }
  }
}
