public import Digest
public import JSON

/// A field's value. There is no value for a message's content: what is said about content is its
/// digest and its size.
public enum AuditValue: Hashable, Sendable {
  /// Text, which is redacted and cut before it is written.
  case string(JSONString)
  case integer(Int64)
  case boolean(Bool)
  case digest(Digest)
  case list([JSONString])

  public static func string(_ text: String) -> AuditValue { .string(JSONString(text)) }
}

/// Something that happened to a server: one line of its audit log.
public struct AuditEvent: Hashable, Sendable {
  public struct Field: Hashable, Sendable {
    public let name: String
    public let value: AuditValue
  }

  /// Such as `launch`, `handshake`, `list`, `call`, `withheld`, `approval`, `exit`.
  public let kind: String
  public private(set) var fields: [Field]

  public init(_ kind: String, _ fields: [(String, AuditValue)] = []) {
    self.kind = kind
    self.fields = fields.map { Field(name: $0.0, value: $0.1) }
  }

  public mutating func add(_ name: String, _ value: AuditValue) {
    fields.append(Field(name: name, value: value))
  }
}
