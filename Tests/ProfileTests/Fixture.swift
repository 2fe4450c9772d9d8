import Glibc
import Kernel
import Testing

@testable import Profile

/// A loader over files that exist in memory only.
struct Fixture {
  var files: [String: String] = [:]
  var systemCalls = SystemCallNaming.unchecked

  static let server = ServerName("notes")

  func loader() -> ProfileLoader {
    let files = files
    return ProfileLoader(
      profileDirectories: ["/p"], serverDirectories: ["/s"],
      policy: "/etc/cordon/policy.jsonc", home: "/home/ada",
      systemCalls: systemCalls
    ) { (path, _) throws(SystemError) in
      guard let text = files[path] else {
        throw SystemError(step: "open", subject: path, errno: Errno(ENOENT))
      }
      return Array(text.utf8)
    }
  }

  /// Resolves the server `notes` with the profiles and options; its definition where there is one.
  func resolve(
    _ profiles: [String] = [], _ change: (inout ProfileOptions) -> Void = { _ in }
  ) throws -> ResolvedProfile {
    let server = try #require(Self.server)
    var options = ProfileOptions()
    options.profiles = profiles
    change(&options)
    let loader = loader()
    return try loader.resolve(
      server: server, definition: try loader.definition(named: server), options: options)
  }

  /// The error of a profile with this text, named by its path.
  static func failure(of text: String, path: String = "/x.jsonc") -> ProfileError? {
    failure { _ = try Fixture(files: [path: text]).resolve([path]) }
  }

  static func failure(of body: () throws -> Void) -> ProfileError? {
    do {
      try body()
      return nil
    } catch {
      return error as? ProfileError
    }
  }
}

/// A named case of a table.
struct Case<Input: Sendable, Expected: Sendable>: Sendable, CustomTestStringConvertible {
  let name: String
  let input: Input
  let expected: Expected

  init(_ name: String, _ input: Input, _ expected: Expected) {
    self.name = name
    self.input = input
    self.expected = expected
  }

  var testDescription: String { name }
}
