/// What comes beside descriptors from the stage to the egress process: which of the layout's sockets
/// they are. A batch is one message; the last says so.
public struct EgressSocketBatch: Equatable, Sendable {
  /// Connections to what has no socket of its own arrive at the `redirected` ones.
  public var isRedirecting: Bool
  public var isLast: Bool
  /// Indices into `EgressLayout.sockets`, one for each descriptor, in their order. What is never sent
  /// could not be opened: IPv6 is missing, or the kernel redirects nothing.
  public var indices: [UInt16]

  /// More than this a message never holds.
  public static let most = 200
  static let version: UInt8 = 1

  public init(isRedirecting: Bool, isLast: Bool, indices: [UInt16]) {
    self.isRedirecting = isRedirecting
    self.isLast = isLast
    self.indices = indices
  }

  /// Version, flags, and two bytes for each index, little endian.
  public var bytes: [UInt8] {
    let flags: UInt8 = (isRedirecting ? 1 : 0) | (isLast ? 2 : 0)
    return [Self.version, flags]
      + indices.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
  }

  /// - Throws: `invalid` for another version, an unknown flag, no index, half of one or too many.
  public init(_ bytes: [UInt8]) throws(FrameError) {
    guard bytes.first == Self.version else { throw .invalid("version of sockets") }
    guard bytes.count >= 4, bytes.count % 2 == 0, bytes.count <= 2 + 2 * Self.most else {
      throw .invalid("length of sockets")
    }
    guard bytes[1] & ~3 == 0 else { throw .invalid("flags of sockets") }
    isRedirecting = bytes[1] & 1 != 0
    isLast = bytes[1] & 2 != 0
    indices = stride(from: 2, to: bytes.count, by: 2).map {
      UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8
    }
  }
}
