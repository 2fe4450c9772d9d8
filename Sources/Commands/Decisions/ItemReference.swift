import Digest
import JSON
import Manifest

/// `KIND:ITEM@DIGEST`, as a person pastes it: exactly one content of one item.
///
/// An item's name may hold any character, so in this form it is percent-encoded, and always
/// decoded. A kind that a server has one of needs no name: `instructions@DIGEST`. The digest has
/// all its 64 digits: what is decided about must not depend on what else happens to wait.
struct ItemReference: Equatable {
  let pin: Pin

  init(_ pin: Pin) {
    self.pin = pin
  }

  init(parsing text: String) throws(CommandError) {
    let bytes = Array(text.utf8)
    guard let at = bytes.lastIndex(of: UInt8(ascii: "@")) else {
      throw Self.malformed("'\(text)' names no digest")
    }
    let digits = String(decoding: bytes[(at + 1)...], as: UTF8.self)
    guard let digest = Digest(hex: digits) else {
      throw Self.malformed("'\(digits)' is no digest: it has 64 digits 0-9 a-f, all of them")
    }
    pin = Pin(try Self.key(parsing: bytes[..<at], in: text), digest)
  }

  /// `KIND:ITEM` alone: an item with whatever content.
  static func key(parsing text: String) throws(CommandError) -> ItemKey {
    try key(parsing: Array(text.utf8)[...], in: text)
  }

  private static func key(
    parsing bytes: ArraySlice<UInt8>, in text: String
  ) throws(CommandError) -> ItemKey {
    let colon = bytes.firstIndex(of: UInt8(ascii: ":"))
    let word = JSONString(utf8: Array(bytes[..<(colon ?? bytes.endIndex)]))
    guard let kind = ItemKind(word: word) else {
      let kinds = ItemKind.allCases.map(\.rawValue)
      throw malformed(
        "'\(word)' is no kind of item: \(kinds.joined(separator: ", "))",
        nearest: NearestWord.of(word.string, among: kinds))
    }
    let encoded = colon.map { bytes[($0 + 1)...] } ?? []
    guard let name = PercentEncoding.decode(encoded) else {
      throw malformed("the name in '\(text)' has a % that is not %XX; write %25 for one")
    }
    if kind.isSingle != name.isEmpty, kind.isSingle || colon == nil {
      throw malformed(
        kind.isSingle ? "\(kind.rawValue) has no name" : "\(kind.rawValue) needs a name")
    }
    return ItemKey(kind, JSONString(utf8: name))
  }

  /// The form that can be pasted back: ASCII without anything that a shell would read.
  var text: String { "\(Self.text(pin.key))@\(pin.digest.hex)" }

  /// `tool:search`, as the same form spells it.
  static func text(_ key: ItemKey) -> String {
    key.reference
  }

  private static func malformed(_ message: String, nearest: String? = nil) -> CommandError {
    CommandError(
      .usage, message,
      hint: nearest.map { "did you mean \($0)?" }
        ?? "cordon manifest show NAME prints each item as KIND:ITEM@DIGEST, ready to paste")
  }
}
