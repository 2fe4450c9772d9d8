import JSON

extension LayerDecoder {
  func decodeNetwork(_ cursor: Cursor?, into layer: inout ProfileLayer) throws(ProfileError) {
    guard let cursor else { return }
    layer.networkAllow = try destinations(cursor.child("allow"), for: .grant)
    layer.networkDeny = try destinations(cursor.child("deny"), for: .denial)
  }

  /// A list of strings and of objects with `host` or `address`.
  private func destinations(
    _ cursor: Cursor?, for purpose: DestinationText.Purpose
  ) throws(ProfileError) -> [Sourced<NetworkRule>] {
    guard let cursor else { return [] }
    var rules: [Sourced<NetworkRule>] = []
    for element in try cursor.elements() {
      let new =
        if element.node.object != nil {
          try DestinationObject(cursor: element, purpose: purpose).rules()
        } else if element.node.string != nil {
          [
            try element.value { (text) throws(ValueFault) in
              try DestinationText.parse(text, for: purpose)
            }
          ]
        } else {
          throw element.wrongType("a host and port, or an object with \"host\" or \"address\"")
        }
      for rule in new {
        // Within one file a destination is given once: of two, one is a mistake.
        if let first = rules.first(where: { $0.value.isSamePlace(as: rule.value) }) {
          throw ProfileError(
            .conflict, "\(rule.value.place) is given twice", at: rule.origin,
            hint: "the first time by \(first.origin)")
        }
        rules.append(rule)
      }
    }
    return rules
  }
}

/// `{ "host": "…" or "address": "…", "ports": […], "protocol", "sni", "private" }`.
private struct DestinationObject {
  let cursor: Cursor
  let purpose: DestinationText.Purpose

  func rules() throws(ProfileError) -> [Sourced<NetworkRule>] {
    let place = try destination()
    let expected: Sourced<NetworkProtocol>? = try cursor.child("protocol")?.choice()
    let serverName: Sourced<ServerNameRule>? = try cursor.child("sni")?.choice()
    let allowsPrivate = try cursor.child("private")?.truth()
    try refuseForeign(to: place.value)
    var rules: [Sourced<NetworkRule>] = []
    for port in try ports() {
      var rule = NetworkRule(place.value, port: port.value)
      rule.expected = expected?.value
      rule.serverName = serverName?.value ?? .required
      rule.allowsPrivate = allowsPrivate ?? false
      do throws(ValueFault) {
        try DestinationText.checkPort(rule, purpose)
      } catch {
        throw ProfileError(error, at: port.origin)
      }
      rules.append(Sourced(rule, place.origin))
    }
    if let serverName, !rules.contains(where: { ($0.value.inspection ?? .tls) == .tls }) {
      throw ProfileError(
        .conflict, "\(cursor.label): \"sni\" says nothing where no TLS is expected",
        at: serverName.origin, hint: #"leave it out, or add "protocol": "tls""#)
    }
    return rules
  }

  private func destination() throws(ProfileError) -> Sourced<NetworkRule.Destination> {
    switch (cursor.child("host"), cursor.child("address")) {
    case (let host?, nil):
      try host.value { (text) throws(ValueFault) in try DestinationText.host(text, for: purpose) }
    case (nil, let address?):
      try address.value { (text) throws(ValueFault) in
        try DestinationText.network(text, for: purpose)
      }
    case (.some, .some(let address)):
      throw address.failure(
        .conflict, "\(cursor.label) has a \"host\" and an \"address\"",
        hint: "write two of them")
    case (nil, nil):
      throw cursor.failure(
        .missingKey, "\(cursor.label) has neither a \"host\" nor an \"address\"",
        hint: #"as in { "host": "api.example.com", "ports": [443] }"#)
    }
  }

  /// What would be read and ignored.
  private func refuseForeign(to destination: NetworkRule.Destination) throws(ProfileError) {
    for key in ["protocol", "sni", "private"] {
      guard let value = cursor.child(JSONString(key)) else { continue }
      if purpose == .denial {
        throw value.failure(
          .conflict, "\(cursor.label): a denial has no \"\(key)\"",
          hint: "what is denied is denied whatever is spoken")
      }
      switch destination {
      case .host, .subdomains: continue
      case .loopback, .network:
        throw value.failure(
          .conflict, "\(cursor.label): \"\(key)\" is for hosts with a name of their own",
          hint: "an address is what it is, and any protocol can be spoken with it")
      }
    }
  }

  private func ports() throws(ProfileError) -> [Sourced<UInt16?>] {
    guard let ports = cursor.child("ports") else {
      if purpose == .denial { return [Sourced(nil, cursor.origin)] }
      throw cursor.failure(
        .missingKey, "\(cursor.label) has no \"ports\"",
        hint: #"as in "ports": [443]; "any" for every port"#)
    }
    if ports.node.string != nil {
      let text = try ports.text()
      guard text.hasSameBytes(as: "any") else {
        throw ports.failure(
          .impossibleValue, "\(ports.label) can't be \(Printable.quoted(text))",
          hint: #"as in [443], or "any" for every port"#)
      }
      return [Sourced(nil, ports.origin)]
    }
    guard ports.node.array != nil else {
      throw ports.wrongType("a list of numbers, or \"any\"")
    }
    var result: [Sourced<UInt16?>] = []
    for element in try ports.elements() {
      let number = try element.limit(1...65_535)
      let port = UInt16(clamping: number.value.count)
      if result.contains(where: { $0.value == port }) {
        throw element.failure(.conflict, "\(element.label): port \(port) is given twice")
      }
      result.append(Sourced(port, number.origin))
    }
    guard !result.isEmpty else {
      throw ports.failure(
        .impossibleValue, "\(ports.label) is empty",
        hint: #"as in [443], or "any" for every port"#)
    }
    return result
  }
}

extension NetworkRule {
  /// Another way to treat the same destination and port is no other place.
  func isSamePlace(as other: NetworkRule) -> Bool {
    destination == other.destination && port == other.port
  }
}
