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
    let colon = bytes[..<at].firstIndex(of: UInt8(ascii: ":"))
    let word = JSONString(utf8: Array(bytes[..<(colon ?? at)]))
    guard let kind = ItemKind(word: word) else {
      let kinds = ItemKind.allCases.map(\.rawValue)
      throw Self.malformed(
        "'\(word)' is no kind of item: \(kinds.joined(separator: ", "))",
        nearest: NearestWord.of(word.string, among: kinds))
    }
    let encoded = colon.map { bytes[($0 + 1)..<at] } ?? []
    guard let name = PercentEncoding.decode(encoded) else {
      throw Self.malformed("the name in '\(text)' has a % that is not %XX; write %25 for one")
    }
    if kind.isSingle != name.isEmpty, kind.isSingle || colon == nil {
      throw Self.malformed(
        kind.isSingle ? "\(kind.rawValue) has no name" : "\(kind.rawValue) needs a name")
    }
    pin = Pin(ItemKey(kind, JSONString(utf8: name)), digest)
  }

  /// The form that can be pasted back: ASCII without anything that a shell would read.
  var text: String { "\(Self.text(pin.key))@\(pin.digest.hex)" }

  /// `tool:search`, as the same form spells it.
  static func text(_ key: ItemKey) -> String {
    key.kind.isSingle
      ? key.kind.rawValue : "\(key.kind.rawValue):\(PercentEncoding.encode(key.name.utf8))"
  }

  private static func malformed(_ message: String, nearest: String? = nil) -> CommandError {
    CommandError(
      .usage, message,
      hint: nearest.map { "did you mean \($0)?" }
        ?? "cordon manifest show NAME prints each item as KIND:ITEM@DIGEST, ready to paste")
  }
}
