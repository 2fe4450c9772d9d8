import Control
import JSON
import MCP
import Manifest

@testable import Relay

/// Knows what was asked and what is approved, and finds an output that must not be.
struct Judge {
  static let ownPrefix = "cordon-7-"

  var approved: [PinnedItem] = []
  /// The profile denies whatever a server may ask for.
  var deniesRequests = false
  private static let denied: [Method] = [.createMessage, .elicit, .rootsList]
  /// Of the last request that Cordon made itself.
  private var ownNumber: UInt64 = 0
  private var host = Asked()
  private var server = Asked()

  mutating func hostSaid(_ line: [UInt8], _ limits: JSONLimits) {
    for (id, method) in Asked.requests(in: line, limits) { host.ask(id, method) }
  }

  mutating func serverSaid(_ line: [UInt8], _ limits: JSONLimits) {
    for (id, method) in Asked.requests(in: line, limits) { server.ask(id, method) }
  }

  mutating func saidTooMuch(_ side: Side, _ head: [UInt8], _ tail: [UInt8]) {
    var end = Remains()
    unsafe tail.withUnsafeBytes { end.readEnd(unsafe Line($0)) }
    let id = unsafe head.withUnsafeBytes { unsafe Salvage.requestID(in: $0) } ?? end.id
    guard let id else { return }
    if side == .host { host.ask(id, nil) } else { server.ask(id, nil) }
  }

  /// - Parameter line: what is being handled, for the outputs that stand for it.
  mutating func judge(_ output: Output, _ line: [UInt8]?, from side: Side) -> String? {
    switch output {
    case .forwardToHost:
      guard let line, side == .server else { return "forwards no line of the server's" }
      return judge(toHost: line)
    case .forwardToServer:
      guard let line, side == .host else { return "forwards no line of the host's" }
      return judge(toServer: line)
    case .host(let bytes): return ended(bytes).map { judge(toHost: $0) } ?? "an unfinished line"
    case .server(let bytes): return ended(bytes).map { judge(toServer: $0) } ?? "an unfinished line"
    case .report, .ended, .log, .slow: return nil
    }
  }

  private func ended(_ bytes: [UInt8]) -> [UInt8]? {
    bytes.last == 0x0A ? Array(bytes.dropLast()) : nil
  }

  private mutating func judge(toHost line: [UInt8]) -> String? {
    guard SingleLine.holds(line) else { return "more than one line to the host" }
    guard let envelope = envelope(line) else { return "no message to the host" }
    switch envelope.kind {
    case .request(let id, let method):
      guard server.contains(id) else { return "asks the host what no server asked" }
      let isDenied = deniesRequests && Self.denied.contains { $0.name == method }
      return isDenied ? "asks the host what is denied" : nil
    case .notification: return nil
    case .errorResponse(nil): return "answers the host without an id"
    case .response(let id), .errorResponse(.some(let id)):
      guard let methods = host.answer(id) else { return "answers what no host asked" }
      guard methods.allSatisfy({ $0 == Method.toolsList.name }) else { return nil }
      return isApproved(toolsOf: line) ? nil : "shows a tool that nobody approved"
    }
  }

  private mutating func judge(toServer line: [UInt8]) -> String? {
    guard SingleLine.holds(line) else { return "more than one line to the server" }
    guard let envelope = envelope(line) else { return "no message to the server" }
    switch envelope.kind {
    case .request(let id, let method):
      if let number = id.ownNumber {
        // A host that guesses Cordon's ids would guess the next one.
        guard number == ownNumber + 1 else { return "lets a host use Cordon's own ids" }
        ownNumber = number
        return nil
      }
      guard host.contains(id) else { return "asks the server what no host asked" }
      guard method == Method.toolsCall.name else { return nil }
      return isApproved(toolCalledBy: line) ? nil : "calls a tool that nobody approved"
    case .notification(let method):
      return method == Method.toolsCall.name ? "calls a tool without an id" : nil
    case .errorResponse(nil): return "answers the server without an id"
    case .response(let id), .errorResponse(.some(let id)):
      return server.answer(id) == nil ? "answers what no server asked" : nil
    }
  }

  private func isApproved(toolCalledBy line: [UInt8]) -> Bool {
    guard let name = tree(line)?["params"]?["name"]?.string else { return false }
    return approved.contains { $0.kind == ItemKind.tool.rawValue && $0.name == name.utf8 }
  }

  private func isApproved(toolsOf line: [UInt8]) -> Bool {
    guard let tools = tree(line)?["result"]?["tools"]?.array else { return true }
    return tools.allSatisfy { tool in
      if tool["name"]?.string == Notice.name { return true }
      do throws(ItemError) {
        return approved.contains(PinnedItem(try Item.tool(fromRaw: Array(line[tool.range]))))
      } catch {
        return false
      }
    }
  }

  private func envelope(_ line: [UInt8]) -> Envelope? {
    do throws(EnvelopeError) {
      guard case .single(let envelope) = try Message.read(line) else { return nil }
      return envelope
    } catch {
      return nil
    }
  }

  private func tree(_ line: [UInt8]) -> JSONNode? {
    do throws(JSONError) {
      return try JSONReader.parse(line)
    } catch {
      return nil
    }
  }
}

extension MessageID {
  fileprivate var ownNumber: UInt64? {
    guard case .string(let text) = self, text.utf8.starts(with: Judge.ownPrefix.utf8) else {
      return nil
    }
    return UInt64(String(decoding: text.utf8.dropFirst(Judge.ownPrefix.utf8.count), as: UTF8.self))
  }
}
