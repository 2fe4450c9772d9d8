import Digest
import Testing

@Suite struct DigestTests {
  private let hex = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

  @Test func spellingIsReadBack() {
    #expect(Digest(hex: hex) == SHA256.hash("abc".utf8))
    #expect(Digest(hex: hex)?.description == hex)
  }

  @Test(arguments: [
    "", "ba", "g", "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD",
  ])
  func otherSpellingsAreNone(text: String) {
    #expect(Digest(hex: text) == nil)
    #expect(Digest(hex: text + hex.dropFirst()) == nil)
  }

  @Test func sizeIsChecked() {
    #expect(Digest(bytes: [1, 2, 3]) == nil)
    #expect(Digest(bytes: [UInt8](repeating: 0, count: 32)) != nil)
    #expect(Digest(bytes: [UInt8](repeating: 0, count: 33)) == nil)
  }
}
