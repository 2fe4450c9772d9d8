import JSON
import MCP

/// What of a server's error is passed on where it was asked for its list: the code, and what a host
/// chooses by, where it has a form that leaves no room for words. A model may read the rest.
struct ListRefusal {
  var code: Int
  /// The versions of the protocol that the server says it speaks, in its order.
  var supported: [JSONString] = []
  /// The capabilities that the server asks for, as a JSON object of known names.
  var requiredCapabilities: [UInt8]?
  /// Cordon's own, where they are not that the server did not give its list.
  var words: String?

  static let unknownMethod = -32601
  static let missingCapability = -32021
  static let unsupportedVersion = -32022
  /// More than there will ever be of versions that one server speaks.
  private static let mostVersions = 32
  /// Bytes of a version that is said again to the host that asked with it.
  static let longestVersion = 64

  /// There was no answer, or none that is a list.
  ///
  /// - Parameter limit: the name of the bound within which there was none.
  static func silent(_ limit: String?) -> ListRefusal {
    var refusal = ListRefusal(code: -32603)
    if let limit { refusal.words = Words.unanswered(limit) }
    return refusal
  }

  init(code: Int) {
    self.code = code
  }

  /// - Parameter extensions: those that the profile names.
  init?(_ message: Received, extensions: Set<JSONString>) {
    guard let error = ObjectView(message.line, message.envelope.error),
      let member = error.member("code"),
      let code = unsafe JSONOutline.int64(at: member.value, in: message.line.bytes)
    else { return nil }
    self.init(code: Int(code))
    guard let data = error.object("data") else { return }
    switch self.code {
    case Self.unsupportedVersion:
      supported = Array(data.strings("supported").filter(\.isVersion).prefix(Self.mostVersions))
    case Self.missingCapability:
      requiredCapabilities = data.object("requiredCapabilities").map {
        CapabilityNames.client(extensions).known(in: $0)
      }
    default: break
    }
  }

  /// A host chooses by it how it goes on: what it asked for is answered with this error and nothing
  /// else.
  var decides: Bool { code == Self.unsupportedVersion || code == Self.missingCapability }

  /// - Parameter version: what the host asked with; nil where it named none.
  func answer(_ id: MessageID, _ kind: ListKind, askedWith version: JSONString?) -> [UInt8] {
    let words = JSONString(words ?? Words.listFailed(kind))
    return Reply.error(id: id, code: code, message: words, data: data(version))
  }

  private func data(_ version: JSONString?) -> [UInt8]? {
    var writer = JSONWriter()
    switch code {
    case Self.unsupportedVersion:
      guard version != nil || !supported.isEmpty else { return nil }
      writer.object { data in
        data.member("supported") { list in
          list.array { list in
            for version in supported { list.string(version) }
          }
        }
        if let version { data.member("requested") { $0.string(version) } }
      }
    case Self.missingCapability:
      guard let requiredCapabilities else { return nil }
      writer.object { data in
        data.member("requiredCapabilities") { $0.raw(requiredCapabilities) }
      }
    default: return nil
    }
    return writer.bytes
  }
}

extension JSONString {
  /// Whether it has the form of a version, a date, known or not: `dddd-dd-dd`.
  fileprivate var isVersion: Bool {
    utf8.count == 10
      && utf8.enumerated().allSatisfy { index, byte in
        index == 4 || index == 7
          ? byte == UInt8(ascii: "-")
          : (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      }
  }
}
