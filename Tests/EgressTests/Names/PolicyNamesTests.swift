import Control
import Kernel
import Testing

@testable import Egress

@Suite struct PolicyNamesTests {
  static let rules = [
    EgressRule(.host(Array("api.example.com".utf8)), port: 443),
    EgressRule(.subdomains(Array("example.net".utf8)), port: 443),
    EgressRule(.host(Array("xn--bcher-kva.example".utf8)), port: 80),
    EgressRule(.loopback, port: 5432),
  ]

  static func names(newNamesPerMinute: Int = 30, answersV6: Bool = true) -> PolicyNames {
    let denied = EgressRule(.host(Array("denied.example.net".utf8)), port: nil)
    return PolicyNames(
      EgressLayout(rules), Allowlist(rules, denials: [denied]),
      newNamesPerMinute: newNamesPerMinute, answersV6: answersV6)
  }

  static let first = EgressLayout.address(ofName: 0)

  @Test func aGrantedNameIsAnsweredWithWhatStandsForIt() throws {
    var names = Self.names()
    for name in ["api.example.com", "API.Example.COM"] {
      let query = Question.message(name)
      let reply = try #require(Reply(names.answer(query, at: 1)))
      #expect(reply.id == 0x1234)
      // An answer, recursion desired and available, and not an authority's.
      #expect(reply.flags == 0x8180)
      #expect(reply.question == Array(query[12...]))
      #expect(reply.answers == [.init(type: 1, data: Self.first.v4.networkOrder)])
      #expect(reply.authority.isEmpty && reply.additional.isEmpty)
    }
    let v6 = try #require(Reply(names.answer(Question.message("api.example.com", 28), at: 1)))
    #expect(v6.answers == [.init(type: 28, data: Self.first.v6.networkOrder)])
    #expect(names.name(of: Self.first.v4) == Array("api.example.com".utf8))
    #expect(names.name(of: Self.first.v6) == Array("api.example.com".utf8))
    #expect(names.takeRefusals().isEmpty)
  }

  @Test func withoutIPv6ThereIsNoAddressOfIt() throws {
    var names = Self.names(answersV6: false)
    let reply = try #require(Reply(names.answer(Question.message("api.example.com", 28), at: 1)))
    #expect(reply.code == 0 && reply.answers.isEmpty && reply.authority.count == 1)
    let any = try #require(Reply(names.answer(Question.message("api.example.com", 255), at: 1)))
    #expect(any.answers.map(\.type) == [1])
  }

  /// HTTPS, SVCB, MX, TXT, SRV, CNAME, NS, SOA, CAA, and a type that nobody has yet.
  @Test(arguments: [65, 64, 15, 16, 33, 5, 2, 6, 257, 60_000] as [UInt16])
  func whatAGrantedNameHasNotIsNoData(_ type: UInt16) throws {
    var names = Self.names()
    let reply = try #require(Reply(names.answer(Question.message("api.example.com", type), at: 1)))
    #expect(reply.code == 0 && reply.answers.isEmpty)
    #expect(reply.authority.map(\.type) == [6])
    #expect(names.takeRefusals().isEmpty)
  }

  @Test func aNameThatNoRuleGrantsDoesNotExist() throws {
    var names = Self.names()
    for name in ["example.com", "www.api.example.com", "example.net", "evil.test", "com"] {
      let reply = try #require(Reply(names.answer(Question.message(name), at: 1)))
      #expect(reply.code == 3 && reply.answers.isEmpty && reply.authority.map(\.type) == [6])
      #expect(names.takeRefusals() == [EgressRefusal(.name, name: Array(name.utf8))])
    }
    _ = names.answer(Question.message("denied.example.net"), at: 1)
    #expect(
      names.takeRefusals() == [EgressRefusal(.denied, name: Array("denied.example.net".utf8))])
  }

  /// A dot inside a label is not the dot between two.
  @Test func aLabelThatNoHostHasGrantsNothing() throws {
    var names = Self.names()
    for (labels, text) in [
      (["api.example", "com"], "api\\046example.com"),
      (["a\u{0}", "example", "net"], "a\\000.example.net"),
      (["bücher", "example"], "b\\195\\188cher.example"),
      (["a b", "example", "net"], "a\\032b.example.net"),
    ] {
      let message = Question.message(labels: labels.map { Array($0.utf8) })
      #expect(Reply(names.answer(message, at: 1))?.code == 3)
      #expect(names.takeRefusals() == [EgressRefusal(.name, name: Array(text.utf8))])
    }
  }

  @Test func aNameBelowAWildcardKeepsItsAddress() throws {
    var names = Self.names()
    let one = try #require(Reply(names.answer(Question.message("one.example.net"), at: 1)))
    let two = try #require(Reply(names.answer(Question.message("a.b.example.net"), at: 2)))
    let again = try #require(Reply(names.answer(Question.message("ONE.example.net"), at: 3)))
    #expect(one.answers == again.answers)
    #expect(one.answers != two.answers)
    let address = try #require(IPAddress(networkOrder: two.answers[0].data))
    #expect(names.name(of: address) == Array("a.b.example.net".utf8))
  }

  @Test func newNamesBelowAWildcardAreFewAMinute() throws {
    var names = Self.names(newNamesPerMinute: 3)
    let second: UInt64 = 1_000_000_000
    let codes = (0..<5).map { index in
      Reply(names.answer(Question.message("n\(index).example.net"), at: second))?.code
    }
    #expect(codes == [0, 0, 0, 2, 2])
    #expect(names.takeRefusals().map(\.reason) == [.newNames, .newNames])
    #expect(Reply(names.answer(Question.message("n1.example.net"), at: second))?.code == 0)
    #expect(Reply(names.answer(Question.message("api.example.com"), at: second))?.code == 0)
    // One more after a third of a minute, and no second one.
    #expect(Reply(names.answer(Question.message("n5.example.net"), at: 21 * second))?.code == 0)
    #expect(Reply(names.answer(Question.message("n6.example.net"), at: 21 * second))?.code == 2)
    // A day of silence saves up no more than a minute's.
    let later = (0..<5).map { index in
      Reply(names.answer(Question.message("m\(index).example.net"), at: 86_400 * second))?.code
    }
    #expect(later == [0, 0, 0, 2, 2])
  }

  @Test func aServiceOfAGrantedHostIsNotThereAndNobodyIsTold() throws {
    var names = Self.names()
    for (name, type) in [("_443._https.api.example.com", 65), ("_pg._tcp.one.example.net", 33)] {
      let reply = try #require(Reply(names.answer(Question.message(name, UInt16(type)), at: 1)))
      #expect(reply.code == 3)
    }
    #expect(names.takeRefusals().isEmpty)
    _ = names.answer(Question.message("_mongodb._tcp.db.test", 33), at: 1)
    #expect(names.takeRefusals() == [EgressRefusal(.name, name: Array("db.test".utf8))])
  }

  @Test func theLoopbackIsKnownWithoutARule() throws {
    var names = Self.names()
    let v4 = try #require(Reply(names.answer(Question.message("localhost"), at: 1)))
    #expect(v4.answers == [.init(type: 1, data: [127, 0, 0, 1])])
    let v6 = try #require(Reply(names.answer(Question.message("a.localhost", 28), at: 1)))
    #expect(v6.answers.map(\.data) == [IPAddress.v6(0, 1).networkOrder])
  }

  @Test func anAddressIsKnownByItsName() throws {
    var names = Self.names()
    let name = [3] + Array("api".utf8) + [7] + Array("example".utf8) + [3] + Array("com".utf8) + [0]
    let v6 = Self.first.v6.networkOrder.reversed().flatMap { byte in
      [byte & 0xF, byte >> 4].map { String($0, radix: 16) }
    }
    for text in ["0.0.65.28.in-addr.arpa", v6.joined(separator: ".") + ".ip6.arpa"] {
      let reply = try #require(Reply(names.answer(Question.message(text, 12), at: 1)))
      #expect(reply.answers == [.init(type: 12, data: name)])
    }
    let own = try #require(
      Reply(names.answer(Question.message("1.0.0.127.in-addr.arpa", 12), at: 1)))
    #expect(own.answers.map(\.data) == [[9] + Array("localhost".utf8) + [0]])
    for text in ["8.8.8.8.in-addr.arpa", "x.arpa", "300.0.0.1.in-addr.arpa", "_dns.resolver.arpa"] {
      #expect(Reply(names.answer(Question.message(text, 12), at: 1))?.code == 3)
    }
    #expect(names.takeRefusals().isEmpty)
  }

  @Test func extensionsAreAnsweredAsTheyAreUnderstood() throws {
    var names = Self.names()
    let cookie: [UInt8] = [0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8]
    let query = Question.message(
      "api.example.com", additional: [Question.options(wantsSignatures: true, data: cookie)])
    let reply = try #require(Reply(names.answer(query, at: 1)))
    #expect(reply.answers.count == 1)
    #expect(reply.additional == [.init(type: 41, data: [])])
    let future = Question.message("api.example.com", additional: [Question.options(version: 1)])
    #expect(Reply(names.answer(future, at: 1))?.code == 16)
    let twice = Question.message(
      "api.example.com", additional: [Question.options(), Question.options()])
    #expect(Reply(names.answer(twice, at: 1))?.code == 1)
  }

  @Test func whatIsNoQuestionIsIgnoredOrCalledMalformed() throws {
    var names = Self.names()
    let good = Question.message("api.example.com")
    #expect(names.answer([], at: 1) == nil)
    #expect(names.answer(Array(good[..<11]), at: 1) == nil)
    // An answer: two servers that answer answers never stop.
    #expect(names.answer(Question.message("api.example.com", flags: 0x8180), at: 1) == nil)
    let cases: [(name: String, message: [UInt8], code: UInt16)] = [
      ("a header alone", Array(good[..<12]), 1),
      ("cut in the name", Array(good[..<20]), 1),
      ("bytes behind it", good + [0], 1),
      ("two questions", Question.words([1, 0x100, 2, 0, 0, 0]) + good[12...] + good[12...], 1),
      ("a record in a question", Question.words([1, 0x100, 1, 1, 0, 0]) + good[12...], 1),
      ("a pointer to itself", Question.words([1, 0x100, 1, 0, 0, 0, 0xC00C, 1, 1]), 1),
      ("a label of 64 bytes", Question.words([1, 0x100, 1, 0, 0, 0]) + [64, 0, 0, 1, 0, 1], 1),
      (
        "a name of 256 bytes",
        Question.message(labels: Array(repeating: Array(repeating: 0x61, count: 50), count: 5)), 1
      ),
      ("an update", Question.message("api.example.com", flags: 0x2900), 4),
      ("class CH", Question.message("version.bind", 16, recordClass: 3), 5),
    ]
    for (name, message, code) in cases {
      let reply = try #require(Reply(names.answer(message, at: 1)), "\(name)")
      #expect(reply.code == code && reply.answers.isEmpty, "\(name)")
    }
    #expect(names.takeRefusals().isEmpty)
  }

  @Test func everyAnswerFitsADatagram() {
    let long = Array(
      (repeatElement(String(repeating: "a", count: 63), count: 3).joined(separator: ".") + "."
        + String(repeating: "b", count: 61)).utf8)
    let rules = [EgressRule(.host(long), port: 443)]
    var names = PolicyNames(EgressLayout(rules), Allowlist(rules), newNamesPerMinute: 1)
    let text = String(decoding: long, as: UTF8.self)
    for type in [1, 28, 255, 65, 12] as [UInt16] {
      let query = Question.message(text, type, additional: [Question.options()])
      let answer = names.answer(query, at: 1) ?? []
      #expect(answer.count <= 512 && Reply(answer) != nil)
    }
    let reverse = Question.message("0.0.65.28.in-addr.arpa", 12, additional: [Question.options()])
    let answer = names.answer(reverse, at: 1) ?? []
    #expect(answer.count <= 512 && Reply(answer)?.answers.count == 1)
  }
}
