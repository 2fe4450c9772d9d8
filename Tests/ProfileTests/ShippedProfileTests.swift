import Foundation
import Testing

@testable import Profile

@Suite struct ShippedProfileTests {
  /// `Tests/run` names the repository when the tests run from a copy of it.
  static let repository =
    ProcessInfo.processInfo.environment["CORDON_TEST_ROOT"].map { URL(filePath: $0) }
    ?? URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  static let folder = repository.appending(path: "Profiles")

  @Test(arguments: ShippedProfiles.all.map(\.name))
  func sameAsItsSource(_ name: String) throws {
    let source = try Data(contentsOf: Self.folder.appending(path: "\(name).jsonc"))
    let shipped = try #require(ShippedProfiles.all.first { $0.name == name })
    #expect(Array(shipped.text.utf8) == Array(source))
  }

  @Test func noneIsMissing() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
    #expect(files.sorted() == ShippedProfiles.all.map { "\($0.name).jsonc" }.sorted())
  }

  @Test(arguments: ShippedProfiles.all.map(\.name))
  func resolves(_ name: String) throws {
    let profile = try Fixture().resolve([name])
    #expect(profile.identity.value == .separate)
    #expect(profile.filesystem.readOnly.isEmpty)
    #expect(profile.filesystem.readWrite.isEmpty)
    #expect(profile.accept.isEmpty)
    #expect(profile.manifest.firstUse.value == .ask)
    #expect(profile.profiles.first == "default")
  }

  /// Where nothing is said, what `default.jsonc` says holds, but for the variables it passes.
  @Test func theBuiltInValuesAreThoseOfDefault() throws {
    let shipped = try Fixture().resolve()
    let nothing = try Fixture(files: ["/x.jsonc": "{}"]).resolve(["/x.jsonc"])
    let values = { (profile: ResolvedProfile) in
      profile.explanations.filter { $0.field != "environment.pass" }.map { [$0.field, $0.value] }
    }
    #expect(values(shipped) == values(nothing))
    #expect(nothing.explanations.allSatisfy { $0.origins == [.builtIn] })
    #expect(shipped.limits.processes.origin.description.hasPrefix("shipped:default.jsonc:"))
  }
}
