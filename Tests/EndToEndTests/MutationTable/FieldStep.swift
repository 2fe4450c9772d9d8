/// A step into a JSON value.
enum FieldStep: Hashable, Sendable, CustomStringConvertible {
  case key(String)
  case index(Int)

  var description: String {
    switch self {
    case .key(let key): key
    case .index: "[]"
    }
  }
}

extension Value {
  /// Every value inside this one, each with its way from here; outer ones before what is in them.
  var insides: [(path: [FieldStep], value: Value)] {
    let children: [(FieldStep, Value)] =
      switch self {
      case .object(let members):
        members.sorted { $0.key < $1.key }.map { (.key($0.key), $0.value) }
      case .array(let elements): elements.enumerated().map { (.index($0.offset), $0.element) }
      case .null, .bool, .number, .string: []
      }
    return children.flatMap { step, child in
      [([step], child)] + child.insides.map { ([step] + $0.path, $0.value) }
    }
  }

  /// With another value there; nil takes it out.
  func replacing(_ path: ArraySlice<FieldStep>, with value: Value?) -> Value {
    guard let step = path.first else { return value ?? .null }
    let rest = path.dropFirst()
    switch (self, step) {
    case (.object(var members), .key(let key)):
      members[key] = rest.isEmpty ? value : (members[key] ?? [:]).replacing(rest, with: value)
      return .object(members)
    case (.array(var elements), .index(let index)) where elements.indices.contains(index):
      if !rest.isEmpty {
        elements[index] = elements[index].replacing(rest, with: value)
      } else if let value {
        elements[index] = value
      } else {
        elements.remove(at: index)
      }
      return .array(elements)
    default:
      return self
    }
  }

  /// Another value of the same type: of a list one with an element more, of an object one with a
  /// member that nobody has heard of.
  var changed: Value {
    switch self {
    case .null: .bool(true)
    case .bool(let value): .bool(!value)
    case .number(let value): .number(value + 1)
    case .string(let value): .string(value + "-changed")
    case .array(let elements): .array(elements + [elements.first?.changed ?? "x"])
    case .object(let members): .object(members.merging(["x-unknown": "y"]) { $1 })
    }
  }
}

/// A path as `manifest diff --format json` writes it, in steps.
enum WrittenPath {
  static func steps(_ text: String) -> [String] {
    var steps: [String] = []
    var rest = Substring(text)
    while !rest.isEmpty {
      if rest.hasPrefix("[\"") {
        let end = rest.firstRange(of: "\"]")?.upperBound ?? rest.endIndex
        steps.append(String(rest[..<end].dropFirst(2).dropLast(2)))
        rest = rest[end...]
      } else if rest.hasPrefix("[") {
        let end = rest.firstRange(of: "]")?.upperBound ?? rest.endIndex
        steps.append("[]")
        rest = rest[end...]
      } else {
        if rest.hasPrefix(".") { rest = rest.dropFirst() }
        let key = rest.prefix { $0 != "." && $0 != "[" }
        steps.append(String(key))
        rest = rest[key.endIndex...]
      }
    }
    return steps
  }

  /// Whether one lies inside the other: a difference may show a list whole, or what is in it.
  static func overlap(_ first: [String], _ second: [String]) -> Bool {
    zip(first, second).allSatisfy { $0 == $1 }
  }
}
