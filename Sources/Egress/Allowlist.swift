public import Control
public import Kernel

/// The grants and denials of one launch, ready to be asked about a destination. A denial wins over
/// every grant; among grants the closest one decides how a connection is treated: a name before a
/// wildcard, a longer name or prefix before a shorter one, a port before any port, and of two for
/// the same the later.
///
/// Names are asked for as rules have them: A-labels in lower case, without the trailing dot.
public struct Allowlist: Sendable {
  public enum Decision: Hashable, Sendable {
    case granted(EgressRule)
    case refused(EgressRefusal.Reason)
  }

  private let grants: Rules
  private let denials: Rules

  public init(_ rules: [EgressRule], denials: [EgressRule] = []) {
    grants = Rules(rules)
    self.denials = Rules(denials)
  }

  /// Whether a connection to a name may be made, and under which rule.
  public func decide(name: [UInt8], port: UInt16) -> Decision {
    decide(
      granting: grants.matching(name), denying: denials.matching(name), port: port,
      ungranted: .name)
  }

  /// The same for an address that stands for no name. A mapped address is the one it stands for.
  public func decide(address: IPAddress, port: UInt16) -> Decision {
    decide(
      granting: grants.matching(address.unmapped), denying: denials.reaching(address),
      port: port, ungranted: .address)
  }

  /// The same for the loopback of the host. Who denies one of its addresses denies it.
  public func decide(loopback port: UInt16) -> Decision {
    let addresses: [IPAddress] = [.v4(0x7F00_0001), .v6(0, 1)]
    return decide(
      granting: grants.loopback, denying: denials.loopback + addresses.flatMap(denials.matching),
      port: port, ungranted: .address)
  }

  /// Whether a denial covers an address that a granted name leads to, or one of IPv4 that it carries.
  public func denies(address: IPAddress, port: UInt16) -> Bool {
    denials.reaching(address).contains { $0.covers(port) }
  }

  /// Whether a name is granted on any port.
  public func grants(name: [UInt8]) -> Bool { refusal(name: name) == nil }

  /// Why a name is granted on no port: `denied` or `name`. Nil if it is granted on any.
  public func refusal(name: [UInt8]) -> EgressRefusal.Reason? {
    let denying = denials.matching(name)
    let granting = grants.matching(name)
    // A finite number of denied ports never exhausts a grant of every port, but a denial of every
    // port does.
    let remains = granting.contains { grant in
      !denying.contains { denial in
        guard let port = grant.port else { return denial.port == nil }
        return denial.covers(port)
      }
    }
    if remains { return nil }
    return denying.isEmpty ? .name : .denied
  }

  private func decide(
    granting: [EgressRule], denying: [EgressRule], port: UInt16, ungranted: EgressRefusal.Reason
  ) -> Decision {
    if denying.contains(where: { $0.covers(port) }) { return .refused(.denied) }
    if let rule = granting.first(where: { $0.covers(port) }) { return .granted(rule) }
    return .refused(granting.isEmpty ? ungranted : .port)
  }
}

/// Rules by what they are for.
private struct Rules {
  private var hosts: [[UInt8]: [EgressRule]] = [:]
  private var wildcards: [[UInt8]: [EgressRule]] = [:]
  private(set) var loopback: [EgressRule] = []
  private var networks: [EgressRule] = []

  init(_ rules: [EgressRule]) {
    for rule in rules {
      switch rule.destination {
      case .host(let name): hosts[name, default: []].append(rule)
      case .subdomains(let name): wildcards[name, default: []].append(rule)
      case .loopback: loopback.append(rule)
      case .network: networks.append(rule)
      }
    }
  }

  /// The rules for a name, the closest first.
  func matching(_ name: [UInt8]) -> [EgressRule] {
    var found = closestFirst(hosts[name] ?? [])
    guard !wildcards.isEmpty else { return found }
    var rest = name[...]
    while let dot = rest.firstIndex(of: UInt8(ascii: ".")) {
      rest = rest[(dot + 1)...]
      guard let rules = wildcards[Array(rest)] else { continue }
      found += closestFirst(rules)
    }
    return found
  }

  /// The rules for an address, the closest first.
  func matching(_ address: IPAddress) -> [EgressRule] {
    var lengths: [Int: [EgressRule]] = [:]
    for rule in networks {
      guard case .network(let prefix, let length) = rule.destination,
        address.isWithin(prefix, length: length)
      else { continue }
      lengths[length, default: []].append(rule)
    }
    return lengths.sorted { $0.key > $1.key }.flatMap { closestFirst($0.value) }
  }

  /// The rules for an address, and for those that it carries.
  func reaching(_ address: IPAddress) -> [EgressRule] {
    matching(address.unmapped) + address.carried.flatMap(matching)
  }

  private func closestFirst(_ rules: [EgressRule]) -> [EgressRule] {
    let latest = rules.reversed()
    return latest.filter { $0.port != nil } + latest.filter { $0.port == nil }
  }
}

extension EgressRule {
  fileprivate func covers(_ other: UInt16) -> Bool { port == nil || port == other }
}
