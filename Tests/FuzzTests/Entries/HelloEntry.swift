@testable import Egress

/// A ClientHello has one reading, wherever the stream is cut and whoever reads it.
///
/// The first byte says how the stream is cut, the second what of it comes before the server's answer
/// and which one that is; the rest is the client's stream.
enum HelloEntry {
  private static let name = Array("a.example".utf8)
  private static let retry = answer([
    0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
    0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
  ])
  private static let plain = answer([UInt8](repeating: 1, count: 32))

  private static func answer(_ random: [UInt8]) -> [UInt8] {
    [22, 3, 3, 0, 44, 2, 0, 0, 40, 3, 3] + random + [0, 0x13, 1, 0, 0, 0]
  }

  static func check(_ input: [UInt8]) -> String? {
    guard input.count >= 2 else { return nil }
    let stream = Array(input[2...])
    return checkReader(stream, input[0]) ?? checkInspection(stream, input[0], input[1])
  }

  private static func checkReader(_ stream: [UInt8], _ seed: UInt8) -> String? {
    for followsRetry in [false, true] {
      var whole = ClientHelloReader(followsRetry: followsRetry)
      whole.feed(stream[...])
      var cut = ClientHelloReader(followsRetry: followsRetry)
      for piece in Cut.pieces(stream, seed) { cut.feed(piece) }
      guard whole.verdict == cut.verdict else { return "another verdict where it is cut" }
      guard case .hello(let hello) = whole.verdict else {
        if whole.verdict == .needsMore, whole.length < stream.count { return "stops reading" }
        continue
      }
      guard whole.length == cut.length, whole.length <= stream.count else {
        return "another length"
      }
      let names = PlainHello.names(stream[..<whole.length])
      let expected = hello.serverName.map { [$0] } ?? []
      guard names == expected else { return "another receiver reads \(names)" }
    }
    return nil
  }

  /// Whatever goes out has hellos with the right name alone, in as far as a server reads them.
  private static func checkInspection(
    _ stream: [UInt8], _ seed: UInt8, _ choice: UInt8
  ) -> String? {
    var inspection = TLSInspection(names: [name], allowsMissingName: false)
    let isRetry = choice & 1 == 1
    var released = 0
    var afterAnswer = Int(choice >> 1)
    var verdict = Inspected.Verdict.reading
    var fed = 0
    var hasAnswered = false
    for piece in Cut.pieces(stream, seed) {
      fed += piece.count
      let inspected = inspection.client(piece)
      released += inspected.released
      verdict = inspected.verdict
      if released > 0, !hasAnswered {
        afterAnswer -= 1
        if afterAnswer < 0 {
          hasAnswered = true
          let answered = inspection.server((isRetry ? retry : plain)[...])
          released += answered.released
          verdict = answered.verdict
        }
      }
      guard released <= fed else { return "releases what it does not have" }
      if case .refused = verdict { break }
    }
    if verdict == .settled {
      guard hasAnswered, released == fed else { return "settled before an answer" }
    }
    guard released > 0 else { return nil }
    var reader = ClientHelloReader()
    reader.feed(stream[..<released])
    guard case .hello(let hello) = reader.verdict, hello.serverName == name, !hello.hidesName else {
      return "another hello went out"
    }
    guard isRetry, hasAnswered, released > reader.length else { return nil }
    var second = ClientHelloReader(followsRetry: true)
    second.feed(stream[reader.length..<released])
    guard case .hello(let again) = second.verdict, again.serverName == name else {
      return "another second hello went out"
    }
    return nil
  }
}
