import Kernel

/// Names whose answer does not depend on the rules.
enum SpecialName: Equatable {
  case root
  /// `localhost` and all below it (RFC 6761, 6.3).
  case loopback
  /// An address by its reverse name (RFC 1035, 3.5; RFC 3596, 2.5).
  case address(IPAddress)
  /// What resolvers and clients ask by themselves to find out about the network, and what is asked
  /// of the reverse tree otherwise: there is none, and nobody needs to be told.
  case probe

  /// - Parameter name: in lower case, without the trailing dot.
  init?(_ name: [UInt8]) {
    if name.isEmpty {
      self = .root
      return
    }
    let text = String(decoding: name, as: UTF8.self)
    if text == "localhost" || text.hasSuffix(".localhost") {
      self = .loopback
    } else if text.hasSuffix(".in-addr.arpa") || text.hasSuffix(".ip6.arpa") {
      self = Self.address(reverse: text).map { .address($0) } ?? .probe
    } else if text == "arpa" || text.hasSuffix(".arpa") || text == "use-application-dns.net" {
      // resolver.arpa (RFC 9462), ipv4only.arpa (RFC 7050), and the name by which browsers ask
      // whether they may resolve by themselves.
      self = .probe
    } else {
      return nil
    }
  }

  /// The host of a service's name: what follows the labels that begin with `_` (RFC 8552).
  static func host(ofService name: [UInt8]) -> [UInt8] {
    var rest = name[...]
    while rest.first == UInt8(ascii: "_"), let dot = rest.firstIndex(of: UInt8(ascii: ".")) {
      rest = rest[(dot + 1)...]
    }
    return Array(rest)
  }

  private static func address(reverse text: String) -> IPAddress? {
    let labels = text.split(separator: ".").dropLast(2).reversed()
    let isV4 = text.hasSuffix(".in-addr.arpa")
    let numbers = labels.compactMap { UInt8($0, radix: isV4 ? 10 : 16) }
    guard numbers.count == labels.count, numbers.count == (isV4 ? 4 : 32) else { return nil }
    if isV4 { return IPAddress(networkOrder: numbers) }
    guard numbers.allSatisfy({ $0 < 16 }) else { return nil }
    return IPAddress(
      networkOrder: stride(from: 0, to: 32, by: 2).map { numbers[$0] << 4 | numbers[$0 + 1] })
  }
}
