import Kernel

/// How destinations are written: `HOST:PORT` in one string, or host, address and ports apart.
enum DestinationText {
  /// What a destination is read for: a denial may be wider than any grant, and needs no port.
  enum Purpose { case grant, denial }

  /// `HOST:PORT`, `*.HOST:PORT`, `ADDRESS:PORT`, `ADDRESS/LENGTH:PORT`, `[IPV6]:PORT`, with `*` for
  /// every port; for a denial also without the port.
  static func parse(
    _ text: String, for purpose: Purpose
  ) throws(ValueFault) -> NetworkRule {
    try refuseAddressOfPage(text)
    let (place, port) = try split(text, purpose)
    let destination: NetworkRule.Destination
    if place.utf8.first == UInt8(ascii: "[") || place.utf8.contains(UInt8(ascii: "/")) {
      destination = try network(place, for: purpose)
    } else {
      destination = try host(place, for: purpose)
    }
    let rule = NetworkRule(destination, port: port)
    try checkPort(rule, purpose)
    return rule
  }

  /// A host's name; an address in any form is the address, and `localhost` the loopback.
  static func host(
    _ text: String, for purpose: Purpose
  ) throws(ValueFault) -> NetworkRule.Destination {
    guard !text.isEmpty, !text.hasControlCharacter,
      !text.utf8.contains(where: { $0 == 0x20 || $0 == UInt8(ascii: "/") })
    else {
      throw ValueFault(
        .badDestination, "\(Printable.quoted(text)) is not a host's name",
        hint: "as in \"api.example.com\"")
    }
    if text.utf8.contains(UInt8(ascii: "*")) { return try wildcard(text, for: purpose) }
    if text.utf8.first == UInt8(ascii: ".") {
      throw ValueFault(
        .badDestination, "\(Printable.quoted(text)) is not a host's name",
        hint: "the names below it are written \"*\(Printable.text(text.unicodeScalars))\"")
    }
    let name = try HostName.plain(text)
    if let address = try AddressText.parse(name) {
      return try grantable(address, address.width, text, purpose)
    }
    if name.utf8.contains(UInt8(ascii: ":")) {
      throw ValueFault(
        .badDestination, "\(Printable.quoted(text)) has a port in it, or is no IPv6 address",
        hint: #"ports stand apart, as in { "host": "api.example.com", "ports": [443] }"#)
    }
    let bytes = try HostName.check(name)
    if name.hasSameBytes(as: "localhost") { return .loopback }
    if bytes.hasSuffix(Array(".localhost".utf8)) {
      throw ValueFault(
        .badDestination, "\(Printable.quoted(text)) is the loopback under another name",
        hint: "write \"localhost\"")
    }
    return .host(bytes)
  }

  /// `ADDRESS` or `ADDRESS/LENGTH`.
  static func network(
    _ text: String, for purpose: Purpose
  ) throws(ValueFault) -> NetworkRule.Destination {
    let parts = text.utf8.split(
      separator: UInt8(ascii: "/"), maxSplits: 1, omittingEmptySubsequences: false)
    var written = String(decoding: parts[0], as: UTF8.self)
    if written.hasPrefix("["), written.hasSuffix("]") {
      written = String(written.dropFirst().dropLast())
      guard written.utf8.contains(UInt8(ascii: ":")) else {
        throw ValueFault(
          .badDestination, "\(Printable.quoted(text)): only IPv6 stands in brackets")
      }
    }
    guard let address = try AddressText.parse(HostName.plain(written)) else {
      throw ValueFault(
        .badDestination, "\(Printable.quoted(text)) is no address",
        hint: "as in \"10.1.2.0/24\" or \"2001:db8::/32\"; a name is a \"host\"")
    }
    guard parts.count == 2 else { return try grantable(address, address.width, text, purpose) }
    let digits = String(decoding: parts[1], as: UTF8.self)
    // The 96 bits before it are those that make an address a mapped one.
    let isMapped = address.width == 32 && written.utf8.contains(UInt8(ascii: ":"))
    guard digits.utf8.allSatisfy(\.isDigit), digits.utf8.count <= 3,
      let length = Int(digits).map({ isMapped ? $0 - 96 : $0 }),
      (0...address.width).contains(length)
    else {
      throw ValueFault(
        .badDestination, "\(Printable.quoted(text)) has no prefix length after the slash",
        hint: "from 0 to \(isMapped ? 128 : address.width), as in "
          + (address.width == 32 ? "\"10.1.2.0/24\"" : "\"2001:db8::/32\""))
    }
    return try grantable(address, length, text, purpose)
  }

  private static func grantable(
    _ address: IPAddress, _ length: Int, _ text: String, _ purpose: Purpose
  ) throws(ValueFault) -> NetworkRule.Destination {
    let masked = address.masked(length)
    guard masked == address else {
      throw ValueFault(
        .badDestination,
        "\(Printable.quoted(text)) has bits behind its prefix: a network or one address",
        hint: "\(masked)/\(length), or \(address) alone")
    }
    if address == .v4(0x7F00_0001) && length == 32 || address == .v6(0, 1) && length == 128 {
      return .loopback
    }
    if purpose == .grant { try GrantableNetwork.check(address, length, text) }
    return .network(address, prefixLength: length)
  }

  private static func wildcard(
    _ text: String, for purpose: Purpose
  ) throws(ValueFault) -> NetworkRule.Destination {
    guard text.utf8.starts(with: "*.".utf8), text.utf8.count > 2,
      !text.utf8.dropFirst().contains(UInt8(ascii: "*"))
    else {
      let isAll = text.hasSameBytes(as: "*") || text.hasSameBytes(as: "*.")
      throw ValueFault(
        .badDestination,
        isAll
          ? "every host at once can't be \(purpose == .grant ? "granted" : "denied")"
          : "\(Printable.quoted(text)) is no wildcard",
        hint: isAll && purpose == .denial
          ? "grant nothing instead"
          : "\"*.\" stands for all names below one, as in "
            + "\"*.example.com\"")
    }
    let name = try HostName.plain(String(decoding: text.utf8.dropFirst(2), as: UTF8.self))
    guard try AddressText.parse(name) == nil else {
      throw ValueFault(
        .badDestination, "\(Printable.quoted(text)): no names lie below an address")
    }
    let bytes = try HostName.check(name)
    guard !bytes.elementsEqual("localhost".utf8), !bytes.hasSuffix(Array(".localhost".utf8)) else {
      throw ValueFault(
        .badDestination, "\(Printable.quoted(text)) is the loopback under other names",
        hint: "write \"localhost\"")
    }
    if purpose == .grant { try refusePublicSuffix(name, text) }
    return .subdomains(bytes)
  }

  private static func refusePublicSuffix(_ name: String, _ text: String) throws(ValueFault) {
    if try PublicSuffixes.contains(name) {
      throw ValueFault(
        .badDestination,
        "\(Printable.quoted(text)) can't be granted: anybody can have a name below \(name)",
        hint: "write out whose, as in \"name.\(name)\" or \"*.name.\(name)\"")
    }
    if let suffix = try PublicSuffixes.first(below: name) {
      throw ValueFault(
        .badDestination,
        "\(Printable.quoted(text)) can't be granted: anybody can have a name below \(suffix)",
        hint: "write out the hosts that are needed")
    }
  }

  // MARK: - The port

  static func port(_ text: String, in whole: String) throws(ValueFault) -> UInt16? {
    if text.hasSameBytes(as: "*") { return nil }
    guard !text.isEmpty, text.utf8.count <= 5, text.utf8.allSatisfy(\.isDigit),
      let port = UInt16(text), port > 0, text.utf8.first != UInt8(ascii: "0")
    else {
      throw ValueFault(
        .badDestination, "\(Printable.quoted(whole)) has no port after the colon",
        hint: "a number from 1 to 65535, or * for every port")
    }
    return port
  }

  /// What no grant can have as a port.
  static func checkPort(_ rule: NetworkRule, _ purpose: Purpose) throws(ValueFault) {
    guard purpose == .grant else { return }
    if rule.port == 53 {
      throw ValueFault(
        .badDestination, "port 53 can't be granted: Cordon itself answers there",
        hint: "the server asks for names as usual; those that are granted are answered")
    }
    if rule.port == nil && rule.destination == .loopback {
      throw ValueFault(
        .badDestination, "every port of the machine's loopback can't be granted at once",
        hint: "name the ports, as in \"localhost:5432\"")
    }
  }

  private static func split(
    _ text: String, _ purpose: Purpose
  ) throws(ValueFault) -> (place: String, port: UInt16?) {
    let bytes = Array(text.utf8)
    let start =
      bytes.first == UInt8(ascii: "[")
      ? (bytes.firstIndex(of: UInt8(ascii: "]")) ?? 0) : 0
    guard let colon = bytes[start...].lastIndex(of: UInt8(ascii: ":")) else {
      if purpose == .denial { return (text, nil) }
      let example = text.isEmpty ? "api.example.com" : Printable.text(text.unicodeScalars)
      throw ValueFault(
        .badDestination, "\(Printable.quoted(text)) has no port",
        hint: "as in \"\(example):443\"")
    }
    if start == 0, bytes[..<colon].contains(UInt8(ascii: ":")) {
      let shown = Printable.text(text.unicodeScalars)
      throw ValueFault(
        .badDestination, "\(Printable.quoted(text)): an IPv6 address stands in brackets",
        hint: "as in \"[\(shown)]:443\"")
    }
    let rest = String(decoding: bytes[(colon + 1)...], as: UTF8.self)
    return (
      String(decoding: bytes[..<colon], as: UTF8.self), try port(rest, in: text)
    )
  }

  /// `https://host/path` and `user@host`.
  private static func refuseAddressOfPage(_ text: String) throws(ValueFault) {
    if let scheme = text.firstRange(of: "://") {
      let isPlain = text[..<scheme.lowerBound] == "http"
      let host = text[scheme.upperBound...].prefix { !"/:?#".contains($0) }
      throw ValueFault(
        .badDestination, "\(Printable.quoted(text)) is a URL, not a host and a port",
        hint: "as in \"\(Printable.text(host.unicodeScalars)):\(isPlain ? "80" : "443")\"; "
          + "a path can't be granted")
    }
    if let at = text.firstIndex(of: "@") {
      throw ValueFault(
        .badDestination, "\(Printable.quoted(text)) has a user in it",
        hint: "as in \"\(Printable.text(text[text.index(after: at)...].unicodeScalars))\"")
    }
  }
}
