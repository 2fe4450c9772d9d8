public import Kernel

/// What is expected of a connection, and read of it before it goes on.
public enum NetworkProtocol: String, CaseIterable, Sendable {
  /// A ClientHello that names the host.
  case tls
  /// HTTP/1, every request of which names the host.
  case http
  /// Anything: nothing is read.
  case tcp

  /// What holds on a port where nothing is said.
  public static func usual(on port: UInt16) -> NetworkProtocol {
    switch port {
    case 443: .tls
    case 80: .http
    default: .tcp
    }
  }
}

/// Whether a ClientHello must name the host.
public enum ServerNameRule: String, CaseIterable, Sendable {
  case required, optional
}

/// Where a server may connect to, or may not: one destination and one port.
public struct NetworkRule: Hashable, Sendable {
  public enum Destination: Hashable, Sendable {
    /// A host by name: A-labels in lower case, without the trailing dot.
    case host([UInt8])
    /// Every name below this one, and not this one itself.
    case subdomains([UInt8])
    /// The loopback of the machine.
    case loopback
    /// Without bits behind the prefix. Never a mapped address.
    case network(IPAddress, prefixLength: Int)
  }

  public let destination: Destination
  /// Nil for every port.
  public let port: UInt16?
  /// Nil for what is usual on the port.
  public var expected: NetworkProtocol?
  public var serverName: ServerNameRule = .required
  /// The name may lead to addresses that are not public.
  public var allowsPrivate = false

  public init(_ destination: Destination, port: UInt16?) {
    self.destination = destination
    self.port = port
  }

  /// What is read of a connection; nil for every port at once, where it depends on the port.
  public var inspection: NetworkProtocol? {
    switch destination {
    // No name is meant, so that none can be compared.
    case .loopback, .network: .tcp
    case .host, .subdomains: expected ?? port.map(NetworkProtocol.usual)
    }
  }

  /// `api.example.com:443`, `*.example.com:*`, `10.1.2.0/24:5432`: as `--allow` takes it.
  public var place: String { "\(destination):" + (port.map(String.init) ?? "*") }

  /// Whether it leaves nothing of the grant, as a denial.
  func covers(_ grant: NetworkRule) -> Bool {
    (port == nil || port == grant.port) && destination.contains(grant.destination)
  }
}

extension NetworkRule: CustomStringConvertible {
  /// The place, and in brackets what differs from the usual.
  public var description: String {
    var notes: [String] = []
    if let expected { notes.append(expected.rawValue) }
    if serverName == .optional { notes.append("sni optional") }
    if allowsPrivate { notes.append("private") }
    return place + (notes.isEmpty ? "" : " (\(notes.joined(separator: ", ")))")
  }
}

extension NetworkRule.Destination: CustomStringConvertible {
  public var description: String {
    switch self {
    case .host(let name): String(decoding: name, as: UTF8.self)
    case .subdomains(let name): "*." + String(decoding: name, as: UTF8.self)
    case .loopback: "localhost"
    case .network(let address, let length):
      switch address {
      case .v4: "\(address)" + (length == 32 ? "" : "/\(length)")
      case .v6: "[\(address)]" + (length == 128 ? "" : "/\(length)")
      }
    }
  }

  func contains(_ other: Self) -> Bool {
    switch (self, other) {
    case (.host(let name), .host(let inner)): name == inner
    case (.subdomains(let name), .host(let inner)): Self.isBelow(inner, name)
    case (.subdomains(let name), .subdomains(let inner)):
      name == inner || Self.isBelow(inner, name)
    case (.loopback, .loopback): true
    // A grant opens both addresses of it: a denial of one leaves none.
    case (.network(let prefix, let length), .loopback):
      IPAddress.v4(0x7F00_0001).isWithin(prefix, length: length)
        || IPAddress.v6(0, 1).isWithin(prefix, length: length)
    case (.network(let prefix, let length), .network(let inner, let innerLength)):
      length <= innerLength && inner.isWithin(prefix, length: length)
    default: false
    }
  }

  private static func isBelow(_ name: [UInt8], _ parent: [UInt8]) -> Bool {
    name.count > parent.count + 1 && name.hasSuffix([UInt8(ascii: ".")] + parent)
  }
}

extension [UInt8] {
  func hasSuffix(_ suffix: [UInt8]) -> Bool {
    count >= suffix.count && self[(count - suffix.count)...].elementsEqual(suffix)
  }
}
