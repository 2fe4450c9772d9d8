import Control
import Testing

@testable import Egress

@Suite struct HTTPRequestReaderTests {
  private static func reader(_ names: String..., port: UInt16 = 80) -> HTTPRequestReader {
    HTTPRequestReader(
      names: (names.isEmpty ? ["a.example"] : names).map { Array($0.utf8) }, port: port)
  }

  /// `\n` stands for the end of a line.
  private static func wire(_ text: String) -> [UInt8] {
    text.utf8.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] }
  }

  private static func read(
    _ bytes: [UInt8], by size: Int = .max, _ given: HTTPRequestReader = reader()
  ) -> Inspected {
    var reader = given
    var sum = Inspected()
    var rest = bytes[...]
    while !rest.isEmpty {
      let inspected = reader.feed(rest.prefix(size))
      sum.released += inspected.released
      sum.verdict = inspected.verdict
      rest = rest.dropFirst(min(size, rest.count))
    }
    return sum
  }

  static let passing: [(String, String)] = [
    ("a plain one", "GET / HTTP/1.1\nHost: a.example\n\n"),
    ("of before", "GET / HTTP/1.0\nhost:a.example\nConnection: close\n\n"),
    ("two in a row", "GET /1 HTTP/1.1\nHost: a.example\n\nGET /2 HTTP/1.1\nHost: a.example\n\n"),
    ("a port", "GET / HTTP/1.1\nHost: A.EXAMPLE:80\n\n"),
    ("a full name", "GET / HTTP/1.1\nHost: \t a.example. \n\n"),
    ("a length", "POST / HTTP/1.1\nHost: a.example\nContent-Length: 12\n\nGET / HTTP/1"),
    ("no length", "POST / HTTP/1.1\nHost: a.example\nContent-Length: 0\n\n"),
    ("as to a proxy", "GET HTTP://a.Example:80/x?y HTTP/1.1\nHost: a.example\n\n"),
    ("of the server", "OPTIONS * HTTP/1.1\nHost: a.example\n\n"),
    ("a body with GET's length", "GET / HTTP/1.1\nHost: a.example\nContent-Length: 0\n\n"),
    ("any other field", "GET /\u{E9} HTTP/1.1\nHost: a.example\nX_y: \u{FC}\t{}\n\n"),
    (
      "chunks",
      """
      POST / HTTP/1.1
      Host: a.example
      Transfer-Encoding: Chunked
      Connection: keep-alive, TE

      4
      a\nb
      00A
      0123456789
      0
      Digest: x

      GET / HTTP/1.1
      Host: a.example


      """
    ),
  ]

  @Test(arguments: passing) func aRequestForTheNamePassesHoweverItIsCut(
    _ name: String, _ text: String
  ) {
    let bytes = Self.wire(text)
    for size in [1, 2, 7, .max] {
      #expect(Self.read(bytes, by: size) == Inspected(released: bytes.count), "\(name)")
    }
  }

  static let refused: [(String, EgressRefusal.Reason, String)] = [
    ("another host", .host, "GET / HTTP/1.1\nHost: b.example\n\n"),
    ("a longer host", .host, "GET / HTTP/1.1\nHost: a.example.b.example\n\n"),
    ("none", .host, "GET / HTTP/1.1\nX: y\n\n"),
    ("none, of before", .host, "GET / HTTP/1.0\n\n"),
    ("an empty one", .host, "GET / HTTP/1.1\nHost:\n\n"),
    ("two names", .host, "GET / HTTP/1.1\nHost: a.example, b.example\n\n"),
    ("with a user", .host, "GET / HTTP/1.1\nHost: a.example:80@b.example\n\n"),
    ("another port", .host, "GET / HTTP/1.1\nHost: a.example:8080\n\n"),
    ("no port", .host, "GET / HTTP/1.1\nHost: a.example:\n\n"),
    ("a port with a zero", .host, "GET / HTTP/1.1\nHost: a.example:080\n\n"),
    ("in brackets", .host, "GET / HTTP/1.1\nHost: [a.example]\n\n"),
    ("an open bracket", .host, "GET / HTTP/1.1\nHost: [a.example\n\n"),
    ("another in the target", .host, "GET http://b.example/ HTTP/1.1\nHost: a.example\n\n"),
    ("a user there", .host, "GET http://a.example@b.example/ HTTP/1.1\nHost: a.example\n\n"),
    ("a query there", .host, "GET http://a.example?@b.example/ HTTP/1.1\nHost: a.example\n\n"),
    ("a backslash there", .host, "GET http://a.example\\@b.example/ HTTP/1.1\nHost: a.example\n\n"),
    ("another only in Host", .host, "GET http://a.example/ HTTP/1.1\nHost: b.example\n\n"),
    ("two Hosts", .notHTTP, "GET / HTTP/1.1\nHost: a.example\nHost: a.example\n\n"),
    ("another scheme", .notHTTP, "GET https://a.example/ HTTP/1.1\nHost: a.example\n\n"),
    ("an authority", .notHTTP, "GET a.example:80 HTTP/1.1\nHost: a.example\n\n"),
    ("a tunnel", .notHTTP, "CONNECT b.example:443 HTTP/1.1\nHost: a.example\n\n"),
    ("a tunnel in small", .notHTTP, "connect /x HTTP/1.1\nHost: a.example\n\n"),
    ("another protocol", .notHTTP, "GET / HTTP/1.1\nHost: a.example\nUpgrade: h2c\n\n"),
    ("HTTP/2", .notHTTP, "PRI * HTTP/2.0\n\nSM\n\n"),
    ("HTTP/0.9", .notHTTP, "GET /\n"),
    ("a version to come", .notHTTP, "GET / HTTP/1.2\nHost: a.example\n\n"),
    ("two spaces", .notHTTP, "GET  / HTTP/1.1\nHost: a.example\n\n"),
    ("a space in the target", .notHTTP, "GET /a b HTTP/1.1\nHost: a.example\n\n"),
    ("a tab in the target", .notHTTP, "GET /a\tb HTTP/1.1\nHost: a.example\n\n"),
    ("a space at the end", .notHTTP, "GET / HTTP/1.1 \nHost: a.example\n\n"),
    ("an empty line first", .notHTTP, "\nGET / HTTP/1.1\nHost: a.example\n\n"),
    ("a space before the colon", .notHTTP, "GET / HTTP/1.1\nHost : a.example\n\n"),
    ("a folded field", .notHTTP, "GET / HTTP/1.1\nHost: a.example\nX: y\n Host: b.example\n\n"),
    ("a folded Host", .notHTTP, "GET / HTTP/1.1\n Host: b.example\nHost: a.example\n\n"),
    ("a field without a name", .notHTTP, "GET / HTTP/1.1\nHost: a.example\n: x\n\n"),
    ("a field without a colon", .notHTTP, "GET / HTTP/1.1\nHost: a.example\nx\n\n"),
    ("a zero byte", .notHTTP, "GET / HTTP/1.1\nHost: a.example\0b.example\n\n"),
    ("a return inside", .notHTTP, "GET / HTTP/1.1\nHost: a.example\rX: y\n\n"),
    ("an underscore", .notHTTP, "POST / HTTP/1.1\nHost: a.example\nContent_Length: 1\n\n"),
    (
      "two lengths", .notHTTP,
      "POST / HTTP/1.1\nHost: a.example\nContent-Length: 1\nContent-Length: 1\n\n"
    ),
    ("a list of lengths", .notHTTP, "POST / HTTP/1.1\nHost: a.example\nContent-Length: 1, 1\n\n"),
    ("a sign", .notHTTP, "POST / HTTP/1.1\nHost: a.example\nContent-Length: +1\n\n"),
    (
      "a long length", .notHTTP,
      "POST / HTTP/1.1\nHost: a.example\nContent-Length: 18446744073709551617\n\n"
    ),
    (
      "a length and chunks", .notHTTP,
      "POST / HTTP/1.1\nHost: a.example\nContent-Length: 3\nTransfer-Encoding: chunked\n\n"
    ),
    (
      "another encoding", .notHTTP,
      "POST / HTTP/1.1\nHost: a.example\nTransfer-Encoding: gzip, chunked\n\n"
    ),
    (
      "an encoding twice", .notHTTP,
      "POST / HTTP/1.1\nHost: a.example\nTransfer-Encoding: chunked\nTransfer-Encoding: chunked\n\n"
    ),
    (
      "chunks of before", .notHTTP,
      "POST / HTTP/1.0\nHost: a.example\nTransfer-Encoding: chunked\n\n"
    ),
    ("a body with GET", .notHTTP, "GET / HTTP/1.1\nHost: a.example\nContent-Length: 1\n\n"),
    ("a body with get", .notHTTP, "get / HTTP/1.1\nHost: a.example\nContent-Length: 1\n\n"),
    ("a Host for one hop", .notHTTP, "GET / HTTP/1.1\nHost: a.example\nConnection: x, Host\n\n"),
  ]

  @Test(arguments: refused) func whatIsNotSurelyForTheNameIsRefused(
    _ name: String, _ reason: EgressRefusal.Reason, _ text: String
  ) {
    let bytes = Self.wire(text)
    let inspected = Self.read(bytes)
    guard case .refused(let objection) = inspected.verdict else {
      Issue.record("\(name): \(inspected)")
      return
    }
    #expect(objection.reason == reason, "\(name)")
    #expect(inspected.released == 0)
    for size in [1, 3, 10] { #expect(Self.read(bytes, by: size) == inspected) }
    // Behind a request that passes it is no better, and takes nothing of that away.
    let first = Self.wire("POST / HTTP/1.1\nHost: a.example\nContent-Length: 2\n\nab")
    for size in [1, 11, .max] {
      #expect(
        Self.read(first + bytes, by: size)
          == Inspected(released: first.count, verdict: inspected.verdict))
    }
  }

  @Test func aLineEndsWithBothOfItsBytes() {
    for text in [
      "GET / HTTP/1.1\nHost: a.example\n\n", "\n", "GET / HTTP/1.1\r\nHost: a.example\n",
    ] {
      let inspected = Self.read(Array(text.utf8))
      #expect(inspected.released == 0)
      #expect(inspected.verdict != .reading)
    }
  }

  static let chunks: [(String, Int)] = [
    ("x\n", 0), ("\n", 0), ("0x1\n", 0), ("1 \n", 0), ("1;a=b\n", 0), ("-1\n", 0), ("+1\n", 0),
    ("1000000000000000\n", 0), ("1\nab\n", 4), ("1\na\nz\n", 6), ("0\nHost: a.example\n", 3),
    ("0\nContent-Length: 1\n", 3), ("0\nx\n", 3), ("0\n y: z\n", 3), ("0\n\nx\n", 5),
  ]

  @Test(arguments: chunks) func chunksHaveOneReading(_ body: String, _ passes: Int) {
    let head = Self.wire("POST / HTTP/1.1\nHost: a.example\nTransfer-Encoding: chunked\n\n")
    for size in [1, 4, .max] {
      let inspected = Self.read(head + Self.wire(body), by: size)
      #expect(inspected.verdict != .reading, "\(body)")
      #expect(inspected.released == head.count + passes, "\(body)")
    }
  }

  @Test func aHeadHasAnEnd() {
    let start = Self.wire("GET / HTTP/1.1\nHost: a.example\n")
    let endless = start + [UInt8](repeating: 0x61, count: 1 << 17)
    let fields = start + (0..<(1 << 14)).flatMap { _ in Self.wire("a: b\n") }
    for bytes in [endless, fields, [UInt8](repeating: 0x61, count: 1 << 17)] {
      #expect(Self.read(bytes) == Inspected(verdict: .refused(.notHTTP("too long"))))
    }
  }

  @Test func nothingOfAHeadPassesBeforeItsEnd() {
    let bytes = Self.wire("GET / HTTP/1.1\nHost: a.example\n\n")
    for count in 0..<bytes.count {
      #expect(Self.read(Array(bytes.prefix(count))) == Inspected())
    }
  }

  @Test func anAddressIsSaidInBrackets() {
    let reader = Self.reader("2001:db8::1", "localhost", port: 8080)
    for (host, passes) in [
      ("[2001:DB8::1]", true), ("[2001:db8::1]:8080", true), ("[2001:db8::1]:80", false),
      ("2001:db8::1", false), ("[2001:db8::2]", false), ("[2001:db8::1]x", false),
      ("localhost:8080", true), ("[localhost]:8080", false),
    ] {
      let inspected = Self.read(Self.wire("GET / HTTP/1.1\nHost: \(host)\n\n"), reader)
      #expect((inspected.verdict == .reading) == passes, "\(host)")
    }
  }
}
