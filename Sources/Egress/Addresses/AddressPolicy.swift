public import Control
public import Kernel

/// Whether an address may be connected to.
public enum AddressVerdict: Hashable, Sendable {
  case allowed
  case refused(AddressClass)
}

/// Which addresses a granted name may lead to. It is asked about the very address that is then
/// connected to, each time: an answer of the name service is worth nothing, however long it is to live.
public struct AddressPolicy: Sendable {
  private let allowlist: Allowlist
  private let networks: [(prefix: IPAddress, length: Int, port: UInt16?)]

  /// - Parameter rules: of them those that grant networks count here.
  public init(_ rules: [EgressRule], _ allowlist: Allowlist) {
    self.allowlist = allowlist
    networks = rules.compactMap { rule in
      guard case .network(let prefix, let length) = rule.destination else { return nil }
      return (prefix, length, rule.port)
    }
  }

  /// - Parameters:
  ///   - allowsPrivate: of the rule by which the connection is made.
  ///   - route: how the kernel would reach the address now; nil where it did not say.
  public func verdict(
    _ address: IPAddress, port: UInt16, allowsPrivate: Bool, route: Route?
  ) -> AddressVerdict {
    let kind = kind(of: address, route)
    if kind == .global { return .allowed }
    if allowsPrivate, Self.isPrivate(address, kind) { return .allowed }
    return isGranted(address, port, kind, route) ? .allowed : .refused(kind)
  }

  /// Whether a rule denies the address, whatever name leads to it.
  public func denies(_ address: IPAddress, port: UInt16) -> Bool {
    allowlist.denies(address: address, port: port)
  }

  private func kind(of address: IPAddress, _ route: Route?) -> AddressClass {
    let kind = AddressClass(address)
    guard kind == .global else {
      // What a rule lets lead to the private networks must not lead to a broadcast into them.
      if route == .shared { return .broadcast }
      return route == .own && Self.ofSites.contains(kind) ? .own : kind
    }
    return switch route {
    case .own: .own
    case .onLink: .onLink
    case .outward, .unreachable: .global
    case .shared: .broadcast
    case nil: .unknown
    }
  }

  /// The networks of sites.
  private static let ofSites: [AddressClass] = [.privateUse, .uniqueLocal, .carrier]

  /// What `private` opens.
  private static func isPrivate(_ address: IPAddress, _ kind: AddressClass) -> Bool {
    switch kind {
    case .onLink, .own: return true
    case _ where ofSites.contains(kind): return true
    case .translated:
      // In a network of NAT64 the well-known prefix leads to all of IPv4: what it leads to counts.
      guard let inner = address.wellKnownTranslation else { return false }
      let innerKind = AddressClass(inner)
      return innerKind == .global || isPrivate(inner, innerKind)
    default: return false
    }
  }

  /// Whether a rule grants it by address. A network that is wider than the special block that the
  /// address is in does not mean the block: `0.0.0.0/0` is the internet, not the machine's neighbours.
  /// The machine's own addresses and a cloud's metadata no network means: only the address itself.
  private func isGranted(
    _ address: IPAddress, _ port: UInt16, _ kind: AddressClass, _ route: Route?
  ) -> Bool {
    let least: Int
    switch kind {
    case .unspecified, .loopback, .multicast, .broadcast, .mapped, .unknown: return false
    case _ where route == .own: least = address.width
    case .own, .metadata: least = address.width
    // As wide as a site's network is at most.
    case .onLink: least = address.width / 4 + 8
    // The block leads to all of IPv4, and nobody means all of that.
    case .translated where address.wellKnownTranslation.map(AddressClass.init) != .global:
      least = address.width
    default: least = AddressClass.block(of: address)?.length ?? 0
    }
    return networks.contains {
      address.isWithin($0.prefix, length: $0.length) && $0.length >= least
        && ($0.port == nil || $0.port == port)
    }
  }
}
