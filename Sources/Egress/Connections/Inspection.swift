import Control

/// What is read of a connection on its way.
enum Inspection {
  /// Nothing, or nothing any more.
  case none
  case tls(TLSInspection)
  case http(HTTPRequestReader)

  /// A destination without a name is inspected only where its rule says so: there is no name that
  /// a client would have to say.
  init(_ rule: EgressRule, _ destination: Destination, port: UInt16) {
    let usual: EgressRule.Inspection
    if case .name = destination { usual = .usual(on: port) } else { usual = .none }
    switch rule.inspection ?? usual {
    case .none: self = .none
    case .tls:
      self = .tls(
        TLSInspection(names: destination.spellings, allowsMissingName: rule.allowsMissingName))
    case .http: self = .http(HTTPRequestReader(names: destination.spellings, port: port))
    }
  }

  /// Bytes from inside that may be held back at the same time.
  static let mostHeld = 64 << 10

  var isNone: Bool {
    if case .none = self { true } else { false }
  }

  /// Whether what comes from outside is to be read too.
  var readsServer: Bool {
    if case .tls = self { true } else { false }
  }

  mutating func client(_ bytes: ArraySlice<UInt8>) -> Inspected {
    switch self {
    case .none: return Inspected(released: bytes.count, verdict: .settled)
    case .tls(var reader):
      // In place, not as a copy.
      self = .none
      defer { self = .tls(reader) }
      return reader.client(bytes)
    case .http(var reader):
      self = .none
      defer { self = .http(reader) }
      return reader.feed(bytes)
    }
  }

  mutating func server(_ bytes: ArraySlice<UInt8>) -> Inspected {
    guard case .tls(var reader) = self else { return Inspected(verdict: .settled) }
    self = .none
    defer { self = .tls(reader) }
    return reader.server(bytes)
  }
}

extension Destination {
  /// What a client may call it by.
  fileprivate var spellings: [[UInt8]] {
    switch self {
    case .name, .address: [text]
    case .loopback: ["localhost", "127.0.0.1", "::1"].map { Array($0.utf8) }
    }
  }
}
