import Foundation
import Kernel
import Sandbox
import Testing

/// A cache that uv itself has filled, of the release that PyPI has today: its layout is uv's business
/// and changes.
@Suite struct RealUVTests {
  static let uvx: String = {
    let environments =
      ProcessInfo.processInfo.environment["CORDON_TEST_ENVIRONMENTS"]
      ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent(".build/test-environments").path
    return environments + "/uv/bin/uvx"
  }()

  @Test(.enabled(if: Files.exists(uvx), "Tests/run installs uv"))
  func whatUVHasCachedRunsWithoutUV() throws {
    let tree = try CommandTree()
    let call = ["--python", "/usr/bin/python3", "mcp-server-time", "--help"]
    let filled = try uv(call, home: tree.home)
    #expect(filled.contains("usage: mcp-server-time"))

    let command = try tree.resolve("uvx", Array(call.dropFirst(2)))
    #expect(command.executable.hasPrefix(tree.path(".cache/uv/archive-v0/")))
    #expect(command.grants.map(\.kind) == [.directory])
    let outcome = try Enclosure.run(command)
    #expect(outcome.output == filled, "\(outcome.errors)")

    #expect(throws: CommandError.self) { try tree.resolve("uvx", ["mcp-server-git"]) }
  }

  private func uv(_ arguments: [String], home: String) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Self.uvx)
    process.arguments = arguments
    process.environment = [
      "HOME": home, "PATH": "/usr/bin:/bin", "UV_NO_CONFIG": "1",
      // uv brings certificates of its own, and a machine can have others.
      "SSL_CERT_FILE": "/etc/ssl/certs/ca-certificates.crt",
    ]
    let output = Foundation.Pipe()
    process.standardOutput = output
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: bytes, as: UTF8.self)
  }
}
