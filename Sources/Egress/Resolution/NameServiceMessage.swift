import Kernel

/// What is asked of the name service outside, and what it answers. The answer is an attacker's words:
/// it is read here, not by a library in C.
enum NameServiceMessage {
  enum Answer: Equatable {
    /// None where the name has none of this family. `seconds`: the shortest life of what led to them.
    case addresses([IPAddress], seconds: UInt32)
    case noSuchName
    /// Not readable, or an error of the service.
    case failed
  }

  /// Of one answer. More are not connected to anyway.
  static let mostAddresses = 32
  private static let mostRecords = 256

  /// - Returns: nil for a name that cannot be asked for.
  static func query(_ name: [UInt8], type: UInt16, id: UInt16) -> [UInt8]? {
    guard let wire = NameReader.wire(name) else { return nil }
    // Recursion is desired; one question.
    return [UInt8(id >> 8), UInt8(truncatingIfNeeded: id), 1, 0, 0, 1, 0, 0, 0, 0, 0, 0] + wire
      + [UInt8(type >> 8), UInt8(truncatingIfNeeded: type), 0, 1]
  }

  /// Only records of the name that was asked for count, and of those that it is an alias of.
  static func read(_ message: [UInt8], name: [UInt8], type: UInt16) -> Answer {
    guard message.count >= 12, message[2] & 0x80 != 0 else { return .failed }
    func word(_ offset: Int) -> UInt16 {
      UInt16(message[offset]) << 8 | UInt16(message[offset + 1])
    }
    let code = message[3] & 0xF
    if code == ResponseCode.noSuchName.rawValue { return .noSuchName }
    guard code == ResponseCode.success.rawValue, word(4) == 1 else { return .failed }
    var offset = 12
    guard NameReader.labels(of: message, at: &offset, allowsPointers: true) != nil,
      offset + 4 <= message.count
    else { return .failed }
    offset += 4
    var records: [Record] = []
    for _ in 0..<min(Int(word(6)), mostRecords) {
      guard let record = Record(message, at: &offset) else { return .failed }
      if record.isInternet { records.append(record) }
    }
    return addresses(in: records, of: name, type: type)
  }

  private static func addresses(in records: [Record], of name: [UInt8], type: UInt16) -> Answer {
    var owner = name
    var seconds = UInt32.max
    // As long a chain as there are records.
    for _ in 0...records.count {
      let own = records.filter { $0.owner == owner }
      let found = own.filter { $0.type == type }
      let addresses = found.compactMap { IPAddress(networkOrder: $0.data) }
        .filter { ($0.width == 32) == (type == RecordType.v4) }
      if let shortest = found.map(\.seconds).min(), !addresses.isEmpty {
        return .addresses(
          Array(addresses.prefix(mostAddresses)), seconds: min(seconds, shortest))
      }
      guard let alias = own.first(where: { $0.target != nil }), let target = alias.target
      else { break }
      owner = target
      seconds = min(seconds, alias.seconds)
    }
    return .addresses([], seconds: 0)
  }
}

/// One record of an answer (RFC 1035, 4.1.3).
private struct Record {
  var owner: [UInt8]
  var type: UInt16
  var isInternet: Bool
  var seconds: UInt32
  var data: ArraySlice<UInt8>
  /// Of an alias.
  var target: [UInt8]?

  /// - Returns: nil where the message ends or makes no sense before the record's end.
  init?(_ message: [UInt8], at offset: inout Int) {
    func word(_ offset: Int) -> UInt16 {
      UInt16(message[offset]) << 8 | UInt16(message[offset + 1])
    }
    guard let owner = NameReader.labels(of: message, at: &offset, allowsPointers: true),
      offset + 10 <= message.count
    else { return nil }
    self.owner = NameReader.text(owner)
    type = word(offset)
    isInternet = word(offset + 2) == 1
    seconds = UInt32(word(offset + 4)) << 16 | UInt32(word(offset + 6))
    let start = offset + 10
    let end = start + Int(word(offset + 8))
    guard end <= message.count else { return nil }
    data = message[start..<end]
    if type == RecordType.alias {
      var inside = start
      guard let labels = NameReader.labels(of: message, at: &inside, allowsPointers: true),
        inside == end
      else { return nil }
      target = NameReader.text(labels)
    }
    offset = end
  }
}
