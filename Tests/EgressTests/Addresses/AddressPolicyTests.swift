import Control
import Kernel
import Testing

@testable import Egress

@Suite struct AddressPolicyTests {
  static func address(_ text: String) throws -> IPAddress {
    try #require(IPAddress(text: text.utf8), "\(text)")
  }

  static func policy(_ networks: [(String, Int, UInt16?)] = []) throws -> AddressPolicy {
    let rules = try networks.map {
      EgressRule(.network(try address($0.0), prefixLength: $0.1), port: $0.2)
    }
    return AddressPolicy(rules, Allowlist(rules))
  }

  static let classes: [(AddressClass, [String])] = [
    (
      .global,
      [
        "1.1.1.1", "28.65.0.0", "100.63.255.255", "100.128.0.0", "172.32.0.1", "192.0.1.1",
        "198.17.0.1", "198.20.0.0", "223.255.255.255", "2606:4700::1111", "2001:4860:4860::8888",
        "2a00::1",
        "2001:200::1",
      ]
    ),
    (.unspecified, ["0.0.0.0", "0.1.2.3", "::"]),
    (.loopback, ["127.0.0.1", "127.255.255.254", "::1"]),
    (.linkLocal, ["169.254.0.1", "169.254.169.253", "fe80::1", "febf::1"]),
    (
      .metadata,
      [
        "169.254.169.254", "169.254.170.2", "100.100.100.200", "168.63.129.16", "192.0.0.192",
        "fd00:ec2::254", "fd20:ce::254", "fd00:42::42",
      ]
    ),
    (.multicast, ["224.0.0.1", "239.255.255.250", "ff02::1", "ff0e::1"]),
    (.broadcast, ["255.255.255.255"]),
    (
      .reserved,
      [
        "192.0.0.1", "240.0.0.1", "255.255.255.254", "100::1", "2001:20::1", "4000::1",
        "5f00::1", "fec0::1", "::2:0:0:0",
      ]
    ),
    (.privateUse, ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"]),
    (.uniqueLocal, ["fc00::1", "fd12:3456::1", "fd00:ec3::254"]),
    (.carrier, ["100.64.0.1", "100.127.255.255"]),
    (.benchmark, ["198.18.0.1", "198.19.255.255", "2001:2::1"]),
    (.documentation, ["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"]),
    (.mapped, ["::ffff:127.0.0.1", "::ffff:8.8.8.8", "::7f00:1", "::8.8.8.8"]),
    (.translated, ["64:ff9b::8.8.8.8", "64:ff9b:1::1", "::ffff:0:8.8.8.8"]),
    (
      .tunnelled,
      [
        "2002:7f00:1::1", "2001::1", "192.88.99.1", "2600::5efe:10.0.0.1",
        "2600::200:5efe:8.8.8.8",
      ]
    ),
  ]

  @Test(arguments: classes) func anAddressHasItsClass(_ kind: AddressClass, _ texts: [String])
    throws
  {
    for text in texts {
      #expect(AddressClass(try Self.address(text)) == kind, "\(text)")
      guard kind != .global else { continue }
      #expect(
        try Self.policy().verdict(
          Self.address(text), port: 443, allowsPrivate: false, route: .outward) == .refused(kind),
        "\(text)")
    }
  }

  @Test func privateOpensWhatIsPrivateAndNothingElse() throws {
    let policy = try Self.policy()
    let open: Set<AddressClass> = [.global, .privateUse, .uniqueLocal, .carrier]
    for (kind, texts) in Self.classes where kind != .translated {
      for text in texts {
        let verdict = policy.verdict(
          try Self.address(text), port: 443, allowsPrivate: true, route: .outward)
        #expect((verdict == .allowed) == open.contains(kind), "\(text)")
      }
    }
  }

  /// Through NAT64 as far as what it leads to is open too.
  @Test(arguments: [
    ("64:ff9b::8.8.8.8", true), ("64:ff9b::10.0.0.1", true), ("64:ff9b::127.0.0.1", false),
    ("64:ff9b::169.254.169.254", false), ("64:ff9b:1::8.8.8.8", false), ("::ffff:0:8.8.8.8", false),
  ]) func translationIsSeenThrough(_ text: String, _ isOpen: Bool) throws {
    let verdict = try Self.policy().verdict(
      Self.address(text), port: 443, allowsPrivate: true, route: .outward)
    #expect((verdict == .allowed) == isOpen)
  }

  @Test func theRouteDecidesWhatTheAddressDoesNot() throws {
    let policy = try Self.policy()
    let address = try Self.address("8.8.8.8")
    let expected: [(Route?, AddressVerdict, AddressVerdict)] = [
      (.outward, .allowed, .allowed), (.unreachable, .allowed, .allowed),
      (.own, .refused(.own), .allowed), (.onLink, .refused(.onLink), .allowed),
      (.shared, .refused(.broadcast), .refused(.broadcast)),
      (nil, .refused(.unknown), .refused(.unknown)),
    ]
    for (route, closed, open) in expected {
      #expect(policy.verdict(address, port: 1, allowsPrivate: false, route: route) == closed)
      #expect(policy.verdict(address, port: 1, allowsPrivate: true, route: route) == open)
    }
    let private_ = try Self.address("10.0.0.255")
    #expect(
      policy.verdict(private_, port: 1, allowsPrivate: true, route: .shared) == .refused(.broadcast)
    )
  }

  @Test func privateStillOpensTheMachinesOwnAddress() throws {
    let policy = try Self.policy()
    for text in ["10.0.0.5", "fd12::1", "100.64.0.1"] {
      let address = try Self.address(text)
      #expect(
        policy.verdict(address, port: 1, allowsPrivate: true, route: .own) == .allowed, "\(text)")
      #expect(
        policy.verdict(address, port: 1, allowsPrivate: false, route: .own) == .refused(.own),
        "\(text)")
    }
  }

  /// 10.0.0.1 in the forms in which IPv6 carries it, and what only looks like one.
  @Test(arguments: [
    ("10.0.0.1", true), ("::ffff:10.0.0.1", true), ("::10.0.0.1", true),
    ("::ffff:0:10.0.0.1", true), ("64:ff9b::10.0.0.1", true), ("64:ff9b:1::10.0.0.1", true),
    ("64:ff9b:1:a00:0:100::", true), ("64:ff9b:1:a:0:1::", true),
    ("64:ff9b:1:0:a:0:100:0", true), ("2002:a00:1::1", true),
    ("2001:0:808:808:0:0:f5ff:fffe", true), ("2600::5efe:10.0.0.1", true),
    ("64:ff9b::11.0.0.1", false), ("2606:4700::10.0.0.1", false), ("11.0.0.1", false),
  ]) func aDenialCoversWhatCarriesTheAddress(_ text: String, _ isDenied: Bool) throws {
    let denial = EgressRule(.network(.v4(0x0A00_0000), prefixLength: 8), port: 443)
    let allowlist = Allowlist([], denials: [denial])
    let address = try Self.address(text)
    #expect(AddressPolicy([], allowlist).denies(address, port: 443) == isDenied)
    #expect(!AddressPolicy([], allowlist).denies(address, port: 80))
    #expect((allowlist.decide(address: address, port: 443) == .refused(.denied)) == isDenied)
  }

  @Test func aGrantOfANetworkMeansWhatItNames() throws {
    let cases: [(grant: (String, Int), address: String, Route, isOpen: Bool)] = [
      (("10.1.0.0", 16), "10.1.2.3", .outward, true),
      (("10.1.0.0", 16), "10.2.2.3", .outward, false),
      (("0.0.0.0", 0), "10.1.2.3", .outward, false),
      (("0.0.0.0", 0), "169.254.169.254", .outward, false),
      (("169.254.0.0", 16), "169.254.169.254", .outward, false),
      (("169.254.169.254", 32), "169.254.169.254", .outward, true),
      (("127.0.0.0", 8), "127.0.0.1", .own, false),
      (("0.0.0.0", 0), "8.8.8.8", .own, false),
      (("8.8.8.0", 24), "8.8.8.8", .own, false),
      (("8.8.8.8", 32), "8.8.8.8", .own, true),
      (("0.0.0.0", 0), "8.8.8.8", .onLink, false),
      (("8.8.8.0", 24), "8.8.8.8", .onLink, true),
      // A range that holds the machine's own address does not mean the machine, whatever its class.
      (("10.0.0.0", 8), "10.0.0.5", .own, false),
      (("10.0.0.5", 32), "10.0.0.5", .own, true),
      (("100.64.0.0", 10), "100.64.0.1", .own, false),
      (("fd12::", 16), "fd12::1", .own, false),
      (("fd12::1", 128), "fd12::1", .own, true),
      (("192.0.2.0", 24), "192.0.2.1", .own, false),
      (("fd00:ec2::", 32), "fd00:ec2::254", .outward, false),
      (("fd00:ec2::", 64), "fd00:ec2::254", .outward, false),
      (("fd00:ec2::254", 128), "fd00:ec2::254", .outward, true),
      (("fd20:ce::", 48), "fd20:ce::254", .outward, false),
      (("64:ff9b::", 96), "64:ff9b::8.8.8.8", .outward, true),
      (("64:ff9b::", 96), "64:ff9b::127.0.0.1", .outward, false),
      (("64:ff9b::", 96), "64:ff9b::169.254.169.254", .outward, false),
      (("2000::", 3), "2002::1", .outward, false),
      (("ff00::", 8), "ff02::1", .shared, false),
    ]
    for (grant, text, route, isOpen) in cases {
      let policy = try Self.policy([(grant.0, grant.1, 5432)])
      let address = try Self.address(text)
      let verdict = policy.verdict(address, port: 5432, allowsPrivate: false, route: route)
      #expect((verdict == .allowed) == isOpen, "\(text) under \(grant)")
      #expect(policy.verdict(address, port: 80, allowsPrivate: false, route: route) != .allowed)
    }
  }
}
