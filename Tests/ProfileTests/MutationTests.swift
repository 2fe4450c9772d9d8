import Testing

@testable import Profile

/// Whatever a slip of the hand makes of a file, it is read or refused with a place in it.
@Suite struct MutationTests {
  static let text = """
    { // é
      "extends": ["default"], "identity": "caller",\r
    \t"filesystem": { "readOnly": ["~/a"], "temporary": "1MiB" },
      "environment": { "pass": ["A"], "set": { "B": "\\u00e9" } },
      "secrets": { "T": { "from": "env:T" } },
      "limits": { "processes": 64 }, "accept": ["no-landlock"],
    }

    """

  @Test(arguments: [nil, "\"", "\\", "\u{202E}", "0", "}", "\r\n"] as [String?])
  func everyPlace(_ inserted: String?) throws {
    let bytes = Array(Self.text.utf8)
    for offset in bytes.indices {
      var changed = bytes
      if let inserted {
        changed.insert(contentsOf: inserted.utf8, at: offset)
      } else {
        changed.remove(at: offset)
      }
      guard let error = Self.failure(of: changed) else { continue }
      #expect(!error.message.isEmpty)
      let place = try #require(error.position, "\(error)")
      let lines = changed.count { $0 == 0x0A } + 1
      #expect((1...lines).contains(place.line))
      if let excerpt = place.excerpt {
        #expect(excerpt.caret.count <= excerpt.text.count + 1, "\(error)")
        #expect(excerpt.text.utf8.allSatisfy { $0 >= 0x20 })
      }
    }
  }

  private static func failure(of bytes: [UInt8]) -> ProfileError? {
    Fixture.failure {
      let source = SourceText(name: "/x.jsonc", bytes: bytes)
      let decoder = try Fixture().loader().decoder(
        for: #require(Fixture.server), trust: .path)
      _ = try decoder.decode(FileReader.root(of: source), in: .profile)
    }
  }
}
