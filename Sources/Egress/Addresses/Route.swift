import Glibc
public import Kernel

/// How the kernel would reach an address.
public enum Route: Hashable, Sendable {
  /// It is an address of this machine.
  case own
  /// A neighbour on one of its links.
  case onLink
  /// Through a router, or through a link that has no neighbours.
  case outward
  /// Broadcast, multicast or anycast.
  case shared
  /// Not at all.
  case unreachable
}

/// Asks the kernel's routing table, over a socket that is opened once (rtnetlink(7)).
public struct RouteLookup: ~Copyable {
  private let socket: OwnedDescriptor
  private var sequence: UInt32 = 0
  private var buffer = [UInt8](repeating: 0, count: 8192)

  /// Opens the socket: to be called before the process gives up the right to.
  public init() throws(SystemError) {
    socket = OwnedDescriptor(
      owning: try check("route", "socket") {
        Glibc.socket(AF_NETLINK, Int32(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue), 0)
      })
  }

  /// - Throws: where the kernel does not answer. That there is no route is no error.
  public mutating func route(to address: IPAddress) throws(SystemError) -> Route {
    sequence &+= 1
    let request = RouteMessage.request(for: address, sequence: sequence)
    try send(request)
    while true {
      let message = try receive()
      switch RouteMessage.read(message, sequence: sequence) {
      case .route(let route): return route
      case .failure(let errno) where Self.noRoute.contains(errno): return .unreachable
      case .failure(let errno): throw error(Errno(errno))
      // An answer to an earlier question, whose asker was told of an error.
      case nil: continue
      }
    }
  }

  /// What the kernel answers for no route, or for one that forbids (ip-route(8)).
  private static let noRoute: Set<Int32> = [ENETUNREACH, EHOSTUNREACH, EACCES, EINVAL]

  private func send(_ request: [UInt8]) throws(SystemError) {
    _ = try socket.withRaw { (raw) throws(SystemError) in
      try check("route", "ask") {
        // As many bytes as the array has.
        unsafe Glibc.send(raw, request, request.count, 0)
      }
    }
  }

  /// The kernel answers before `send` returns: an answer that is not there will not come.
  private mutating func receive() throws(SystemError) -> ArraySlice<UInt8> {
    let capacity = buffer.count
    let count = try socket.withRaw { (raw) throws(SystemError) in
      try check("route", "answer") {
        // No more bytes than the array has.
        unsafe recv(raw, &buffer, capacity, Int32(MSG_DONTWAIT))
      }
    }
    return buffer[..<count]
  }

  private func error(_ errno: Errno) -> SystemError {
    SystemError(step: "route", subject: "ask", errno: errno)
  }
}
