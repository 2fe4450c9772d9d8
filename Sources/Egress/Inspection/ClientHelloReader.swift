/// Reads a TLS stream as far as its ClientHello, over as many records as that takes.
///
/// Any cut of the stream gives the same verdict. What two receivers could read differently is
/// invalid, even where a lenient one would take it.
struct ClientHelloReader {
  enum Verdict: Equatable {
    case needsMore
    case hello(ClientHello)
    case invalid(Objection)
  }

  private(set) var verdict = Verdict.needsMore
  /// Bytes read: once there is a hello, those to the end of its last record.
  private(set) var length = 0

  /// Of all records to the hello's end, in bytes. Those that clients send have 200 to 2,000.
  static let longest = 64 << 10

  private let followsRetry: Bool
  private var header: [UInt8] = []
  /// Bytes of the present record that are still to come.
  private var left = 0
  private var skipsRecord = false
  private var message: [UInt8] = []

  /// - Parameter followsRetry: early data and the change of ciphers that means nothing (RFC 8446,
  ///   4.2.10 and D.4) may come first.
  init(followsRetry: Bool = false) { self.followsRetry = followsRetry }

  /// Reads no further than the hello: see `length`.
  @discardableResult mutating func feed(_ bytes: ArraySlice<UInt8>) -> Verdict {
    var rest = bytes
    do throws(Objection) {
      while verdict == .needsMore, !rest.isEmpty {
        if left == 0 { try readHeader(&rest) } else { try readPayload(&rest) }
      }
    } catch {
      verdict = .invalid(error)
      message = []
    }
    return verdict
  }

  private mutating func readHeader(_ rest: inout ArraySlice<UInt8>) throws(Objection) {
    guard let byte = rest.popFirst() else { return }
    header.append(byte)
    length += 1
    switch header.count {
    case 1:
      let mayBeSkipped = followsRetry && message.isEmpty && (byte == 20 || byte == 23)
      guard byte == 22 || mayBeSkipped else {
        throw .notTLS(message.isEmpty ? "no TLS handshake" : "with other records in between")
      }
      skipsRecord = byte != 22
    case 2: guard byte == 3 else { throw .notTLS("of an unknown version") }
    case 5:
      left = Int(header[3]) << 8 | Int(header[4])
      // A fragment of nothing is forbidden; an encrypted one is longer by its seal.
      guard left > 0, left <= (1 << 14) + (skipsRecord ? 256 : 0) else {
        throw .notTLS("in a record of \(left) bytes")
      }
      guard length + left <= Self.longest else { throw .notTLS("too long") }
      header = []
    default: break
    }
  }

  private mutating func readPayload(_ rest: inout ArraySlice<UInt8>) throws(Objection) {
    let taken = rest.prefix(left)
    rest = rest.dropFirst(taken.count)
    left -= taken.count
    length += taken.count
    if skipsRecord { return }
    message += taken
    guard message.first == 1 else { throw .notTLS("no ClientHello") }
    guard message.count >= 4 else { return }
    let whole = 4 + message[1...3].reduce(0) { $0 << 8 | Int($1) }
    guard whole <= Self.longest else { throw .notTLS("too long") }
    guard message.count + left <= whole else { throw .notTLS("with more in its last record") }
    guard message.count == whole else { return }
    verdict = .hello(try ClientHello(message.dropFirst(4)))
    message = []
  }
}
