/// A question for a name, as a resolver inside the sandbox sent it (RFC 1035, 4.1).
struct NameQuery: Equatable {
  /// What is read of a datagram, or of one message of a stream.
  enum Reading: Equatable {
    /// No question: too short for a header, or an answer. Whoever answers those may do so for ever.
    case ignored
    /// A question that cannot be answered with more than this code.
    case unanswerable(id: UInt16, flags: UInt16, ResponseCode)
    case query(NameQuery)
  }

  /// EDNS(0) (RFC 6891).
  struct Extension: Equatable {
    var version: UInt8
    /// Signatures are wanted (RFC 3225): there are none, and the answer says that it was heard.
    var wantsSignatures: Bool
  }

  var id: UInt16
  var flags: UInt16
  /// As it came: an answer repeats it byte for byte, upper case included.
  var question: ArraySlice<UInt8>
  var labels: [ArraySlice<UInt8>]
  var type: UInt16
  var recordClass: UInt16
  var extended: Extension?

  static func read(_ message: [UInt8]) -> Reading {
    guard message.count >= 12 else { return .ignored }
    func word(_ offset: Int) -> UInt16 {
      UInt16(message[offset]) << 8 | UInt16(message[offset + 1])
    }
    let id = word(0)
    let flags = word(2)
    guard flags & 0x8000 == 0 else { return .ignored }
    func unanswerable(_ code: ResponseCode) -> Reading { .unanswerable(id: id, flags: flags, code) }
    // Opcode 0 is a query.
    guard flags & 0x7800 == 0 else { return unanswerable(.notImplemented) }
    guard word(4) == 1, word(6) == 0, word(8) == 0 else { return unanswerable(.formatError) }
    var offset = 12
    guard let labels = NameReader.labels(of: message, at: &offset, allowsPointers: false),
      offset + 4 <= message.count
    else { return unanswerable(.formatError) }
    let type = word(offset)
    let recordClass = word(offset + 2)
    offset += 4
    let question = message[12..<offset]
    var extended: Extension?
    for _ in 0..<word(10) {
      guard let owner = NameReader.labels(of: message, at: &offset, allowsPointers: true),
        offset + 10 <= message.count
      else { return unanswerable(.formatError) }
      let isExtension = word(offset) == RecordType.options
      if isExtension {
        guard owner.isEmpty, extended == nil else { return unanswerable(.formatError) }
        extended = Extension(
          version: message[offset + 5], wantsSignatures: message[offset + 6] & 0x80 != 0)
      }
      offset += 10 + Int(word(offset + 8))
      guard offset <= message.count else { return unanswerable(.formatError) }
    }
    guard offset == message.count else { return unanswerable(.formatError) }
    return .query(
      NameQuery(
        id: id, flags: flags, question: question, labels: labels, type: type,
        recordClass: recordClass, extended: extended))
  }
}

/// What an answer says of the question (RFC 1035, 4.1.1).
enum ResponseCode: UInt16 {
  case success = 0
  case formatError = 1
  case serverFailure = 2
  case noSuchName = 3
  case notImplemented = 4
  case refused = 5
  /// Of EDNS (RFC 6891, 9); its upper eight bits stand in the extension's record.
  case badVersion = 16
}

enum RecordType {
  static let v4: UInt16 = 1
  static let alias: UInt16 = 5
  static let start: UInt16 = 6
  static let pointer: UInt16 = 12
  static let v6: UInt16 = 28
  static let options: UInt16 = 41
  static let any: UInt16 = 255
}
