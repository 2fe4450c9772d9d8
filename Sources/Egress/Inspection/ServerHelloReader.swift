/// Tells from a server's first words whether it wants another ClientHello: a client says that one in
/// the clear too, and could name another host in it.
struct ServerHelloReader {
  enum Verdict: Equatable {
    case needsMore
    /// No ClientHello is awaited any more.
    case settled
    /// A HelloRetryRequest (RFC 8446, 4.1.4).
    case retry
  }

  private(set) var verdict = Verdict.needsMore
  private var header: [UInt8] = []
  private var left = 0
  private var isAlert = false
  private var alert: [UInt8] = []
  private var message: [UInt8] = []

  /// SHA-256 of "HelloRetryRequest", which such a ServerHello has in place of its random bytes.
  private static let retryRandom: [UInt8] = [
    0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
    0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
  ]

  @discardableResult mutating func feed(_ bytes: ArraySlice<UInt8>) -> Verdict {
    for byte in bytes {
      guard verdict == .needsMore else { break }
      if left == 0 { readHeader(byte) } else { readPayload(byte) }
    }
    return verdict
  }

  private mutating func readHeader(_ byte: UInt8) {
    header.append(byte)
    // Neither a handshake nor an alert: no TLS at all.
    guard header[0] == 22 || header[0] == 21 else { return verdict = .settled }
    guard header.count == 5 else { return }
    isAlert = header[0] == 21
    left = Int(header[3]) << 8 | Int(header[4])
    header = []
  }

  private mutating func readPayload(_ byte: UInt8) {
    left -= 1
    if isAlert { readAlert(byte) } else { readMessage(byte) }
  }

  /// Level and description. Behind a warning (1) the answer may still come, and ask for another
  /// ClientHello (RFC 6066, 3, has servers warn of a name that they do not know).
  private mutating func readAlert(_ byte: UInt8) {
    alert.append(byte)
    guard alert[0] == 1 else { return verdict = .settled }
    if alert.count == 2 { alert = [] }
  }

  /// Type, length, version, random.
  private mutating func readMessage(_ byte: UInt8) {
    message.append(byte)
    guard message[0] == 2 else { return verdict = .settled }
    guard message.count == 38 else { return }
    verdict = message[6...].elementsEqual(Self.retryRandom) ? .retry : .settled
  }
}
