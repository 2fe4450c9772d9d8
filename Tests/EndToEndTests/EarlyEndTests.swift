import Foundation
import Testing

/// A server that dies before it answers: what was likely in the way, and what opens it.
@Suite struct EarlyEndTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let script: String
    let symptom: String?
    let status: Int
    let told: [String]
    var testDescription: String { script }
  }

  static let cases = [
    Case(
      script: "import nosuchmodule", symptom: "missing-module", status: 1,
      told: ["it said: ModuleNotFoundError: No module named 'nosuchmodule'", "--read-only"]),
    Case(
      script: "open('/srv/no/such/file')", symptom: "missing-file", status: 1,
      told: ["the files it is shown: what is not granted is not there", "--read-only PATH"]),
    Case(
      script: "open('/usr/x', 'w')", symptom: "read-only", status: 1,
      told: ["what is not granted for writing is read-only", "--read-write PATH"]),
    Case(
      script: "import socket; socket.create_connection(('192.0.2.1', 443), 2)",
      symptom: "no-network", status: 1, told: ["only what is granted can be reached"]),
    Case(
      script: "import ctypes, os; ctypes.CDLL(None).chroot(b'/') and os.chroot('/')",
      symptom: "refused-call", status: 1, told: ["the system call filter", "\"allow\""]),
    Case(
      script: "import os; os.environ['GITHUB_TOKEN']", symptom: "missing-variable", status: 1,
      told: ["its environment, which begins empty", "--secret NAME=SOURCE"]),
    Case(
      script: "import os; os.execv('/bin/sh', ['sh', '-c', 'nosuchprogram'])",
      symptom: "missing-program", status: 127, told: ["a program that it starts"]),
    Case(
      script: "import os; os.kill(os.getpid(), 31)", symptom: nil, status: 159,
      told: ["before it answered: signal 31", "as a 32-bit one does"]),
    Case(
      script: "import sys; sys.exit(3)", symptom: nil, status: 3,
      told: ["before it answered: exit 3", "--dry-run lists what it has"]),
  ]

  @Test(arguments: cases)
  func theLayerAndTheOptionAreNamed(_ item: Case) throws {
    let scene = try Scene()
    let host = try Host(
      scene.run("early", command: [Places.python, "-c", item.script]), in: scene)
    defer { host.end() }
    let end = try host.order("wait", ["seconds": 10])
    let told = end["stderr"].string ?? ""
    #expect(end["status"].int == item.status, "\(told)")
    #expect(told.contains("cordon: warning: the server ended before it answered"))
    for words in item.told + ["run it with --verbose to see each refusal"] {
      #expect(told.contains(words), "\(words)\n\(told)")
    }
    let exit = try #require(scene.audit("early").last { $0["event"] == "exit" })
    #expect(exit["symptom"].string == item.symptom)
  }

  @Test func aServerThatHasAnsweredKeepsItsLastWords() throws {
    let scene = try Scene()
    let host = try Host(scene.probe("ending.py"), in: scene)
    defer { host.end() }
    try host.connect()
    _ = try host.attempt(
      "request",
      [
        "method": "tools/call",
        "params": [
          "name": "act", "arguments": ["status": 127],
        ],
      ])
    let told = try host.order("wait", ["seconds": 10])["stderr"].string ?? ""
    #expect(!told.contains("ended before it answered"), "\(told)")
    #expect(!told.contains("likely in the way"))
  }
}
