import Foundation
import Kernel
import Testing

@testable import Egress

/// What may be read of the machine's configuration of names, wherever it is kept.
@Suite struct ResolverPathsTests {
  /// The directory of a test, and a link in it.
  private final class Place {
    let path: String
    var link: String { path + "/etc/resolv.conf" }

    init(to target: String) throws {
      let made = "\(NSTemporaryDirectory())/cordon-resolver-\(UUID().uuidString)"
      try FileManager.default.createDirectory(
        atPath: made + "/etc", withIntermediateDirectories: true)
      path = try Files.realPath(made)
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
    }

    func make(_ name: String) throws -> String {
      try FileManager.default.createDirectory(
        atPath: "\(path)/\(name)", withIntermediateDirectories: true)
      return "\(path)/\(name)"
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
  }

  /// A network that comes later makes the file.
  @Test func aDirectoryIsReadBeforeItsFileIsThere() throws {
    let place = try Place(to: "../run/stub/resolv.conf")
    let directory = try place.make("run/stub")
    let now = EgressConfinement.resolverPaths(place.link, usual: [])
    #expect(now == [directory])
    #expect(FileManager.default.createFile(atPath: directory + "/resolv.conf", contents: nil))
    #expect(EgressConfinement.resolverPaths(place.link, usual: []) == [directory])
  }

  @Test func theUsualOnesAreReadWhereTheyAre() throws {
    let place = try Place(to: "/nowhere/at/all")
    let usual = try place.make("systemd")
    #expect(
      EgressConfinement.resolverPaths(place.link, usual: [usual, place.path + "/none"]) == [usual])
    let other = try Place(to: usual + "/resolv.conf")
    #expect(EgressConfinement.resolverPaths(other.link, usual: [usual]) == [usual])
  }

  /// All of `/run` or of `/tmp` is not what was meant.
  @Test func ofAWideDirectoryOnlyTheFileIsRead() throws {
    let file = "/tmp/cordon-\(UUID().uuidString)"
    let place = try Place(to: file)
    #expect(EgressConfinement.resolverPaths(place.link, usual: []) == [])
    #expect(FileManager.default.createFile(atPath: file, contents: nil))
    defer { try? FileManager.default.removeItem(atPath: file) }
    #expect(EgressConfinement.resolverPaths(place.link, usual: []) == [file])
  }

  @Test func belowEtcNothingMoreIsNeeded() throws {
    let place = try Place(to: "/etc/passwd")
    #expect(EgressConfinement.resolverPaths(place.link, usual: []) == [])
  }
}
