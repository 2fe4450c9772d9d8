import Digest
import JSON

/// An event as one line of JSON.
public struct AuditLine: Sendable {
  /// Bytes of one text, before redaction adds to it.
  public static let textLimit = 4_096
  /// Entries of one list.
  public static let listLimit = 64

  public let time: String
  public let server: String
  public let session: String
  public let event: AuditEvent

  public init(time: String, server: String, session: String, event: AuditEvent) {
    self.time = time
    self.server = server
    self.session = session
    self.event = event
  }

  /// The line, its newline included.
  ///
  /// - Parameter redact: applied to every text whole, before it is cut and written: so neither
  ///   escaping nor cutting can hide a secret from it.
  public func bytes(redact: ([UInt8]) -> [UInt8]) -> [UInt8] {
    func text(_ text: JSONString) -> JSONString { AuditLine.bounded(redact(text.utf8)) }
    var writer = JSONWriter()
    writer.object { line in
      line.member("time") { $0.string(time) }
      line.member("server") { $0.string(server) }
      line.member("session") { $0.string(session) }
      line.member("event") { $0.string(text(JSONString(event.kind))) }
      for (name, value) in named(event.fields) {
        line.member(name) { member in
          switch value {
          case .string(let string): member.string(text(string))
          case .integer(let integer): member.int(integer)
          case .boolean(let boolean): member.bool(boolean)
          case .digest(let digest): member.string(digest.hex)
          case .list(let list):
            member.array { array in
              for entry in list.prefix(AuditLine.listLimit) { array.string(text(entry)) }
              if list.count > AuditLine.listLimit {
                array.string("… \(list.count) in all")
              }
            }
          }
        }
      }
    }
    return writer.bytes + [UInt8(ascii: "\n")]
  }

  private static let ownNames: [JSONString] = ["time", "server", "session", "event"]

  /// Field names come partly from the relay. One that is not plain, that repeats another or that
  /// would pass for one of the line's own gets a name by its number, so that the line stays one
  /// that every reader reads alike.
  private func named(_ fields: [AuditEvent.Field]) -> [(JSONString, AuditValue)] {
    var named: [(JSONString, AuditValue)] = []
    named.reserveCapacity(fields.count)
    // Most events have a handful of fields, for which a set costs more than it saves.
    let isMany = fields.count > 16
    var taken = isMany ? Set(AuditLine.ownNames) : []
    for (index, field) in fields.enumerated() {
      var name = JSONString(field.name)
      let isPlain = (1...64).contains(name.utf8.count) && name.utf8.allSatisfy(AuditLine.isPlain)
      let isTaken =
        isMany
        ? taken.contains(name)
        : AuditLine.ownNames.contains(name) || named.contains { $0.0 == name }
      if !isPlain || isTaken { name = JSONString("#\(index)") }
      if isMany { taken.insert(name) }
      named.append((name, field.value))
    }
    return named
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."),
      UInt8(ascii: "-"):
      true
    default: false
    }
  }

  /// Valid UTF-8 of a bounded length, saying what it was cut from.
  private static func bounded(_ bytes: [UInt8]) -> JSONString {
    guard bytes.count > textLimit else {
      return JSONString(String(decoding: bytes, as: UTF8.self))
    }
    let head = String(decoding: bytes.prefix(textLimit), as: UTF8.self)
    return JSONString("\(head)… (\(bytes.count) bytes in all)")
  }
}
