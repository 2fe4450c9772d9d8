@testable import Egress

/// Requests pass for the name alone, wherever the stream is cut and whoever receives it.
///
/// The first byte says how the stream is cut; the rest is the client's stream.
enum RequestEntry {
  static let name = "a.example"

  static func check(_ input: [UInt8]) -> String? {
    guard let seed = input.first else { return nil }
    let stream = Array(input.dropFirst())
    let whole = read([stream[...]])
    let cut = read(Cut.pieces(stream, seed))
    guard whole == cut else { return "another verdict where it is cut" }
    guard whole.released <= stream.count else { return "releases what it does not have" }
    let passed = Array(stream.prefix(whole.released))
    for receiver in PlainReceiver.all {
      for host in receiver.hosts(passed) where host != name && host != name + ":80" {
        return "\(receiver) reads a request for \(host)"
      }
    }
    // A request that passed has a host for every receiver.
    if whole.released > 0, PlainReceiver.all.contains(where: { $0.hosts(passed).isEmpty }) {
      return "a request went out that is for nobody"
    }
    return nil
  }

  private static func read(_ pieces: [ArraySlice<UInt8>]) -> Inspected {
    var reader = HTTPRequestReader(names: [Array(name.utf8)], port: 80)
    var sum = Inspected()
    for piece in pieces {
      let inspected = reader.feed(piece)
      sum.released += inspected.released
      sum.verdict = inspected.verdict
    }
    return sum
  }
}
