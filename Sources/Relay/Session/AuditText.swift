import Credentials

extension Redactor {
  /// The beginning of a text without secrets, for the audit log.
  ///
  /// Redacted before it is cut, because half a secret is one too; and no more of it than is needed.
  func excerpt(_ text: [UInt8], _ length: Int) -> [UInt8] {
    guard !isEmpty else { return Array(text.prefix(length)) }
    var stream = RedactionStream(self)
    var output: [UInt8] = []
    var rest = text[...]
    while output.count < length {
      guard !rest.isEmpty else {
        output += stream.finish()
        break
      }
      output += stream.push(rest.prefix(4096))
      rest = rest.dropFirst(4096)
    }
    return Array(output.prefix(length))
  }
}
