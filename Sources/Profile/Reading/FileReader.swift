import Glibc
import JSON
import Kernel

/// From a file's bytes to its root, and from the reader's errors to ours.
enum FileReader {
  static let noEntry = Errno(ENOENT)
  static let notPermitted = Errno(EPERM)

  static func root(of source: SourceText) throws(ProfileError) -> Cursor {
    do throws(JSONError) {
      let node = try JSONReader.parse(
        source.bytes, dialect: .commented, limits: JSONLimits(size: ProfileLoader.longestFile))
      return Cursor(source: source, node: node)
    } catch {
      throw failure(error, in: source)
    }
  }

  private static func failure(_ error: JSONError, in source: SourceText) -> ProfileError {
    guard error.reason == .duplicateKey else {
      return ProfileError(
        .syntax, error.description,
        at: .file(Position(source, error.offset..<(error.offset + 1))))
    }
    let key = keyRange(at: error.offset, in: source.bytes)
    let name = String(decoding: source.bytes[key], as: UTF8.self)
    return ProfileError(
      .repeatedKey, "the key \(Printable.text(name.unicodeScalars)) is given twice",
      at: .file(Position(source, key)), hint: "leave one of them")
  }

  /// The quoted key that begins at the offset.
  private static func keyRange(at offset: Int, in bytes: [UInt8]) -> Range<Int> {
    var end = offset
    guard end < bytes.count, bytes[end] == UInt8(ascii: "\"") else { return offset..<offset }
    end += 1
    while end < bytes.count, bytes[end] != UInt8(ascii: "\"") {
      end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
    }
    return offset..<min(end + 1, bytes.count)
  }
}
