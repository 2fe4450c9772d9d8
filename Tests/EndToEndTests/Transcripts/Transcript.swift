import Foundation

/// What passed at one place of a session, in each direction, line by line.
struct Transcript {
  var toServer: [Line]
  var toHost: [Line]

  struct Unfinished: Error, CustomStringConvertible {
    let description: String
  }

  /// What Peers/recorder.py has kept.
  init(recordedIn folder: String) throws {
    toServer = try Transcript.lines(folder + "/to-server")
    toHost = try Transcript.lines(folder + "/to-host")
  }

  private static func lines(_ path: String) throws -> [Line] {
    var parts = try Data(contentsOf: URL(filePath: path))
      .split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    guard parts.popLast()?.isEmpty ?? true else {
      throw Unfinished(description: "the last line of \(path) has no end")
    }
    return parts.map { Line(Data($0)) }
  }

  /// One message as it stood on the wire, without its newline.
  struct Line {
    let bytes: Data
    /// Null where the line is not JSON.
    let message: Value
    /// The bytes as Cordon passes them on: with what some readers take for the end of a line escaped
    /// in strings, and nothing else changed.
    let passed: Data
    let method: String?
    /// The id as JSON text, so that 1 and "1" differ.
    let id: String?
    /// What tells the request that a line belongs to from every other.
    let request: String
    /// Of a request of Cordon's own, or of its answer.
    let isCordons: Bool
    /// The items of a gated list's answer as they stand in `passed`.
    let items: Data?
    let text: String

    init(_ bytes: Data) {
      self.bytes = bytes
      message = (try? Value.parse(String(decoding: bytes, as: UTF8.self))) ?? .null
      method = message["method"].string
      id = message["id"] == .null ? nil : try? message["id"].text
      let token = try? message["params"]["progressToken"].text
      request = [method, id, token].map { $0 ?? "" }.joined(separator: " ")
      isCordons = message["id"].string?.hasPrefix("cordon") ?? false
      passed = Line.separators.reduce(bytes) { result, separator in
        guard result.range(of: Data(separator.raw.utf8)) != nil else { return result }
        return Data(
          String(decoding: result, as: UTF8.self)
            .replacing(separator.raw, with: separator.escaped).utf8)
      }
      let member = ["tools", "prompts", "resourceTemplates"].first {
        [message] in message["result"][$0] != .null
      }
      items = member.flatMap { [passed] in Line.value(of: $0, in: passed) }
      text = String(decoding: bytes, as: UTF8.self)
    }

    private static let separators = [
      (raw: "\u{85}", escaped: "\\u0085"), (raw: "\u{2028}", escaped: "\\u2028"),
      (raw: "\u{2029}", escaped: "\\u2029"),
    ]

    var isAnswer: Bool { method == nil && id != nil }

    /// An object or a list as it stands, found by its key's first occurrence.
    private static func value(of key: String, in bytes: Data) -> Data? {
      guard let start = bytes.range(of: Data("\"\(key)\":".utf8))?.upperBound else { return nil }
      var depth = 0
      var isInString = false
      var isEscaped = false
      for index in bytes[start...].indices {
        switch bytes[index] {
        case _ where isEscaped: isEscaped = false
        case UInt8(ascii: "\\"): isEscaped = isInString
        case UInt8(ascii: "\""): isInString.toggle()
        case _ where isInString: break
        case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
        case UInt8(ascii: "]"), UInt8(ascii: "}"):
          depth -= 1
          if depth == 0 { return bytes[start...index] }
        default: break
        }
      }
      return nil
    }
  }
}
