import Foundation
import Testing

/// The package's floors: a target imports only what is below it, and `Package.swift` declares what
/// it imports.
@Suite struct FloorTests {
  static let floors: [[String]] = [
    ["CLinux", "CSeccomp", "CCap", "CCrypto", "CCares", "CPSL", "CIDN"],
    ["JSON", "Kernel", "Digest", "FilterCompiler"],
    ["Profile", "MCP", "Control", "SystemCallFilter", "Confinement"],
    ["Sandbox", "Egress", "Manifest", "Credentials", "Audit"],
    ["Supervisor", "Relay", "Hosts"],
    ["Commands"],
    ["cordon"],
  ]

  /// The package's folder; a bundle that was copied away is told where that is.
  static let root =
    ProcessInfo.processInfo.environment["CORDON_TEST_ROOT"].map { URL(filePath: $0) }
    ?? URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static func floor(of target: String) -> Int? {
    floors.firstIndex { $0.contains(target) }
  }

  /// Target, file and imported module, for every import in `Sources` of a module of this package.
  static func imports() throws -> [(target: String, file: String, module: String)] {
    let sources = root.appending(path: "Sources")
    let files = try #require(FileManager.default.enumerator(atPath: sources.path()))
    var result: [(String, String, String)] = []
    for case let file as String in files where file.hasSuffix(".swift") {
      let target = String(file.prefix { $0 != "/" })
      let text = try String(contentsOf: sources.appending(path: file), encoding: .utf8)
      for line in text.split(separator: "\n") {
        let words = line.split(separator: " ")
        guard let keyword = words.firstIndex(of: "import"), keyword <= 2, keyword + 1 < words.count
        else { continue }
        result.append((target, file, String(words[keyword + 1])))
      }
    }
    return result
  }

  @Test func everyImportPointsDownwards() throws {
    let imports = try Self.imports()
    #expect(imports.count > 100)
    for (target, file, module) in imports {
      guard let below = Self.floor(of: module) else { continue }
      let own = Self.floor(of: target) ?? (target == "compile-filters" ? 6 : nil)
      let floor = try #require(own, "\(target) is on no floor")
      #expect(below < floor, "\(file) imports \(module), which is not below it")
    }
  }

  @Test func nothingOnTheRunPathImportsFoundation() throws {
    for (_, file, module) in try Self.imports() {
      #expect(
        !["Foundation", "FoundationEssentials", "Dispatch"].contains(module),
        "\(file) imports \(module)")
    }
  }
}
