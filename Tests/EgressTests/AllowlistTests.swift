import Control
import Kernel
import Testing

@testable import Egress

@Suite struct AllowlistTests {
  static func host(
    _ name: String, _ port: UInt16?, allowsPrivate: Bool = false
  ) -> EgressRule {
    EgressRule(.host(Array(name.utf8)), port: port, allowsPrivate: allowsPrivate)
  }

  static func below(_ name: String, _ port: UInt16?) -> EgressRule {
    EgressRule(.subdomains(Array(name.utf8)), port: port)
  }

  static func network(_ word: UInt32, _ length: Int, _ port: UInt16?) -> EgressRule {
    EgressRule(.network(.v4(word), prefixLength: length), port: port)
  }

  static func decide(_ list: Allowlist, _ name: String, _ port: UInt16) -> Allowlist.Decision {
    list.decide(name: Array(name.utf8), port: port)
  }

  @Test func aNameIsGrantedOnItsPortsAlone() {
    let list = Allowlist([Self.host("a.example.com", 443), Self.host("a.example.com", 8443)])
    #expect(Self.decide(list, "a.example.com", 443) == .granted(Self.host("a.example.com", 443)))
    #expect(Self.decide(list, "a.example.com", 8443) == .granted(Self.host("a.example.com", 8443)))
    #expect(Self.decide(list, "a.example.com", 80) == .refused(.port))
    for name in ["example.com", "b.a.example.com", "xa.example.com", "a.example.com.", "com", ""] {
      #expect(Self.decide(list, name, 443) == .refused(.name), "\(name)")
    }
  }

  @Test func aWildcardGrantsWhatIsBelowAndNotItself() {
    let list = Allowlist([Self.below("example.com", 443)])
    for name in ["a.example.com", "b.a.example.com", ".example.com"] {
      #expect(
        Self.decide(list, name, 443) == .granted(Self.below("example.com", 443)), "\(name)")
    }
    for name in ["example.com", "aexample.com", "example.com.org", "com"] {
      #expect(Self.decide(list, name, 443) == .refused(.name), "\(name)")
    }
    #expect(Self.decide(list, "a.example.com", 80) == .refused(.port))
  }

  @Test func theClosestRuleDecides() {
    let rules = [
      Self.below("example.com", nil), Self.below("a.example.com", 443),
      Self.host("x.example.com", nil),
      Self.host("x.example.com", 443), Self.host("x.example.com", 443, allowsPrivate: true),
    ]
    let list = Allowlist(rules)
    #expect(Self.decide(list, "x.example.com", 443) == .granted(rules[4]))
    #expect(Self.decide(list, "x.example.com", 80) == .granted(rules[2]))
    #expect(Self.decide(list, "y.a.example.com", 443) == .granted(rules[1]))
    #expect(Self.decide(list, "y.a.example.com", 80) == .granted(rules[0]))
  }

  @Test func denialsWin() {
    let list = Allowlist(
      [Self.below("example.com", nil), Self.host("a.test", 443), Self.host("b.test", nil)],
      denials: [
        Self.host("bad.example.com", nil), Self.below("deep.example.com", 443),
        Self.host("a.test", nil), Self.host("b.test", 22), Self.host("c.test", nil),
      ])
    #expect(Self.decide(list, "bad.example.com", 1) == .refused(.denied))
    #expect(Self.decide(list, "x.deep.example.com", 443) == .refused(.denied))
    #expect(Self.decide(list, "x.deep.example.com", 80) == .granted(Self.below("example.com", nil)))
    #expect(Self.decide(list, "deep.example.com", 443) == .granted(Self.below("example.com", nil)))
    #expect(Self.decide(list, "b.test", 22) == .refused(.denied))
    let named = ["bad.example.com", "x.deep.example.com", "a.test", "b.test", "c.test", "d.test"]
    #expect(
      named.map { list.refusal(name: Array($0.utf8)) } == [
        .denied, nil, .denied, nil, .denied, .name,
      ])
    #expect(list.grants(name: Array("b.test".utf8)))
    #expect(!list.grants(name: Array("a.test".utf8)))
  }

  @Test func everyGrantedPortDeniedIsNoGrant() {
    let list = Allowlist(
      [Self.host("a.test", 443), Self.host("a.test", 80)],
      denials: [Self.host("a.test", 443), Self.host("a.test", 80)])
    #expect(list.refusal(name: Array("a.test".utf8)) == .denied)
  }

  @Test func addressesAreGrantedByPrefix() {
    let rules = [
      Self.network(0x0A00_0000, 8, 443), Self.network(0x0A01_0200, 24, 5432),
      Self.network(0x0A01_0200, 24, nil),
      EgressRule(.network(.v6(0x2001_0DB8 << 32, 0), prefixLength: 32), port: 443),
    ]
    let list = Allowlist(rules, denials: [Self.network(0x0A01_0207, 32, nil)])
    #expect(list.decide(address: .v4(0x0A01_0201), port: 5432) == .granted(rules[1]))
    #expect(list.decide(address: .v4(0x0A01_0201), port: 443) == .granted(rules[2]))
    #expect(list.decide(address: .v4(0x0A02_0201), port: 443) == .granted(rules[0]))
    #expect(list.decide(address: .v4(0x0A02_0201), port: 80) == .refused(.port))
    #expect(list.decide(address: .v4(0x0B02_0201), port: 443) == .refused(.address))
    #expect(list.decide(address: .v4(0x0A01_0207), port: 443) == .refused(.denied))
    #expect(list.decide(address: .v6(0, 0xFFFF_0A01_0207), port: 443) == .refused(.denied))
    #expect(list.decide(address: .v6(0, 0xFFFF_0A02_0207), port: 443) == .granted(rules[0]))
    #expect(list.decide(address: .v6(0x2001_0DB8 << 32 | 7, 1), port: 443) == .granted(rules[3]))
    #expect(list.decide(address: .v6(0x2001_0DB9 << 32, 1), port: 443) == .refused(.address))
    #expect(list.denies(address: .v6(0, 0xFFFF_0A01_0207), port: 1))
    #expect(!list.denies(address: .v4(0x0A01_0208), port: 1))
  }

  @Test func theHostsLoopbackIsADestinationOfItsOwn() {
    let list = Allowlist(
      [EgressRule(.loopback, port: 5432), EgressRule(.loopback, port: 6379)],
      denials: [EgressRule(.loopback, port: 6379)])
    #expect(list.decide(loopback: 5432) == .granted(EgressRule(.loopback, port: 5432)))
    #expect(list.decide(loopback: 6379) == .refused(.denied))
    #expect(list.decide(loopback: 22) == .refused(.port))
    #expect(list.decide(address: .v4(0x7F00_0001), port: 5432) == .refused(.address))
    #expect(Self.decide(list, "localhost", 5432) == .refused(.name))
    #expect(Allowlist([]).decide(loopback: 1) == .refused(.address))
  }

  @Test func aDenialOfItsAddressesDeniesTheLoopback() {
    let grant = EgressRule(.loopback, port: 5432)
    let cases: [(EgressRule.Destination, UInt16?, isDenied: Bool)] = [
      (.network(.v4(0x7F00_0000), prefixLength: 8), nil, true),
      (.network(.v4(0), prefixLength: 0), nil, true),
      (.network(.v4(0x7F00_0001), prefixLength: 32), 5432, true),
      (.network(.v6(0, 1), prefixLength: 128), nil, true),
      (.network(.v6(0, 0), prefixLength: 0), nil, true),
      (.network(.v4(0x7F00_0000), prefixLength: 8), 5433, false),
      (.network(.v4(0x7F00_0002), prefixLength: 32), nil, false),
      (.network(.v4(0x0A00_0000), prefixLength: 8), nil, false),
    ]
    for (destination, port, isDenied) in cases {
      let list = Allowlist([grant], denials: [EgressRule(destination, port: port)])
      #expect(
        list.decide(loopback: 5432) == (isDenied ? .refused(.denied) : .granted(grant)),
        "\(destination)")
    }
  }
}
