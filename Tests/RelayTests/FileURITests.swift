import Testing

@testable import Relay

/// The path of a `file:` URI, or none where two readers could differ.
@Suite struct FileURITests {
  static let paths: [(uri: String, path: String?)] = [
    ("file:///home/ada/notes", "/home/ada/notes"),
    ("file:///home/ada/notes/", "/home/ada/notes"),
    ("file:///home//ada/./notes", "/home/ada/notes"),
    ("file://localhost/srv", "/srv"),
    ("file://LOCALHOST/srv", "/srv"),
    ("FILE:///srv", "/srv"),
    ("file:///", "/"),
    ("file:///a%20b/%C3%A9", "/a b/é"),
    ("file:///a b/é", "/a b/é"),
    ("file:///a%5Cb", "/a\\b"),
    ("file:///..a/b..", "/..a/b.."),
    // Another scheme, or none.
    ("https://example.com/srv", nil),
    ("file:/srv", nil),
    ("/srv", nil),
    ("", nil),
    ("file://", nil),
    (" file:///srv", nil),
    // Another machine.
    ("file://host/srv", nil),
    ("file://user@localhost/srv", nil),
    ("file://localhost:80/srv", nil),
    ("file://localhost", nil),
    // Up, however it is written.
    ("file:///srv/../etc", nil),
    ("file:///srv/%2e%2e/etc", nil),
    ("file:///srv/.%2E/etc", nil),
    ("file:///..", nil),
    // What one reader takes for a separator, and another for a part of a name.
    ("file:///srv%2F..%2Fetc", nil),
    ("file:///srv\\..\\etc", nil),
    ("file:///srv/.\t./etc", nil),
    ("file:///srv/\u{0}", nil),
    ("file:///srv%00/x", nil),
    ("file:///srv ", nil),
    ("file:///srv?x", nil),
    ("file:///srv#x", nil),
    // A percent sign that encodes nothing.
    ("file:///srv/%", nil),
    ("file:///srv/%4", nil),
    ("file:///srv/%zz", nil),
  ]

  @Test(arguments: paths)
  func path(_ uri: String, _ path: String?) {
    #expect(FileURI.path(Array(uri.utf8)).map { String(decoding: $0, as: UTF8.self) } == path)
  }

  @Test func namesAreBytes() {
    #expect(FileURI.path(Array("file:///a%FF".utf8)) == Array("/a".utf8) + [0xFF])
    #expect(
      FileURI.path(Array("file:///e%CC%81".utf8)) != FileURI.path(Array("file:///é".utf8)))
  }

  private static let rule = RootRule(
    granted: ["/home/ada/notes", "/srv/é", "/home/server"].map { Array($0.utf8) })

  @Test(arguments: [
    "file:///home/ada/notes", "file:///home/ada/notes/", "file:///home/ada/notes/2026/x",
    "file:///srv/%C3%A9", "file:///home/server",
  ])
  func isGranted(_ uri: String) {
    #expect(Self.rule.admits(Array(uri.utf8)))
  }

  @Test(arguments: [
    "file:///home/ada", "file:///home/ada/notes2", "file:///home/ada/note", "file:///",
    "file:///srv/e%CC%81", "file:///home/ada/notes/../x", "file:///HOME/ada/notes", "notes",
  ])
  func isNotGranted(_ uri: String) {
    #expect(!Self.rule.admits(Array(uri.utf8)))
  }

  @Test func theWholeDiskHasEverything() {
    #expect(RootRule(granted: [Array("/".utf8)]).admits(Array("file:///any/where".utf8)))
    #expect(!RootRule(granted: []).admits(Array("file:///any/where".utf8)))
  }
}
