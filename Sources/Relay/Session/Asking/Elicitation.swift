import Control
import JSON
import MCP

/// The form that a host shows for a question, and what comes back. One shape in both eras.
///
/// The choice is required and has no default, and the harmless one comes first: a host that accepts
/// by itself, with nothing or with the first that there is, approves nothing.
enum Elicitation {
  /// Cordon's own key among `inputRequests`.
  static let key: JSONString = "cordon"
  private static let choice: JSONString = "decision"
  private static let choices: [HostAnswer] = [.later, .reject, .approve]

  static func params(_ text: String, namesMode: Bool) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { params in
      // Without it a form is meant; 2025-06-18 knows no other.
      if namesMode { params.member("mode") { $0.string("form" as JSONString) } }
      params.member("message") { $0.string(text) }
      params.member("requestedSchema") { schema in
        schema.object { schema in
          schema.member("type") { $0.string("object" as JSONString) }
          schema.member("properties") { properties in
            properties.object { $0.member(choice) { writeChoice(to: &$0) } }
          }
          schema.member("required") { list in list.array { $0.string(choice) } }
        }
      }
    }
    return writer.bytes
  }

  private static func writeChoice(to writer: inout JSONWriter) {
    writer.object { field in
      field.member("type") { $0.string("string" as JSONString) }
      field.member("title") { $0.string("Decision" as JSONString) }
      field.member("description") {
        $0.string(
          "approve: the tool may be used as it is described now. reject: it stays away until it "
            + "changes. later: nothing is decided.")
      }
      field.member("enum") { list in
        list.array { list in
          for choice in choices { list.string(choice.rawValue) }
        }
      }
    }
  }

  /// The modern era's answer to the call.
  static func inputRequired(_ text: String, state: JSONString) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { result in
      result.member("resultType") { $0.string("input_required" as JSONString) }
      result.member("inputRequests") { requests in
        requests.object { requests in
          requests.member(key) { request in
            request.object { request in
              request.member("method") { $0.string(Method.elicit.name) }
              request.member("params") { $0.raw(params(text, namesMode: true)) }
            }
          }
        }
      }
      result.member("requestState") { $0.string(state) }
    }
    return writer.bytes
  }

  /// What a host answered. Whatever is not the one form of a choice is none.
  static func answer(_ result: ObjectView?) -> HostAnswer {
    guard let result, !result.hasLookalike(of: ["action", "content"]) else { return .failed }
    switch result.string("action") {
    case "decline": return .declined
    case "cancel": return .cancelled
    case "accept":
      guard let content = result.object("content"), !content.hasLookalike(of: [choice]),
        let word = content.string(choice)
      else { return .unclear }
      return choices.first { word == JSONString($0.rawValue) } ?? .unclear
    default: return .failed
    }
  }
}

extension ObjectView? {
  /// Whether the capabilities say that forms are shown: `{}` is all that 2025-06-18 has for it.
  var hasForms: Bool {
    guard let elicitation = self?.object("elicitation") else { return false }
    return elicitation.object("form") != nil || elicitation.member("url") == nil
  }
}
