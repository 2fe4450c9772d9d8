/// The answer to a question for a name. None is longer than 512 bytes, so that every resolver takes
/// it whole in a datagram (RFC 1035, 4.2.1): at most two addresses or one name beside the question.
enum NameAnswer {
  /// Seconds. What a name stands for does not change while the sandbox lives, and no program should
  /// keep it for long after.
  static let timeToLive: UInt32 = 300

  enum Record {
    case address([UInt8])
    case name([UInt8])
  }

  /// - Parameter records: the answers, all of the name that was asked for. With none of them the
  ///   answer carries the root's SOA, without which caches take "no such name" and "no such data"
  ///   for a referral or ask again at once (RFC 2308, 2 and 5).
  static func make(
    _ query: NameQuery, _ code: ResponseCode, _ records: [Record] = []
  ) -> [UInt8] {
    let saysNothing = records.isEmpty && (code == .success || code == .noSuchName)
    var bytes = header(
      id: query.id, flags: query.flags, code, questions: 1, answers: UInt16(records.count),
      authorities: saysNothing ? 1 : 0, additional: query.extended == nil ? 0 : 1)
    bytes += query.question
    for record in records {
      // The name is the question's, 12 bytes from the start.
      append(0xC00C, to: &bytes)
      switch record {
      case .address(let address):
        append(address.count == 4 ? RecordType.v4 : RecordType.v6, to: &bytes)
        appendBody(address, to: &bytes)
      case .name(let name):
        append(RecordType.pointer, to: &bytes)
        appendBody(name, to: &bytes)
      }
    }
    if saysNothing {
      bytes.append(0)
      append(RecordType.start, to: &bytes)
      appendBody(authority, to: &bytes)
    }
    if let extended = query.extended {
      bytes.append(0)
      append(RecordType.options, to: &bytes)
      append(largestDatagram, to: &bytes)
      bytes += [UInt8(code.rawValue >> 4), 0, extended.wantsSignatures ? 0x80 : 0, 0, 0, 0]
    }
    return bytes
  }

  /// An answer to what could not be read: a header alone.
  static func make(id: UInt16, flags: UInt16, _ code: ResponseCode) -> [UInt8] {
    header(id: id, flags: flags, code, questions: 0, answers: 0, authorities: 0, additional: 0)
  }

  /// What is said to be taken at most. (A question of a kilobyte is malformed anyway.)
  private static let largestDatagram: UInt16 = 1232

  /// `. SOA localhost. nobody.invalid.`
  private static let authority: [UInt8] =
    [9] + Array("localhost".utf8) + [0] + [6] + Array("nobody".utf8) + [7] + Array("invalid".utf8)
    + [0] + [1, 1800, 900, 604_800, timeToLive].flatMap { bigEndian($0) }

  /// A recursive answer, not an authority's: Go and others take one that is neither for lame.
  private static func header(
    id: UInt16, flags: UInt16, _ code: ResponseCode, questions: UInt16, answers: UInt16,
    authorities: UInt16, additional: UInt16
  ) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(512)
    let repeated: UInt16 = 0x7910  // opcode, "recursion desired", "checking disabled"
    for word in [
      id, 0x8080 | flags & repeated | code.rawValue & 0xF, questions, answers, authorities,
      additional,
    ] { append(word, to: &bytes) }
    return bytes
  }

  private static func appendBody(_ body: [UInt8], to bytes: inout [UInt8]) {
    append(1, to: &bytes)  // class IN
    bytes += bigEndian(timeToLive)
    append(UInt16(body.count), to: &bytes)
    bytes += body
  }

  private static func append(_ word: UInt16, to bytes: inout [UInt8]) {
    bytes.append(UInt8(word >> 8))
    bytes.append(UInt8(truncatingIfNeeded: word))
  }

  private static func bigEndian(_ word: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(24 - 8 * $0)) }
  }
}
