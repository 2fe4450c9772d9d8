import JSON
import MCP

/// The requests that one side has made, each good for one answer.
struct Asked {
  /// The method is nil for one that was refused before it was read.
  private var open: [MessageID: [JSONString?]] = [:]

  mutating func ask(_ id: MessageID, _ method: JSONString?) {
    open[id, default: []].append(method)
  }

  func contains(_ id: MessageID) -> Bool { open[id] != nil }

  /// - Returns: the methods that this may be the answer to; nil where there was no such request.
  mutating func answer(_ id: MessageID) -> [JSONString?]? {
    guard var methods = open[id] else { return nil }
    let all = methods
    methods.removeFirst()
    open[id] = methods.isEmpty ? nil : methods
    return all
  }

  /// The requests of a line, those included that are refused and can be answered.
  static func requests(in line: [UInt8], _ limits: JSONLimits) -> [(MessageID, JSONString?)] {
    do throws(EnvelopeError) {
      switch try Message.read(line, limits: limits) {
      case .single(let envelope): return request(envelope)
      case .batch(let elements): return elements.flatMap { element(line, $0, limits) }
      }
    } catch {
      return error.id.map { [($0, nil)] } ?? []
    }
  }

  private static func element(
    _ line: [UInt8], _ range: Range<Int>, _ limits: JSONLimits
  ) -> [(MessageID, JSONString?)] {
    requests(in: Array(line[range]), limits)
  }

  private static func request(_ envelope: Envelope) -> [(MessageID, JSONString?)] {
    guard case .request(let id, let method) = envelope.kind else { return [] }
    return [(id, method)]
  }
}
