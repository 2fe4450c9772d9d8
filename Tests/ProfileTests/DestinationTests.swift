import Kernel
import Testing

@testable import Profile

/// Destinations as they are written, and what is meant by them.
@Suite struct DestinationTests {
  static let grants: [Case<String, String>] = [
    Case("a host", "api.example.com:443", "api.example.com:443"),
    Case("capitals", "API.Example.COM:443", "api.example.com:443"),
    Case("a trailing dot", "api.example.com.:443", "api.example.com:443"),
    Case("every port", "api.example.com:*", "api.example.com:*"),
    Case("one label", "db:5432", "db:5432"),
    Case("an underscore", "_x.example.com:1", "_x.example.com:1"),
    Case("a host that begins with a number", "1password.com:443", "1password.com:443"),
    Case("a label of hexadecimal letters", "0xfeed.example:1", "0xfeed.example:1"),
    Case("a wildcard", "*.example.com:443", "*.example.com:443"),
    Case("a deep wildcard", "*.a.b.example.com.:443", "*.a.b.example.com:443"),
    Case("a wildcard for every port", "*.example.com:*", "*.example.com:*"),
    Case("an internationalized name", "b\u{FC}cher.example:443", "xn--bcher-kva.example:443"),
    Case("the same, decomposed", "bu\u{308}cher.example:443", "xn--bcher-kva.example:443"),
    Case("the same in capitals", "B\u{DC}CHER.example:443", "xn--bcher-kva.example:443"),
    Case("its A-labels", "XN--BCHER-KVA.example:443", "xn--bcher-kva.example:443"),
    Case("an ideographic full stop", "a\u{3002}example:443", "a.example:443"),
    Case("an internationalized wildcard", "*.b\u{FC}cher.example:1", "*.xn--bcher-kva.example:1"),
    Case("localhost", "localhost:5432", "localhost:5432"),
    Case("localhost otherwise", "LocalHost.:5432", "localhost:5432"),
    Case("the loopback", "127.0.0.1:5432", "localhost:5432"),
    Case("the loopback, short", "127.1:5432", "localhost:5432"),
    Case("the loopback in hexadecimal", "0x7f.1:5432", "localhost:5432"),
    Case("the loopback in capital hexadecimal", "0X7F000001:5432", "localhost:5432"),
    Case("the loopback as one number", "2130706433:5432", "localhost:5432"),
    Case("the loopback, wide digits", "\u{FF11}27.0.0.1:5432", "localhost:5432"),
    Case("the loopback of IPv6", "[::1]:5432", "localhost:5432"),
    Case("the loopback, written out", "[0:0:0:0:0:0:0:1]:5432", "localhost:5432"),
    Case("the loopback, mapped", "[::ffff:127.0.0.1]:5432", "localhost:5432"),
    Case("the loopback, mapped in hexadecimal", "[::ffff:7f00:1]:5432", "localhost:5432"),
    Case("an address", "10.1.2.3:5432", "10.1.2.3:5432"),
    Case("an address with a dot behind", "10.1.2.3.:5432", "10.1.2.3:5432"),
    Case("an address as one number", "167838211:5432", "10.1.2.3:5432"),
    Case("an address of three numbers", "10.1.515:5432", "10.1.2.3:5432"),
    Case("a mapped address", "[::ffff:10.1.2.3]:5432", "10.1.2.3:5432"),
    Case("a network", "10.1.2.0/24:5432", "10.1.2.0/24:5432"),
    Case("a mapped network", "[::ffff:10.1.2.0]/120:1", "10.1.2.0/24:1"),
    Case("a network of one", "10.1.2.3/32:1", "10.1.2.3:1"),
    Case("an address of IPv6", "[2001:DB8::1]:443", "[2001:db8::1]:443"),
    Case("a network of IPv6", "[2001:db8::]/32:443", "[2001:db8::]/32:443"),
    Case("unique-local addresses", "[fd00::]/8:443", "[fd00::]/8:443"),
    Case("every port of an address", "192.0.2.1:*", "192.0.2.1:*"),
  ]

  @Test(arguments: grants) func means(_ sample: Case<String, String>) throws {
    let rule = try DestinationText.parse(sample.input, for: .grant)
    #expect(rule.place == sample.expected)
    // What is shown can be written again.
    #expect(try DestinationText.parse(rule.place, for: .grant) == rule)
  }

  static let refused = [
    "", ":", ":443", "*", "*:443", "*.:443", "*.com:443", "*.co.uk:443", "*.COM.:443",
    "*.github.io:443", "*.githubusercontent.com:443", "*.s3.amazonaws.com:443",
    "*.amazonaws.com:443", "*.compute.amazonaws.com:443", "*.internal:443", "*.localhost:1",
    "*.xn--p1ai:443", "*.\u{440}\u{444}:443",
    "*.a.localhost:1", "a.localhost:1", "*example.com:443", "a.*.com:443", "**.example.com:443",
    "*.*.example.com:443", "*.10.0.0.1:443", ".example.com:443", "a..b:443", "a.b..:443",
    "-a.example:443", "a-.example:443", "a b.example:443", "a\u{0}.example:443", "a,b:443",
    "api.example.com", "api.example.com:", "api.example.com:0", "api.example.com:65536",
    "api.example.com:https", "api.example.com:0443", "api.example.com:+443",
    "api.example.com: 443", "api.example.com:443 ", "api.example.com:443/", "a.example:-1",
    "api.example.com:\u{0664}43", "https://api.example.com", "https://api.example.com:443",
    "api.example.com/v1:443", "git@github.com:22", "localhost:*", "127.0.0.1:*", "a.example:53",
    "10.1.2.3.4:1", "256.1.1.1:1", "1.2.3.256:1", "10.1.65536:1", "4294967296:1", "010.0.0.1:1",
    "10.0.0.09:1", "a.1:1", "a.0x1:1", "1..2:1", "127.0.0.2:1", "0.0.0.0:1", "0:1",
    "169.254.169.254:80", "2852039166:80", "[::ffff:169.254.169.254]:80", "224.0.0.1:1",
    "255.255.255.255:1", "168.63.129.16:80", "100.100.100.200:80", "[fd00:ec2::254]:80",
    "[fd00:ec2::]/32:80", "[fd00:ec2::]/64:80", "[fd00:ec2::123]:123", "[fd20:ce::]/64:80",
    "[fd00:42::42]:80", "[fd00:c1::a9fe:a9fe]:80",
    "[::]:1", "[::7f00:1]:1", "[fe80::1]:1", "[fe80::1%lo]:1", "[ff02::1]:1",
    "[64:ff9b::7f00:1]:1", "[2002:7f00:1::]:1", "[2001:0:7f00:1::]:1", "::1:443", "2001:db8::1",
    "[2001:db8::1]", "[2001:db8::1:443", "[10.0.0.1]:443", "[db]:443", "10.1.2.3/24:1",
    "10.0.0.0/33:1", "10.0.0.0/:1", "10.0.0.0/-1:1", "0.0.0.0/0:1", "128.0.0.0/1:1", "[::]/0:1",
    "[2000::]/3:1", "169.0.0.0/8:1", "example.com/24:1", "[::ffff:10.0.0.0]/24:1",
    String(repeating: "a", count: 64) + ".example:1",
    String(repeating: "a.", count: 126) + "example:1",
    "\u{FF0A}.example.com:1", "a\u{202E}.example\u{2028}:1",
  ]

  @Test(arguments: refused) func isRefused(_ text: String) {
    #expect { try DestinationText.parse(text, for: .grant) } throws: { error in
      (error as? ValueFault)?.reason == .badDestination
    }
  }

  @Test(arguments: [
    Case("a host", "ads.example.com", "ads.example.com:*"),
    Case("a host and a port", "ads.example.com:80", "ads.example.com:80"),
    Case("a public suffix", "*.com", "*.com:*"),
    Case("the loopback", "localhost", "localhost:*"),
    Case("the loopback in hexadecimal", "0x7f.1", "localhost:*"),
    Case("an address", "10.0.0.1", "10.0.0.1:*"),
    Case("every address", "0.0.0.0/0", "0.0.0.0/0:*"),
    Case("multicast", "224.0.0.0/4:1", "224.0.0.0/4:1"),
    Case("an address of IPv6", "[fe80::1]", "[fe80::1]:*"),
    Case("a network of IPv6", "[::]/0", "[::]/0:*"),
  ])
  func canBeDenied(_ sample: Case<String, String>) throws {
    #expect(try DestinationText.parse(sample.input, for: .denial).place == sample.expected)
  }

  @Test(arguments: ["*", "", "2001:db8::1", "https://a.example", "a..b", "a.example:0"])
  func cantBeDenied(_ text: String) {
    #expect(throws: ValueFault.self) { try DestinationText.parse(text, for: .denial) }
  }

  @Test(arguments: [
    Case("no port", "api.example.com", "as in \"api.example.com:443\""),
    Case("a URL", "http://a.example/x", "as in \"a.example:80\"; a path can't be granted"),
    Case("an apex", ".example.com:1", "the names below it are written \"*.example.com\""),
    Case("bits behind the prefix", "10.1.2.3/24:1", "10.1.2.0/24, or 10.1.2.3 alone"),
    Case("IPv6 without brackets", "fd00::1:443", "as in \"[fd00::1:443]:443\""),
  ])
  func theHintCures(_ sample: Case<String, String>) {
    #expect { try DestinationText.parse(sample.input, for: .grant) } throws: { error in
      (error as? ValueFault)?.hint == sample.expected
    }
  }

  /// A wildcard that could not be looked up is not granted.
  @Test(arguments: [
    nil, "", "com\nexample.org\n", "// ===BEGIN ICANN DOMAINS===\ncom\n",
  ]) func withoutAWholeListNoWildcardIsGranted(_ list: String?) {
    #expect {
      try PublicSuffixes.first(below: "example.com", in: list.map { Array($0.utf8) })
    } throws: { error in
      (error as? ValueFault)?.hint?.contains("install the package publicsuffix") == true
    }
  }

  @Test func aWholeListIsLookedUp() throws {
    let list = Array("com\nfront.example.com  x\n!y.z.com\n// ===END PRIVATE DOMAINS===\n".utf8)
    #expect(try PublicSuffixes.first(below: "example.com", in: list) == "front.example.com")
    #expect(try PublicSuffixes.first(below: "z.com", in: list) == nil)
  }

  @Test func aDenialCoversWhatIsWithin() throws {
    let samples = [
      ("*.example.com", "a.example.com:1", true), ("*.example.com", "example.com:1", false),
      ("*.example.com", "*.a.example.com:1", true), ("*.a.example.com", "*.example.com:1", false),
      ("*.example.com:1", "*.example.com:2", false), ("a.example:1", "a.example:*", false),
      ("a.example", "a.example:*", true), ("a.example", "xa.example:1", false),
      ("10.0.0.0/8", "10.1.2.0/24:1", true), ("10.1.2.0/24", "10.0.0.0/8:1", false),
      ("localhost", "localhost:1", true), ("10.0.0.0/8", "localhost:1", false),
      ("127.0.0.0/8", "localhost:1", true), ("127.0.0.0/8:2", "localhost:1", false),
      ("0.0.0.0/0", "localhost:1", true), ("[::]/0", "localhost:1", true),
      ("127.0.0.2", "localhost:1", false),
    ]
    for (denial, grant, covers) in samples {
      let denied = try DestinationText.parse(denial, for: .denial)
      let granted = try DestinationText.parse(grant, for: .grant)
      #expect(denied.covers(granted) == covers, "\(denial) \(grant)")
    }
  }
}
