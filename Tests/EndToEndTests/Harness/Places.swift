import Foundation

/// Where the parts of a test are; `Tests/run` says it through the environment when the tests run
/// from a copy.
enum Places {
  static let root: String =
    environment("CORDON_TEST_ROOT")
    ?? URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path(percentEncoded: false)
    .droppingLastSlash

  static let binary = environment("CORDON_BINARY") ?? root + "/.build/release/cordon"
  static let environments =
    environment("CORDON_TEST_ENVIRONMENTS") ?? root + "/.build/test-environments"
  static let examples = root + "/Examples"
  static let drivers = root + "/Tests/EndToEndTests/Drivers"
  static let peers = root + "/Tests/EndToEndTests/Peers"
  static let probes = root + "/Tests/EndToEndTests/Probes"
  static let python = "/usr/bin/python3"

  static let isRoot = geteuid() == 0

  private static func environment(_ name: String) -> String? {
    ProcessInfo.processInfo.environment[name]
  }
}

extension String {
  fileprivate var droppingLastSlash: String { hasSuffix("/") ? String(dropLast()) : self }
}
