import Glibc
import Kernel
import Testing

@testable import Egress

/// What this machine's kernel says; asking it sends nothing.
@Suite struct RouteTests {
  @Test func theLoopbackIsTheMachinesOwn() throws {
    var lookup = try RouteLookup()
    for text in ["127.0.0.1", "127.9.9.9"] {
      let address = try #require(IPAddress(text: text.utf8))
      for _ in 0..<3 {
        let route = try lookup.route(to: address)
        #expect(route == .own)
      }
    }
    let multicast = try lookup.route(to: .v4(0xE000_0001))
    #expect(multicast != .own)
  }

  @Test func whatTheKernelSaysIsRead() throws {
    let outward = route(4, prefix: 0, [attribute(5, [1, 2, 3, 4]), attribute(4, [2, 0, 0, 0])])
    let cases: [(name: String, message: [UInt8], Route?)] = [
      ("a router", outward, .outward),
      ("a neighbour", route(4, prefix: 24, [attribute(4, [2, 0, 0, 0])]), .onLink),
      ("a tunnel for everything", route(4, prefix: 0, [attribute(4, [2, 0, 0, 0])]), .outward),
      ("a tunnel for a half of it", route(4, prefix: 1, []), .outward),
      ("a router of the other family", route(4, prefix: 8, [attribute(18, [10, 0, 1])]), .outward),
      ("a neighbour of IPv6", route(10, prefix: 64, []), .onLink),
      ("two routers", route(4, prefix: 16, [attribute(9, hop(true) + hop(true))]), .outward),
      ("a router or none", route(4, prefix: 16, [attribute(9, hop(true) + hop(false))]), .onLink),
      ("hops cut short", route(4, prefix: 16, [attribute(9, [40, 0, 0, 0, 0, 0, 0, 0])]), .onLink),
      ("its own", route(4, prefix: 32, [], type: 2), .own),
      ("a broadcast", route(4, prefix: 32, [], type: 3), .shared),
      ("a multicast", route(4, prefix: 4, [], type: 5), .shared),
      ("a prohibition", route(4, prefix: 4, [], type: 8), .unreachable),
      ("another question's", outward.enumerated().map { $0.offset == 8 ? 6 : $0.element }, nil),
      ("too short", Array(outward[..<27]), nil),
    ]
    for (name, message, expected) in cases {
      let answer = RouteMessage.read(message[...], sequence: 7)
      #expect(answer == expected.map { .route($0) }, "\(name)")
    }
    let failure: [UInt8] =
      [36, 0, 0, 0, 2, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0] + [0x9B, 0xFF, 0xFF, 0xFF]
    #expect(RouteMessage.read(failure[...], sequence: 7) == .failure(ENETUNREACH))
  }

  private func route(
    _ family: UInt8, prefix: UInt8, _ attributes: [[UInt8]], type: UInt8 = 1
  ) -> [UInt8] {
    let family = family == 4 ? UInt8(AF_INET) : UInt8(AF_INET6)
    return [0, 0, 0, 0, 24, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0]
      + [family, prefix, 0, 0, 254, 3, 0, type, 0, 0, 0, 0] + attributes.flatMap { $0 }
  }

  private func attribute(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
    let bytes = [UInt8(4 + body.count), 0, type, 0] + body
    return bytes + [UInt8](repeating: 0, count: (4 - bytes.count % 4) % 4)
  }

  private func hop(_ hasGateway: Bool) -> [UInt8] {
    let gateway = hasGateway ? attribute(5, [1, 2, 3, 4]) : []
    return [UInt8(8 + gateway.count), 0, 0, 0, 2, 0, 0, 0] + gateway
  }
}
