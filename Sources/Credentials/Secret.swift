/// A credential: its value goes to one server and is shown nowhere.
///
/// Printing or dumping one gives its name alone.
public struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  /// Bytes. Anything shorter would be taken out of innocent text all over.
  public static let minimumLength = 4
  /// Bytes.
  public static let maximumLength = 64 << 10

  /// The name of the variable that delivers it.
  public let name: String
  public let value: [UInt8]

  /// - Throws: where the name is not a variable's, or the value too short, too long, or not to be
  ///   had in an environment.
  public init(name: String, value: [UInt8]) throws(SecretError) {
    guard Secret.isVariable(name) else { throw .invalidName(name) }
    guard !value.isEmpty else { throw .empty(name) }
    guard value.count >= Secret.minimumLength else { throw .tooShort(name) }
    guard value.count <= Secret.maximumLength else { throw .tooLong(name) }
    guard !value.contains(0) else { throw .containsNUL(name) }
    self.name = name
    self.value = value
  }

  public var description: String { "\(name)=[redacted:\(name)]" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: ["name": name]) }

  /// `[A-Za-z_][A-Za-z0-9_]*`, 128 bytes at most.
  static func isVariable(_ name: String) -> Bool {
    let bytes = Array(name.utf8)
    guard (1...128).contains(bytes.count) else { return false }
    return bytes.enumerated().allSatisfy { index, byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "_"):
        true
      case UInt8(ascii: "0")...UInt8(ascii: "9"): index > 0
      default: false
      }
    }
  }
}
