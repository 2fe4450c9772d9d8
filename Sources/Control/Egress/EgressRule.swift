public import Kernel

/// Where a server may connect to, or may not: one destination and one port.
public struct EgressRule: Hashable, Sendable {
  public enum Destination: Hashable, Sendable {
    /// A host by name: A-labels in lower case, without the trailing dot.
    case host([UInt8])
    /// Every name below this one, and not this one itself.
    case subdomains([UInt8])
    /// The loopback of the host, which the server knows as `localhost`.
    case loopback
    case network(IPAddress, prefixLength: Int)
  }

  /// What is read of a connection before it may go on.
  public enum Inspection: UInt64, Sendable {
    /// Nothing: any protocol may be spoken.
    case none = 0
    /// A ClientHello, whose server name must be the name.
    case tls = 1
    /// HTTP/1, request by request, each with the name as its Host.
    case http = 2

    /// What is expected on a port where the rule says nothing.
    public static func usual(on port: UInt16) -> Inspection {
      switch port {
      case 443: .tls
      case 80: .http
      default: .none
      }
    }
  }

  public var destination: Destination
  /// Nil for every port.
  public var port: UInt16?
  /// Nil for what is usual on the port.
  public var inspection: Inspection?
  /// A ClientHello without a server name passes.
  public var allowsMissingName: Bool
  /// The name may lead to private-use, unique-local, carrier's, on-link and the machine's own
  /// addresses. Never to the loopback, to link-local or to a cloud's metadata.
  public var allowsPrivate: Bool

  public init(
    _ destination: Destination, port: UInt16?, inspection: Inspection? = nil,
    allowsMissingName: Bool = false, allowsPrivate: Bool = false
  ) {
    self.destination = destination
    self.port = port
    self.inspection = inspection
    self.allowsMissingName = allowsMissingName
    self.allowsPrivate = allowsPrivate
  }

  /// As an option or a profile would write it: `api.example.com:443`, `*.example.com:*`,
  /// `10.1.2.0/24:5432`, `[2001:db8::]/32:443`.
  public var text: String {
    let host =
      switch destination {
      case .host(let name): String(decoding: name, as: UTF8.self)
      case .subdomains(let name): "*." + String(decoding: name, as: UTF8.self)
      case .loopback: "localhost"
      case .network(let address, let length):
        switch address {
        case .v4: "\(address)" + (length == 32 ? "" : "/\(length)")
        case .v6: "[\(address)]" + (length == 128 ? "" : "/\(length)")
        }
      }
    return host + ":" + (port.map(String.init) ?? "*")
  }
}
