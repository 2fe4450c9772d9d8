import Foundation
import Testing

/// Parts of CPython's own test suite: what passes outside passes inside.
@Suite struct PythonSuiteTests {
  struct Part: Sendable, CustomTestStringConvertible {
    let name: String
    let modules: [String]
    /// Shell patterns of tests that only wait, repeat others in another loop, or need long.
    var without: [String] = []
    /// How many have to pass outside, so that a suite that no longer loads is seen.
    let atLeast: Int
    /// Shell patterns of tests of what the profile withholds.
    var withheld: [String] = []
    var testDescription: String { name }
  }

  /// Identities that are not mapped, and sendfile(2).
  static let otherUsers = ["*.test_user", "*.test_group", "*.test_extra_groups*"]
  static let native = ["*sendfile_cancel*", "*sendfile_prevents_bare_write"]

  static let threading = Part(
    name: "threading", modules: ["test.test_threading"],
    without: ["*timeout*", "*nondaemon_on_shutdown", "*daemon_threads*"], atLeast: 150)
  static let subprocess = Part(
    name: "subprocess", modules: ["test.test_subprocess"],
    without: [
      "*timeout*", "*NoPoll*", "*_dead", "*repeated_call*", "*leaking_fds*", "*test_pass_fds",
      // A copy finds its library by its own name, which this test takes away.
      "*executable_without_cwd",
    ], atLeast: 150, withheld: otherUsers)
  static let asyncio = Part(
    name: "asyncio",
    modules: [
      "test_subprocess", "test_unix_events", "test_sock_lowlevel", "test_sendfile", "test_streams",
    ].map { "test.test_asyncio." + $0 },
    without: [
      "*SafeWatcher*", "*FastWatcher*", "*.Select*Tests.*", "*.Poll*Tests.*", "*issue43884",
      "*after_process_exit", "*racing*",
    ], atLeast: 150, withheld: native)
  static let multiprocessing = Part(
    name: "multiprocessing", modules: ["pools"],
    without: [
      "*WithThreads*", "*WithManager*", "*Barrier*", "*Poll*", "*Condition*", "*TestWait.*",
      "*TestResourceTracker*", "*thread_safety", "*many_processes*", "*timeout*", "*no_failfast",
      "*TestStartMethod*", "*WorkerLifetime*", "*TestIgnoreEINTR*", "*restart*",
    ], atLeast: 60)

  /// Of the later versions what starts children with calls of theirs.
  static let children = Part(
    name: "children", modules: ["test.test_subprocess.POSIXProcessTestCase"],
    without: subprocess.without, atLeast: 60, withheld: otherUsers)

  static let parts = [threading, subprocess, asyncio, multiprocessing]

  @Test(arguments: parts)
  func python311(_ part: Part) throws { try compare(part, Places.python) }

  @Test(
    .enabled(if: exists("3.12"), "there is no CPython 3.12 to copy"),
    arguments: [threading, children])
  func python312(_ part: Part) throws { try compare(part, Self.interpreter("3.12")) }

  @Test(
    .enabled(if: exists("3.13"), "there is no CPython 3.13 to copy"),
    arguments: [threading, children, multiprocessing])
  func python313(_ part: Part) throws { try compare(part, Self.interpreter("3.13")) }

  static func interpreter(_ version: String) -> String {
    "\(ProgramTests.made)/cpython-\(version)/bin/python\(version)"
  }

  static func exists(_ version: String) -> Bool {
    FileManager.default.isExecutableFile(atPath: interpreter(version))
  }

  private func compare(_ part: Part, _ python: String) throws {
    let scene = try Scene()
    let runner = [python, ProgramTests.sources + "/suites.py"]
    let command = runner + part.without.flatMap { ["--without", $0] } + part.modules
    let outside = try ProgramPlace(inside: false, in: scene)
    let expected = try outside.run(command)
    try outside.leave()
    let passed = Set(expected.lines.filter { $0.hasSuffix(" ok") }.map { String($0.dropLast(3)) })
    try #require(passed.count >= part.atLeast, "outside: \(passed.count) \(expected.errors)")

    let inside = try ProgramPlace(
      inside: true, readOnly: [ProgramTests.sources, ProgramTests.made], in: scene)
    var missing = passed.subtracting(try names(inside, command))
    let withheld = missing.filter { name in
      part.withheld.contains { unsafe fnmatch($0, name, 0) == 0 }
    }
    missing.subtract(withheld)
    // A busy machine makes some of these fail anywhere; what the sandbox breaks fails each time.
    for _ in 0..<2 where !missing.isEmpty {
      missing.subtract(try names(inside, runner + missing.sorted()))
    }
    try inside.leave()
    #expect(missing.isEmpty)
  }

  private func names(_ place: ProgramPlace, _ command: [String]) throws -> Set<String> {
    let run = try place.run(command)
    try #require(run.status == 0, "\(run.errors)")
    return Set(run.lines.filter { $0.hasSuffix(" ok") }.map { String($0.dropLast(3)) })
  }
}
