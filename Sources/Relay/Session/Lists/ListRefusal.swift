import JSON
import MCP

/// What of a server's error is passed on where it was asked for its list: the code, and the
/// versions of the protocol that it names. A model may read the rest.
struct ListRefusal {
  var code: Int
  var supported: [ProtocolVersion] = []
  var words = Words.listFailed

  static let unknownMethod = -32601
  static let unsupportedVersion = -32022
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

  init?(_ message: Received) {
    guard let error = ObjectView(message.line, message.envelope.error),
      let member = error.member("code"),
      let code = unsafe JSONOutline.int64(at: member.value, in: message.line.bytes)
    else { return nil }
    self.init(code: Int(code))
    guard self.code == Self.unsupportedVersion, let data = error.object("data")?.raw("supported")
    else { return }
    do throws(JSONError) {
      let names = try JSONReader.parse(data).array?.compactMap(\.string) ?? []
      supported = ProtocolVersion.all.filter { names.contains($0.name) }
    } catch {
      // The line was read strictly as a whole; without the versions the code still says it.
      return
    }
  }

  func answer(_ id: MessageID) -> [UInt8] {
    guard !supported.isEmpty else {
      return Messages.error(id, code: code, message: words)
    }
    var data = JSONWriter()
    data.object { data in
      data.member("supported") { list in
        list.array { list in
          for version in supported { list.string(version.name) }
        }
      }
    }
    return Reply.error(
      id: id, code: code, message: JSONString(words), data: data.bytes)
  }
}
