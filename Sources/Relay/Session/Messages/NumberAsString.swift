import JSON
import MCP

/// An answer under the string `"1"` to the request `1`.
///
/// They are two ids, but some servers give every id back as a string, and the hosts' SDKs take the one
/// for the other. So that all readers read one thing, such an answer goes on under the number.
extension Session {
  /// The open request that is meant by a string under which there is none.
  func number(meantBy id: MessageID) -> MessageID? {
    guard case .string(let text) = id, let number = Int64(text.string),
      JSONString(String(number)) == text
    else { return nil }
    let meant = MessageID.number(number)
    return fromHost[meant] != nil ? meant : nil
  }

  mutating func answer(
    fromServer message: Received, withNumber id: MessageID, at now: UInt64
  ) {
    guard let range = message.envelope.id else { return }
    var bytes = message.line.copy(0..<range.lowerBound)
    bytes += id.encoded
    bytes += message.line.copy(range.upperBound..<message.line.count)
    unsafe bytes.withUnsafeBytes { buffer in
      let line = unsafe Line(buffer)
      do throws(EnvelopeError) {
        let envelope = try unsafe Envelope.read(line.bytes, limits: limits)
        // It is not the line that was read, which a forwarding output stands for.
        let renamed = Received(line: line, envelope: envelope, isWholeLine: false)
        answer(fromServer: renamed, id, at: now)
      } catch {
        refuse(fromServer: message.line, error, at: now)
      }
    }
  }
}
