import Foundation

/// A JSON value as the drivers send and get it.
enum Value: Sendable, Equatable {
  case null, bool(Bool), number(Double), string(String), array([Value]), object([String: Value])

  static func parse(_ text: some StringProtocol) throws -> Value {
    try JSONDecoder().decode(Value.self, from: Data(text.utf8))
  }

  var text: String {
    get throws { try String(decoding: JSONEncoder().encode(self), as: UTF8.self) }
  }

  subscript(key: String) -> Value {
    if case .object(let members) = self { members[key] ?? .null } else { .null }
  }
  subscript(index: Int) -> Value {
    if case .array(let elements) = self, elements.indices.contains(index) {
      elements[index]
    } else {
      .null
    }
  }
  var string: String? { if case .string(let value) = self { value } else { nil } }
  var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  var number: Double? { if case .number(let value) = self { value } else { nil } }
  var int: Int? { number.flatMap { Int(exactly: $0) } }
  var array: [Value] { if case .array(let value) = self { value } else { [] } }
  var object: [String: Value] { if case .object(let value) = self { value } else { [:] } }
  var count: Int { array.count }
  /// The `name` of each element.
  var names: [String] { array.compactMap { $0["name"].string } }
}

extension Value: Codable {
  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([Value].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: Value].self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .number(let value):
      if let whole = Int(exactly: value) {
        try container.encode(whole)
      } else {
        try container.encode(value)
      }
    case .string(let value): try container.encode(value)
    case .array(let value): try container.encode(value)
    case .object(let value): try container.encode(value)
    }
  }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  init(stringLiteral value: String) { self = .string(value) }
  init(booleanLiteral value: Bool) { self = .bool(value) }
  init(integerLiteral value: Int) { self = .number(Double(value)) }
  init(arrayLiteral elements: Value...) { self = .array(elements) }
  init(dictionaryLiteral elements: (String, Value)...) {
    self = .object(Dictionary(elements) { _, last in last })
  }
  init(_ strings: [String]) { self = .array(strings.map { .string($0) }) }
  init(_ strings: [String: String]) { self = .object(strings.mapValues { .string($0) }) }
}
