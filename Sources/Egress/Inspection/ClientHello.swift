import Control

/// What a ClientHello says about the host that it is meant for (RFC 8446, 4.1.2; RFC 5246, 7.4.1.2).
struct ClientHello: Equatable {
  /// As RFC 6066, 3 has it, in lower case and without the dot that ends a full name.
  let serverName: [UInt8]?
  /// It carries another ClientHello, encrypted (RFC 9849): a receiver that can read it goes by that
  /// one's name. Clients also send a random one (GREASE) that nobody can tell from a real one.
  let hidesName: Bool

  /// - Parameter body: the whole message, without the handshake's header.
  /// - Throws: whatever could be read in another way by another receiver.
  init(_ body: ArraySlice<UInt8>) throws(Objection) {
    var fields = TLSFields(body)
    guard try fields.number(2) >> 8 == 3 else { throw .notTLS("of a version before SSL 3.0") }
    _ = try fields.take(32)
    guard try fields.vector(1).count <= 32 else { throw .notTLS("with a long session ID") }
    let suites = try fields.vector(2).count
    guard suites >= 2, suites.isMultiple(of: 2) else { throw .notTLS("with no list of ciphers") }
    guard try !fields.vector(1).isEmpty else { throw .notTLS("with no compression method") }

    var serverName: [UInt8]?
    var types: Set<Int> = []
    if !fields.isEmpty {
      var extensions = TLSFields(try fields.vector(2))
      while !extensions.isEmpty {
        let type = try extensions.number(2)
        let content = try extensions.vector(2)
        guard types.insert(type).inserted else { throw .notTLS("with one extension twice") }
        if type == Self.serverNameType { serverName = try Self.name(content) }
      }
      guard fields.isEmpty else { throw .notTLS("with bytes behind its end") }
    }
    self.serverName = serverName
    hidesName = !types.isDisjoint(with: Self.encryptedHelloTypes)
  }

  /// - Parameter names: any of them may be said.
  func objection(
    names: [[UInt8]], allowsMissingName: Bool
  ) -> Objection? {
    if hidesName, !allowsMissingName { return Objection(.hiddenServerName, serverName ?? []) }
    guard let serverName else { return allowsMissingName ? nil : Objection(.noServerName) }
    return names.contains(serverName) ? nil : Objection(.serverName, serverName)
  }

  private static let serverNameType = 0
  /// `encrypted_client_hello`, and `encrypted_server_name` of the drafts before it.
  private static let encryptedHelloTypes: Set = [0xFE0D, 0xFFCE]

  /// The one host name of the list: a receiver may take any of several.
  private static func name(_ content: ArraySlice<UInt8>) throws(Objection) -> [UInt8] {
    var fields = TLSFields(content)
    var list = TLSFields(try fields.vector(2))
    guard fields.isEmpty, try list.number(1) == 0 else { throw .notTLS("with another name type") }
    let name = try list.vector(2)
    guard list.isEmpty else { throw .notTLS("with several server names") }
    guard (1...255).contains(name.count), name.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw .notTLS("with a server name that is none")
    }
    return name.hostName
  }
}

/// Takes a handshake message apart, in TLS's own notation (RFC 8446, 3).
struct TLSFields {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  var isEmpty: Bool { rest.isEmpty }

  mutating func take(_ count: Int) throws(Objection) -> ArraySlice<UInt8> {
    guard count <= rest.count else { throw .notTLS("with a length beyond its end") }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  /// Of so many bytes, in network order.
  mutating func number(_ width: Int) throws(Objection) -> Int {
    try take(width).reduce(0) { $0 << 8 | Int($1) }
  }

  /// Bytes behind their count, which has so many bytes itself.
  mutating func vector(_ width: Int) throws(Objection) -> ArraySlice<UInt8> {
    try take(number(width))
  }
}
