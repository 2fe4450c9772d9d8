public import Kernel

/// What a sandbox's network looks like from inside: the addresses that stand for names, and the
/// sockets that take connections to them. Made from the rules alone, so that the stage, which opens
/// the sockets, and the egress process, which serves them, mean the same.
public struct EgressLayout: Hashable, Sendable {
  /// A name that is granted in full, and what stands for it inside.
  public struct Name: Hashable, Sendable {
    public let name: [UInt8]
    public let v4: IPAddress
    public let v6: IPAddress
  }

  public struct Socket: Hashable, Sendable {
    public enum Purpose: UInt64, Sendable {
      /// UDP: names are asked here.
      case datagramNames = 1
      /// TCP: the same for long answers.
      case streamNames = 2
      /// TCP: a destination by its address, or by any.
      case destination = 3
      /// TCP on the sandbox's loopback: the host's loopback is meant.
      case loopback = 4
      /// TCP on the sandbox's loopback: where the kernel sends whatever goes to no other socket.
      case redirected = 5
    }

    public let purpose: Purpose
    /// Nil for every address of both families.
    public let address: IPAddress?
    /// 0 for one that the kernel chooses.
    public let port: UInt16
  }

  public let names: [Name]
  public let sockets: [Socket]
  /// A rule grants every port: without the kernel's redirection it could not be kept.
  public let requiresRedirection: Bool

  /// Of ports that are taken on every address, and of sockets for single names.
  public static let mostPorts = 128
  public static let mostNameSockets = 256

  /// Addresses of names that are granted in full, of those that a wildcard grants, and what the
  /// sandbox itself has. Ordinary unicast for every library that looks: not private, not reserved, and
  /// routed by nobody here. (28.0.0.0/8 is never announced; 2e00::/8 is not allocated.)
  public static let range4 = (prefix: IPAddress.v4(0x1C40_0000), length: 10)
  public static let range6 = (prefix: IPAddress.v6(0x2E00_C0D0 << 32, 0), length: 32)
  public static let own4 = IPAddress.v4(0x1C40_0002)
  public static let own6 = IPAddress.v6(0x2E00_C0D0 << 32, 2)
  /// What the sandbox's `resolv.conf` names. Any other address answers too.
  public static let resolver = IPAddress.v4(0x1C40_0001)

  /// The address pair of the n-th name that is granted in full.
  public static func address(ofName index: Int) -> (v4: IPAddress, v6: IPAddress) {
    (
      .v4(0x1C41_0000 + UInt32(clamping: index)),
      .v6(0x2E00_C0D0 << 32 | 1, UInt64(clamping: index) + 1)
    )
  }

  /// The address pair of the n-th name below a wildcard.
  public static func address(ofSubdomain index: Int) -> (v4: IPAddress, v6: IPAddress) {
    (
      .v4(0x1C50_0000 + UInt32(clamping: index)),
      .v6(0x2E00_C0D0 << 32 | 2, UInt64(clamping: index) + 1)
    )
  }

  /// - Parameter rules: grants; at least one, of at most `mostPorts` ports in all.
  public init(_ rules: [EgressRule]) {
    var seen: Set<[UInt8]> = []
    var names: [Name] = []
    for case .host(let name) in rules.map(\.destination) where seen.insert(name).inserted {
      let address = Self.address(ofName: names.count)
      names.append(Name(name: name, v4: address.v4, v6: address.v6))
    }
    self.names = names
    requiresRedirection = rules.contains { $0.port == nil && $0.destination != .loopback }
    sockets = Self.sockets(rules, names)
  }

  private init(names: [Name], sockets: [Socket], requiresRedirection: Bool) {
    self.names = names
    self.sockets = sockets
    self.requiresRedirection = requiresRedirection
  }

  /// Ports that every address needs, for a wildcard, a network, or too many names: those are taken
  /// from the server's own loopback.
  public static func widePorts(_ rules: [EgressRule]) -> [UInt16] {
    let pairs = Set(
      rules.compactMap { rule -> EgressRule? in
        guard case .host = rule.destination else { return nil }
        return EgressRule(rule.destination, port: rule.port)
      })
    let areTooMany = 2 * pairs.count > mostNameSockets
    let ports = rules.compactMap { rule -> UInt16? in
      switch rule.destination {
      case .subdomains, .network: rule.port
      case .host: areTooMany ? rule.port : nil
      case .loopback: nil
      }
    }
    return Set(ports).sorted()
  }

  private static func sockets(_ rules: [EgressRule], _ names: [Name]) -> [Socket] {
    var sockets = [
      Socket(purpose: .datagramNames, address: nil, port: 53),
      Socket(purpose: .streamNames, address: nil, port: 53),
    ]
    let wide = widePorts(rules).filter { $0 != 53 }
    sockets += wide.map { Socket(purpose: .destination, address: nil, port: $0) }
    for name in names {
      let ports = rules.compactMap { rule -> UInt16? in
        rule.destination == .host(name.name) ? rule.port : nil
      }
      for port in Set(ports).sorted() where !wide.contains(port) && port != 53 {
        sockets.append(Socket(purpose: .destination, address: name.v4, port: port))
        sockets.append(Socket(purpose: .destination, address: name.v6, port: port))
      }
    }
    let loopback = rules.compactMap { $0.destination == .loopback ? $0.port : nil }
    for port in Set(loopback).sorted() where !wide.contains(port) {
      sockets.append(Socket(purpose: .loopback, address: .v4(0x7F00_0001), port: port))
      sockets.append(Socket(purpose: .loopback, address: .v6(0, 1), port: port))
    }
    sockets.append(Socket(purpose: .redirected, address: .v4(0x7F00_0001), port: 0))
    sockets.append(Socket(purpose: .redirected, address: .v6(0, 1), port: 0))
    return sockets
  }
}

extension EgressLayout {
  public func append(to writer: inout FrameWriter) {
    writer.append(names) { writer, name in
      writer.append(name.name)
      writer.append(name.v4.networkOrder)
      writer.append(name.v6.networkOrder)
    }
    writer.append(sockets) { writer, socket in
      writer.append(socket.purpose.rawValue)
      writer.append(socket.address?.networkOrder ?? [])
      writer.append(UInt64(socket.port))
    }
    writer.append(requiresRedirection)
  }

  public init(_ fields: inout FrameFields) throws(FrameError) {
    let names = try fields.list { (fields) throws(FrameError) in
      Name(name: try fields.bytes(), v4: try fields.address(), v6: try fields.address())
    }
    let sockets = try fields.list { (fields) throws(FrameError) in
      guard let purpose = Socket.Purpose(rawValue: try fields.integer()) else {
        throw .invalid("socket")
      }
      let bytes = try fields.bytes()
      let address = IPAddress(networkOrder: bytes)
      guard bytes.isEmpty || address != nil else { throw .invalid("address") }
      return Socket(purpose: purpose, address: address, port: try fields.port())
    }
    self.init(names: names, sockets: sockets, requiresRedirection: try fields.boolean())
  }
}

extension FrameFields {
  mutating func address() throws(FrameError) -> IPAddress {
    guard let address = IPAddress(networkOrder: try bytes()) else { throw .invalid("address") }
    return address
  }

  mutating func port() throws(FrameError) -> UInt16 {
    guard let port = UInt16(exactly: try integer()) else { throw .invalid("port") }
    return port
  }
}
