import Digest
import JSON
import Manifest
import Testing

@Suite struct ItemTests {
  /// The exact bytes that are hashed are part of every approval that was ever given.
  @Test func digestIsOverTagKindAndCanonicalForm() throws {
    let item = try Item.tool(fromRaw: Array(#"{ "name" : "a" }"#.utf8))
    #expect(item.canonical == Array(#"{"name":"a"}"#.utf8))
    #expect(item.digest == SHA256.hash(Array("cordon-item-v1\0tool\0{\"name\":\"a\"}".utf8)))
    #expect(
      ManifestDigest.over([item.digest])
        == SHA256.hash(Array("cordon-manifest-v1\0".utf8) + item.digest.bytes))
  }

  @Test(arguments: [
    (#"{"name":"a","x":1}"#, #"{"x":1.0,"name":"\u0061"}"#, true),
    (#"{"name":"a","x":9007199254740993}"#, #"{"name":"a","x":9007199254740992}"#, false),
    (#"{"name":"a","unknown":true}"#, #"{"name":"a"}"#, false),
    (#"{"name":"é"}"#, #"{"name":"e\u0301"}"#, false),
    (#"{"name":"a","x":[1,2]}"#, #"{"name":"a","x":[2,1]}"#, false),
  ])
  func sameDigest(one: String, two: String, same: Bool) throws {
    let first = try Item.tool(fromRaw: Array(one.utf8))
    let second = try Item.tool(fromRaw: Array(two.utf8))
    #expect((first.digest == second.digest) == same)
  }

  @Test func kindsWithOneFormHaveTwoDigests() throws {
    let form = Array(#"{"name":"a"}"#.utf8)
    #expect(try Item.read(.tool, form).digest != Item.read(.prompt, form).digest)
  }

  @Test func manifestDigestDoesNotDependOnOrder() throws {
    let digests = try ["a", "b", "c"].map { try Samples.tool($0).digest }
    #expect(ManifestDigest.over(digests) == ManifestDigest.over(digests.reversed()))
    #expect(ManifestDigest.over(digests) != ManifestDigest.over(digests.dropLast()))
  }

  @Test(arguments: [
    (ItemKind.tool, "[]", ItemError.notAnObject(.tool)),
    (.tool, #"{"name":1}"#, .nameless(.tool)),
    (.prompt, #"{"title":"x"}"#, .nameless(.prompt)),
    (.resourceTemplate, #"{"name":"x"}"#, .nameless(.resourceTemplate)),
    (.instructions, "{}", .notText(.instructions)),
    (.capabilities, #""x""#, .notAnObject(.capabilities)),
  ])
  func refused(kind: ItemKind, text: String, error: ItemError) {
    #expect(throws: error) { try Item.read(kind, Array(text.utf8)) }
  }

  @Test func repeatedKeysAreRefused() {
    #expect(throws: ItemError.self) {
      try Item.tool(fromRaw: Array(#"{"name":"a","name":"b"}"#.utf8))
    }
  }

  @Test func sizeIsLimited() throws {
    let fits = String(repeating: "x", count: Item.sizeLimit - 100)
    #expect(try Samples.tool("a", fits).canonical.count < Item.sizeLimit)
    #expect(throws: ItemError.self) { try Samples.tool("a", fits + fits) }
    #expect(throws: ItemError.nameTooLong(.tool, size: 9_000)) {
      try Samples.tool(String(repeating: "n", count: 9_000))
    }
  }

  /// Before a tree is made of them, which takes a hundred times the bytes.
  @Test func valuesAreLimited() throws {
    func tool(_ count: Int) -> [UInt8] {
      let values = Array(repeating: "1", count: count).joined(separator: ",")
      return Array(#"{"name":"a","x":[\#(values)]}"#.utf8)
    }
    _ = try Item.tool(fromRaw: tool(Item.valueLimit - 10))
    #expect(throws: ItemError.self) { try Item.tool(fromRaw: tool(Item.valueLimit)) }
  }

  @Test func bytesThatAreNotTextAreRefused() {
    #expect(throws: ItemError.notText(.tool)) {
      try Item(kind: .tool, name: "a", canonical: [0x22, 0xFF, 0x22])
    }
    #expect(throws: ItemError.notText(.tool)) {
      try Item(kind: .tool, name: JSONString(utf8: [0xC0]), canonical: Array("{}".utf8))
    }
  }

  @Test func resourcesSizeIsLeftOut() throws {
    let small = try Item.read(.resource, Array(#"{"uri":"a:b","size":1,"name":"x"}"#.utf8))
    let large = try Item.read(.resource, Array(#"{"name":"x","uri":"a:b","size":2}"#.utf8))
    #expect(small.digest == large.digest)
    #expect(small.name == "a:b")
  }

  @Test(arguments: [#""1""#, #"{"description":"x"}"#, "[1]", "null", "true", "-1", "1.5", "1e3"])
  func whatIsNoSizeIsPinned(value: String) throws {
    let item = try Item.read(.resource, Array(#"{"uri":"a:b","size":\#(value)}"#.utf8))
    let sized = try Item.read(.resource, Array(#"{"uri":"a:b","size":1}"#.utf8))
    #expect(item.digest != sized.digest)
  }

  @Test func everyKindHasItsWord() {
    for kind in ItemKind.allCases { #expect(ItemKind(word: kind.word) == kind) }
    #expect(ItemKind(word: "Tool") == nil)
  }
}

@Suite struct UIResourceItemTests {
  @Test func bodyIsNamedByTheURIThatWasAskedFor() throws {
    let contents = #"[{"uri":"ui://other","mimeType":"text/html","text":"<p>"}]"#
    let item = try Item.uiResource("ui://a", contents: Array(contents.utf8))
    #expect(item.key == ItemKey(.uiResource, "ui://a"))
    #expect(
      item.canonical == Array(#"[{"mimeType":"text/html","text":"<p>","uri":"ui://other"}]"#.utf8))
    #expect(throws: ItemError.notAList(.uiResource)) {
      try Item.uiResource("ui://a", contents: Array("{}".utf8))
    }
    #expect(throws: ItemError.nameless(.uiResource)) {
      try Item.read(.uiResource, Array(contents.utf8))
    }
  }
}
