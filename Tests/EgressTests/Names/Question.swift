@testable import Egress

/// Questions as resolvers send them.
enum Question {
  static let v4: UInt16 = 1
  static let v6: UInt16 = 28

  static func message(
    _ name: String, _ type: UInt16 = v4, id: UInt16 = 0x1234, flags: UInt16 = 0x0100,
    recordClass: UInt16 = 1, additional: [[UInt8]] = []
  ) -> [UInt8] {
    message(
      labels: name.split(separator: ".").map { Array($0.utf8) }, type, id: id, flags: flags,
      recordClass: recordClass, additional: additional)
  }

  static func message(
    labels: [[UInt8]], _ type: UInt16 = v4, id: UInt16 = 0x1234, flags: UInt16 = 0x0100,
    recordClass: UInt16 = 1, additional: [[UInt8]] = []
  ) -> [UInt8] {
    words([id, flags, 1, 0, 0, UInt16(additional.count)])
      + labels.flatMap { [UInt8($0.count)] + $0 } + [0] + words([type, recordClass])
      + additional.flatMap { $0 }
  }

  /// EDNS as glibc, musl's and Node's resolvers add it.
  static func options(
    version: UInt8 = 0, size: UInt16 = 1232, wantsSignatures: Bool = false, data: [UInt8] = []
  ) -> [UInt8] {
    [0] + words([41, size]) + [0, version, wantsSignatures ? 0x80 : 0, 0]
      + words([UInt16(data.count)]) + data
  }

  static func words(_ words: [UInt16]) -> [UInt8] {
    words.flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] }
  }
}

/// An answer, as far as the tests look at it.
struct Reply {
  struct Record: Equatable {
    var type: UInt16
    var data: [UInt8]
  }

  var id: UInt16
  var flags: UInt16
  var code: UInt16
  var question: [UInt8] = []
  var answers: [Record] = []
  var authority: [Record] = []
  var additional: [Record] = []

  /// - Returns: nil for what is no whole message.
  init?(_ message: [UInt8]?) {
    guard let message, message.count >= 12 else { return nil }
    func word(_ offset: Int) -> UInt16 {
      UInt16(message[offset]) << 8 | UInt16(message[offset + 1])
    }
    id = word(0)
    flags = word(2)
    code = word(2) & 0xF
    var offset = 12
    for _ in 0..<word(4) {
      guard NameReader.labels(of: message, at: &offset, allowsPointers: true) != nil else {
        return nil
      }
      offset += 4
      question = Array(message[12..<offset])
    }
    for section in [\Reply.answers, \.authority, \.additional].enumerated() {
      for _ in 0..<word(6 + 2 * section.offset) {
        guard NameReader.labels(of: message, at: &offset, allowsPointers: true) != nil,
          offset + 10 <= message.count
        else { return nil }
        let end = offset + 10 + Int(word(offset + 8))
        guard end <= message.count else { return nil }
        self[keyPath: section.element].append(
          Record(type: word(offset), data: Array(message[(offset + 10)..<end])))
        if word(offset) == 41 { code |= UInt16(message[offset + 4]) << 4 }
        offset = end
      }
    }
    guard offset == message.count else { return nil }
  }
}
