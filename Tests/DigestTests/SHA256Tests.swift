import Digest
import Testing

@Suite struct SHA256Tests {
  /// FIPS 180-4's examples, and the lengths around the padding's borders.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      String(repeating: "a", count: 1_000_000),
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    ),
  ])
  func example(text: String, hex: String) {
    #expect(SHA256.hash(text.utf8).hex == hex)
  }

  @Test func piecesGiveWhatTheWholeGives() {
    let bytes = (0..<1_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    for size in [1, 7, 63, 64, 65, 999] {
      var state = SHA256()
      for start in stride(from: 0, to: bytes.count, by: size) {
        state.update(bytes[start..<min(start + size, bytes.count)])
      }
      #expect(state.finish() == SHA256.hash(bytes))
    }
  }

  @Test func finishingLeavesTheStateAlone() {
    var state = SHA256()
    state.update("a".utf8)
    _ = state.finish()
    state.update("bc".utf8)
    #expect(state.finish() == SHA256.hash("abc".utf8))
  }

  @Test func sequencesWithoutStorageCountToo() {
    #expect(SHA256.hash("cba".utf8.reversed()) == SHA256.hash("abc".utf8))
  }
}
