import Glibc
import Kernel

@testable import Egress

/// A name server on the loopback, over UDP and TCP, that says what the test wants it to say.
final class NameServer {
  /// What a question of a name and type is answered with; nil for silence.
  var answer: (_ name: String, _ type: UInt16, _ isStream: Bool) -> [UInt8]?
  /// As they came.
  private(set) var questions: [(name: String, type: UInt16, isStream: Bool)] = []
  let port: UInt16
  private let datagrams: Int32
  private let listener: Int32
  private var streams: [Int32] = []

  init?(_ answer: @escaping (_ name: String, _ type: UInt16, _ isStream: Bool) -> [UInt8]?) {
    self.answer = answer
    datagrams = socket(AF_INET, Int32(SOCK_DGRAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    guard Self.bind(datagrams, &address), Self.bind(listener, &address), listen(listener, 8) == 0
    else {
      for raw in [datagrams, listener] { close(raw) }
      return nil
    }
    port = UInt16(bigEndian: address.sin_port)
  }

  deinit { for raw in [datagrams, listener] + streams { close(raw) } }

  /// What the test's own name is answered with.
  static func addresses(_ addresses: [IPAddress], seconds: UInt16 = 60) -> [UInt8] {
    addresses.flatMap { address in
      let bytes = address.networkOrder
      return Question.words([0xC00C, bytes.count == 4 ? 1 : 28, 1, 0, seconds, UInt16(bytes.count)])
        + bytes
    }
  }

  /// Everything that waits is answered: an answer's records, of which the test gives bytes and number,
  /// behind the question.
  func serve() {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      var peer = sockaddr()
      var length = socklen_t(MemoryLayout<sockaddr>.size)
      let count = unsafe recvfrom(datagrams, &buffer, buffer.count, 0, &peer, &length)
      guard count > 0 else { break }
      guard let reply = reply(to: Array(buffer[..<count]), isStream: false) else { continue }
      _ = unsafe sendto(datagrams, reply, reply.count, 0, &peer, length)
    }
    let accepted = accept(listener, nil, nil)
    if accepted >= 0 { streams.append(accepted) }
    for stream in streams {
      let count = unsafe recv(stream, &buffer, buffer.count, Int32(MSG_DONTWAIT))
      guard count > 2, let reply = reply(to: Array(buffer[2..<count]), isStream: true) else {
        continue
      }
      let framed = Question.words([UInt16(reply.count)]) + reply
      _ = unsafe send(stream, framed, framed.count, 0)
    }
  }

  /// What ends with the bytes of `answer` begins with the flags and number of records in its first four.
  private func reply(to query: [UInt8], isStream: Bool) -> [UInt8]? {
    var offset = 12
    guard let labels = NameReader.labels(of: query, at: &offset, allowsPointers: false) else {
      return nil
    }
    let name = String(decoding: NameReader.text(labels), as: UTF8.self)
    let type = UInt16(query[offset]) << 8 | UInt16(query[offset + 1])
    questions.append((name, type, isStream))
    guard let answer = answer(name, type, isStream) else { return nil }
    var reply = Array(query[..<2]) + Array(answer[..<2])
    reply += [0, 1] + Array(answer[2..<4]) + [0, 0, 0, 0]
    return reply + query[12...] + answer[4...]
  }

  private static func bind(_ raw: Int32, _ address: inout sockaddr_in) -> Bool {
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    // The structure is as long as it says, and lent for the two calls.
    return unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe Glibc.bind(raw, $0, length) == 0 && getsockname(raw, $0, &length) == 0
      }
    }
  }
}
