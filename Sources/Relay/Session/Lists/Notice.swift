import JSON

/// The tool that Cordon adds while something waits for review.
enum Notice {
  static let name: JSONString = "cordon_review"

  static func tool(_ sentence: String) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { tool in
      tool.member("name") { $0.string(name) }
      tool.member("title") { $0.string("Definitions waiting for review" as JSONString) }
      tool.member("description") { $0.string(sentence) }
      tool.member("inputSchema") { schema in
        schema.object { schema in
          schema.member("type") { $0.string("object" as JSONString) }
          schema.member("properties") { $0.object { _ in } }
          schema.member("additionalProperties") { $0.bool(false) }
        }
      }
      tool.member("annotations") { annotations in
        annotations.object { annotations in
          annotations.member("readOnlyHint") { $0.bool(true) }
          annotations.member("openWorldHint") { $0.bool(false) }
        }
      }
    }
    return writer.bytes
  }

  /// Instructions with the sentence behind them, as a JSON string.
  ///
  /// - Parameter instructions: a JSON string, quotes included, that was approved; nil for none.
  static func instructions(_ instructions: [UInt8]?, _ sentence: String) -> [UInt8] {
    var writer = JSONWriter()
    writer.string(sentence)
    guard let instructions, instructions.count > 2 else { return writer.bytes }
    return instructions.dropLast() + Array("\\n\\n".utf8) + writer.bytes.dropFirst()
  }
}
