import Control
import Kernel

@testable import Egress

/// What is read of names: the sandbox's questions, over UDP and TCP, and the answers of name servers
/// outside. The first byte says which, the second how a stream is cut.
enum NamesEntry {
  private static let rules = [
    EgressRule(.host(Array("api.example.com".utf8)), port: 443),
    EgressRule(.subdomains(Array("example.net".utf8)), port: 443),
  ]
  private static let denials = [EgressRule(.host(Array("no.example.net".utf8)), port: nil)]
  private static let allowlist = Allowlist(rules, denials: denials)

  static func check(_ input: [UInt8]) -> String? {
    guard input.count >= 2 else { return nil }
    let rest = Array(input[2...])
    switch input[0] {
    case UInt8(ascii: "q"): return question(rest)
    case UInt8(ascii: "s"): return stream(rest, cut: Int(input[1]))
    case UInt8(ascii: "a"): return answer(rest, type: input[1] & 1 == 0 ? 1 : 28)
    case UInt8(ascii: "r"): return route(rest)
    case UInt8(ascii: "h"): return hosts(rest)
    default: return nil
    }
  }

  static func names() -> PolicyNames {
    PolicyNames(EgressLayout(rules), allowlist, newNamesPerMinute: 3)
  }

  private static func question(_ query: [UInt8]) -> String? {
    var names = names()
    let answer = names.answer(query, at: 1)
    let refusals = names.takeRefusals()
    guard refusals.count <= 1 else { return "one question, refused twice" }
    // What is asked again is answered again.
    guard names.answer(query, at: 1) == answer else { return "another answer the second time" }
    return judge(answer, to: query, names)
  }

  /// Whether this may be said to a question, by the names that it has made known.
  static func judge(_ answer: [UInt8]?, to query: [UInt8], _ names: PolicyNames) -> String? {
    guard let answer else {
      let isQuestion = query.count >= 12 && query[2] & 0x80 == 0
      return isQuestion ? "a question without an answer" : nil
    }
    guard answer.count <= 512 else { return "longer than a datagram" }
    guard answer.count >= 12, answer[..<2] == query[..<2], answer[2] & 0x80 != 0,
      let plain = PlainNames(answer)
    else { return "not the answer to this question" }
    guard !plain.question.isEmpty else {
      return plain.addresses.isEmpty ? nil : "addresses of nothing"
    }
    guard plain.questionBytes == query[12...].prefix(plain.questionBytes.count) else {
      return "another question"
    }
    let name = plain.question.map { label in
      String(decoding: label.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
    let isLoopback = name.last == "localhost"
    for address in plain.addresses {
      guard let address = IPAddress(networkOrder: address) else { return "no address" }
      if isLoopback, address == .v4(0x7F00_0001) || address == .v6(0, 1) { continue }
      guard let known = names.name(of: address) else { return "an address that stands for nothing" }
      guard known == Array(name.joined(separator: ".").utf8) else { return "another name's" }
      guard allowlist.grants(name: known) else { return "of a name that is not granted" }
    }
    return nil
  }

  /// In whatever pieces it comes, a stream says the same.
  private static func stream(_ bytes: [UInt8], cut: Int) -> String? {
    var whole = NameStream()
    var wholeNames = names()
    let expected = whole.feed(bytes[...]) { wholeNames.answer($0, at: 1) }
    var pieces = NameStream()
    var piecesNames = names()
    var said: [UInt8]? = []
    for start in stride(from: 0, to: bytes.count, by: max(1, cut)) {
      let piece = bytes[start..<min(bytes.count, start + max(1, cut))]
      guard let output = pieces.feed(piece, { piecesNames.answer($0, at: 1) }) else {
        said = nil
        break
      }
      said? += output
    }
    // What was said before the stream broke its rules may differ, that it ends may not.
    return said == expected ? nil : "another stream in pieces"
  }

  private static func answer(_ message: [UInt8], type: UInt16) -> String? {
    let answer = NameServiceMessage.read(message, name: Array("a.example".utf8), type: type)
    guard case .addresses(let addresses, _) = answer else { return nil }
    guard addresses.count <= NameServiceMessage.mostAddresses else { return "too many addresses" }
    for address in addresses {
      let bytes = address.networkOrder
      guard bytes.count == (type == 1 ? 4 : 16) else { return "of the other family" }
      let isThere = (0...max(0, message.count - bytes.count)).contains {
        message.dropFirst($0).starts(with: bytes)
      }
      guard isThere else { return "an address that nobody said" }
    }
    return nil
  }

  private static func route(_ message: [UInt8]) -> String? {
    guard message.count >= 16 else { return nil }
    _ = RouteMessage.read(message[...], sequence: 1)
    return nil
  }

  private static func hosts(_ file: [UInt8]) -> String? {
    let found = HostsFile(file).addresses(of: Array("a.example".utf8))
    return Set(found).count == found.count ? nil : "an address twice"
  }
}

/// An answer, read once more and as plainly as possible: no pointer but to the question.
private struct PlainNames {
  var question: [[UInt8]] = []
  var questionBytes: ArraySlice<UInt8> = []
  /// Contents of records of type A and AAAA.
  var addresses: [[UInt8]] = []

  init?(_ message: [UInt8]) {
    var rest = message[...]
    func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }
    func take(_ count: Int) -> ArraySlice<UInt8>? {
      guard rest.count >= count else { return nil }
      defer { rest = rest.dropFirst(count) }
      return rest.prefix(count)
    }
    guard let header = take(12).map(Array.init) else { return nil }
    let counts = stride(from: 4, to: 12, by: 2).map { Int(header[$0]) << 8 | Int(header[$0 + 1]) }
    guard counts[0] <= 1 else { return nil }
    if counts[0] == 1 {
      while let length = take(1)?.first, length > 0 {
        guard length < 64, let label = take(Int(length)) else { return nil }
        question.append(Array(label))
      }
      guard take(4) != nil else { return nil }
      questionBytes = message[12..<rest.startIndex]
    }
    for _ in 0..<(counts[1] + counts[2] + counts[3]) {
      guard let first = take(1)?.first else { return nil }
      guard first == 0 || first == 0xC0 && take(1)?.first == 12 else { return nil }
      guard let fixed = take(10), let data = take(number(fixed.suffix(2))) else { return nil }
      let type = number(fixed.prefix(2))
      if type == 1 || type == 28 { addresses.append(Array(data)) }
    }
    guard rest.isEmpty else { return nil }
  }
}
