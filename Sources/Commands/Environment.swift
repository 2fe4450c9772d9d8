import Glibc

/// The environment that `cordon` was started with, byte for byte.
///
/// Values stay bytes until someone asks for text: a secret may be any bytes, and a value that is
/// not UTF-8 must not be repaired into another one.
public struct Environment: Sendable {
  /// `NAME=VALUE`, in the order of the process; the first of two equal names counts, as in getenv.
  public let entries: [[UInt8]]

  public init(entries: [[UInt8]]) {
    self.entries = entries
  }

  public init(_ values: [String: String]) {
    entries = values.map { Array("\($0.key)=\($0.value)".utf8) }
  }

  /// The process's own environment.
  public static func current() -> Environment {
    var entries: [[UInt8]] = []
    // `environ` ends with a null pointer, each entry with a zero byte; nothing here changes it.
    var next = unsafe environ
    while let entry = unsafe next.pointee {
      let length = unsafe strlen(entry)
      unsafe entries.append(
        Array(UnsafeRawBufferPointer(start: entry, count: length)))
      unsafe next += 1
    }
    return Environment(entries: entries)
  }

  /// The value's bytes, nil where the variable is not set.
  public func bytes(of name: String) -> [UInt8]? {
    let prefix = Array(name.utf8) + [UInt8(ascii: "=")]
    guard let entry = entries.first(where: { $0.starts(with: prefix) }) else { return nil }
    return Array(entry.dropFirst(prefix.count))
  }

  /// The value as text, nil where the variable is not set, empty or not UTF-8.
  public func text(of name: String) -> String? {
    guard let bytes = bytes(of: name), !bytes.isEmpty else { return nil }
    return String(validating: bytes, as: UTF8.self)
  }
}
