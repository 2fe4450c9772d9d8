import Control
import Testing

@testable import Egress

@Suite struct ClientHelloReaderTests {
  typealias Bytes = TLSBytes

  private static func read(
    _ bytes: [UInt8], by size: Int = .max
  ) -> (ClientHelloReader.Verdict, Int) {
    var reader = ClientHelloReader()
    var rest = bytes[...]
    while !rest.isEmpty {
      reader.feed(rest.prefix(size))
      rest = rest.dropFirst(min(size, rest.count))
    }
    return (reader.verdict, reader.length)
  }

  private static func name(_ message: [UInt8]) -> String? {
    guard case .hello(let hello) = read(Bytes.record(message)).0 else { return "invalid" }
    return hello.serverName.map { String(decoding: $0, as: UTF8.self) }
  }

  @Test func theServerNameIsReadHoweverTheHelloIsCut() {
    let message = Bytes.hello(for: "API.Example.com")
    for size in [1, 2, 5, 100, 512, 16384] {
      let stream = Bytes.records(message, of: size)
      for piece in [1, 3, 5, 1000, .max] {
        // What follows belongs to the connection, not to the hello.
        let (verdict, length) = Self.read(stream + [20, 3, 3, 0, 1, 1], by: piece)
        guard case .hello(let hello) = verdict else {
          Issue.record("\(size) by \(piece): \(verdict)")
          continue
        }
        #expect(hello.serverName == Array("api.example.com".utf8))
        #expect(!hello.hidesName)
        #expect(length == stream.count)
      }
    }
  }

  @Test func everyPrefixOfAHelloNeedsMore() {
    let stream = Bytes.records(Bytes.hello(for: "a.example"), of: 300)
    for count in 0..<stream.count {
      #expect(Self.read(Array(stream.prefix(count))).0 == .needsMore)
    }
  }

  @Test func aHelloMayHaveNoName() {
    #expect(Self.name(Bytes.hello(nil)) == nil)
    #expect(Self.name(Bytes.hello([])) == nil)
    #expect(Self.name(Bytes.hello(Bytes.field(43, [2, 3, 4]))) == nil)
    #expect(Self.name(Bytes.hello(nil, session: 0)) == nil)
  }

  @Test func theDotAtTheEndIsNotPartOfAName() {
    #expect(Self.name(Bytes.hello(for: "a.example.")) == "a.example")
    #expect(Self.name(Bytes.hello(for: "a.example..")) == "a.example.")
    #expect(Self.name(Bytes.hello(for: ".")) == ".")
  }

  static let invalid: [(String, [UInt8])] = [
    ("HTTP", Array("GET / HTTP/1.1\r\n".utf8)),
    ("SSH", Array("SSH-2.0-x\r\n".utf8)),
    ("SSL 2.0", [0x80, 0x2E, 1, 3, 1]),
    ("an alert", Bytes.record([2, 40], type: 21)),
    ("early data first", Bytes.record([1, 2, 3], type: 23)),
    ("a change of ciphers first", Bytes.record([1], type: 20)),
    ("another major version", [22, 4]),
    ("an empty record", Bytes.record([])),
    ("a long record", [22, 3, 1, 0x40, 0x01]),
    ("another message", Bytes.record([2, 0, 0, 0])),
    ("a request for a hello", Bytes.record([0, 0, 0, 0])),
    ("another record within", Bytes.record([1, 0]) + Bytes.record([2, 40], type: 21)),
    ("early data within", Bytes.record([1, 0]) + Bytes.record([0], type: 23)),
    ("too long a hello", Bytes.record([1, 1, 0, 0])),
    ("two hellos in a record", Bytes.record(Bytes.hello(for: "a") + Bytes.hello(for: "b"))),
    ("a byte behind it", Bytes.record(Bytes.hello(for: "a") + [0])),
    ("an early version", Bytes.record(Bytes.hello([], version: 0x0200))),
    ("a long session", Bytes.record(Bytes.hello([], session: 33))),
    ("bytes behind the extensions", Bytes.record(Bytes.hello([], trailing: [0]))),
    ("a name twice", Self.extended(Bytes.serverName((0, "a")) + Bytes.serverName((0, "b")))),
    ("two names", Self.extended(Bytes.serverName((0, "a"), (0, "b")))),
    ("two types of name", Self.extended(Bytes.serverName((0, "a"), (1, "b")))),
    ("another type first", Self.extended(Bytes.serverName((1, "b"), (0, "a")))),
    ("an empty name", Self.extended(Bytes.serverName((0, "")))),
    ("no name in the list", Self.extended(Bytes.serverName())),
    ("no list", Self.extended(Bytes.field(0))),
    ("bytes behind the list", Self.extended(Bytes.field(0, [0, 4, 0, 0, 1, 0x61, 0]))),
    ("a zero byte in the name", Self.extended(Bytes.serverName((0, "a\0b")))),
    ("a space in the name", Self.extended(Bytes.serverName((0, "a b")))),
    ("a name beyond ASCII", Self.extended(Bytes.serverName((0, "ä")))),
    ("a long name", Self.extended(Bytes.serverName((0, String(repeating: "a", count: 256))))),
    ("half an extension", Self.extended([0, 0, 0])),
    ("an extension beyond the list", Self.extended([0, 43, 0, 9, 1])),
    ("any extension twice", Self.extended(Bytes.field(43, [1]) + Bytes.field(43, [1]))),
  ]

  private static func extended(_ extensions: [UInt8]) -> [UInt8] {
    Bytes.record(Bytes.hello(extensions))
  }

  @Test(arguments: invalid) func whatCanBeReadInTwoWaysIsInvalid(_ name: String, _ bytes: [UInt8]) {
    let (verdict, _) = Self.read(bytes)
    guard case .invalid(let objection) = verdict else {
      Issue.record("\(name): \(verdict)")
      return
    }
    #expect(objection.reason == .notTLS)
    #expect(Self.read(bytes, by: 1).0 == verdict)
  }

  @Test func fieldsCutShortAreInvalid() {
    let whole = Bytes.hello(for: "a.example")
    for count in 4..<whole.count {
      // The message says its new length, so that only the fields inside are too long.
      let cut = [1] + Bytes.vector(3, Array(whole[4..<count]))
      guard case .invalid = Self.read(Bytes.record(cut)).0 else {
        // Without any extension a hello is whole.
        #expect(count == Bytes.hello(nil).count)
        continue
      }
    }
  }

  @Test func aHelloHasAnEnd() {
    // One byte in each record: six for one.
    let endless = Bytes.records([1, 0, 0xFF, 0] + [UInt8](repeating: 0, count: 1 << 16), of: 1)
    let (verdict, length) = Self.read(endless)
    #expect(verdict == .invalid(.notTLS("too long")))
    #expect(length <= ClientHelloReader.longest + 5)
  }

  @Test func anEncryptedHelloHidesItsName() {
    let names = [Array("a.example".utf8)]
    for type in [0xFE0D, 0xFFCE] {
      let message = Bytes.hello(Bytes.serverName((0, "a.example")) + Bytes.field(type, [0]))
      guard case .hello(let hello) = Self.read(Bytes.record(message)).0 else {
        Issue.record("invalid")
        return
      }
      #expect(
        hello.objection(names: names, allowsMissingName: false)?.reason == .hiddenServerName)
      #expect(hello.objection(names: names, allowsMissingName: true) == nil)
      #expect(
        hello.objection(names: [[0x62]], allowsMissingName: true)
          == Objection(.serverName, names[0]))
    }
  }
}
