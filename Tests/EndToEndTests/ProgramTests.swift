import Foundation
import Testing

/// Real programs under the default profile and its filter: each gives the same results inside as
/// outside, but for what the profile withholds, which is named.
@Suite struct ProgramTests {
  static let sources = Places.root + "/Tests/EndToEndTests/Programs"
  /// What Tests/Support/programs made.
  static let made = Places.environments + "/programs"

  struct Program: Sendable, CustomTestStringConvertible {
    let name: String
    let command: [String]
    /// Lines that differ: outside, and inside.
    var withheld: [String: String] = [:]
    var testDescription: String { name }

    init(_ name: String, _ command: String..., withheld: [String: String] = [:]) {
      self.name = name
      self.command = command
      self.withheld = withheld
    }
  }

  /// os.cpus() reads /proc/stat, which is the kernel's own and not shown; availableParallelism() is
  /// what the scheduler says.
  static let noProcessorList = ["processors [true,true]": "processors [false,true]"]
  /// The virtual machine looks for IPv6 in /proc/net, which is not shown, and goes on without.
  static let noIPv6 = ["echo ::1: hello": "echo ::1: Protocol family unavailable"]

  static let programs: [Program] =
    [
      Program(
        "the system's Node.js", "/usr/bin/node", sources + "/workers.js", withheld: noProcessorList),
      Program("Node.js 20", made + "/node-20", sources + "/workers.js", withheld: noProcessorList),
      Program("Node.js 22", made + "/node-22", sources + "/workers.js", withheld: noProcessorList),
      Program("Go", made + "/workers-go"),
      Program("Rust", made + "/workers-rust"),
      Program("git", "/bin/sh", sources + "/git.sh"),
      Program("SQLite", "/bin/sh", sources + "/sqlite.sh"),
      Program("coreutils and dash", "/bin/sh", sources + "/coreutils.sh"),
      Program("ffmpeg", "/bin/sh", sources + "/ffmpeg.sh", made + "/ffmpeg"),
      Program("ripgrep", "rg", "--sort", "path", "--count", "def ", "/usr/lib/python3.11/asyncio"),
      Program(
        "ripgrep's threads", "rg", "--threads", "4", "--files-with-matches", "--sort", "path",
        "--multiline", "(?s)class .*async def", "/usr/lib/python3.11"),
    ]
    + ["Serial", "Parallel", "G1", "Z", "Shenandoah"].map { collector in
      Program(
        "Java, \(collector)", "/usr/bin/java", "-XX:+Use\(collector)GC", "-Xmx200m", "-cp", made,
        "Workers", withheld: noIPv6)
    }

  @Test(arguments: programs)
  func doesTheSameInside(_ program: Program) throws {
    let scene = try Scene()
    let outside = try ProgramPlace(inside: false, in: scene)
    let expected = try outside.run(program.command)
    try outside.leave()
    try #require(expected.status == 0, "outside: \(expected)")
    try #require(!expected.lines.isEmpty)
    let inside = try ProgramPlace(inside: true, readOnly: Self.grants, in: scene)
    let found = try inside.run(program.command)
    try inside.leave()
    #expect(found.status == 0, "\(found.errors)")
    for line in program.withheld.keys { #expect(expected.lines.contains(line), "outside: \(line)") }
    #expect(found.lines == expected.lines.map { program.withheld[$0] ?? $0 }, "\(found.errors)")
  }

  static var grants: [String] { [sources, made] + javaConfiguration }

  /// The configuration of Debian's Java lies in /etc.
  static var javaConfiguration: [String] {
    ["/etc/java-17-openjdk"].filter(FileManager.default.fileExists)
  }
}
