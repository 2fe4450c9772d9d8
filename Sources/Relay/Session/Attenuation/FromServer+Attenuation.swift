import Control
import JSON
import MCP

/// The profile's rules about the protocol, on what the server says.
///
/// A server can write its keys with escapes, so that looking for a word finds it only where the line
/// has none.
extension Session {
  /// - Returns: whether the message was dealt with here: answered, dropped, or handled again
  ///   without what was taken out of it.
  mutating func attenuate(fromServer message: Received, _ method: Method?, at now: UInt64) -> Bool {
    guard rules.deniesAnything, !message.isAttenuated, let method else { return false }
    if let capability = rules.denial(of: method, from: .server) {
      tellDenial(capability, method, from: .server)
      if case .request(let id, _) = message.envelope.kind {
        // As a client answers that does not have it.
        outputs.append(.server(Messages.error(id, code: -32601, message: Words.methodNotFound)))
      }
      return true
    }
    if rules.canBecomeTask(method, from: .server), message.line.mayContain("\"task\""),
      let params = message.params
    {
      var cuts = Cuts()
      cutTask(params, method, from: .server, &cuts)
      guard !cuts.isEmpty else { return false }
      again(message, from: .server, cuts) { session, message in
        session.handle(fromServer: message, at: now)
      }
      return true
    }
    // A task's state comes with what it asks for.
    if method == .tasks, let denial = denial(inInput: message.params, of: message) {
      tellDenial(denial.capability, denial.method, from: .server)
      return true
    }
    return false
  }

  /// What a server declares, without what may not be used.
  mutating func attenuate(
    handshake message: Received, _ handle: (inout Session, Received) -> Void
  ) {
    var cuts = Cuts()
    var taken: [Attenuation.Subject] = []
    if let capabilities = message.result?.object("capabilities") {
      rules.cut(capabilities: capabilities, &cuts, &taken)
    }
    guard !cuts.isEmpty else {
      handle(&self, message)
      return
    }
    tellTaken(taken, from: .server)
    again(message, from: .server, cuts, handle)
  }

  /// An answer that asks for what is denied is not the host's: it would do as it is asked.
  ///
  /// - Returns: whether the request was answered here.
  mutating func attenuate(
    answer message: Received, to request: HostRequest, at now: UInt64
  ) -> Bool {
    guard rules.deniesAnything, let denial = denial(in: message) else { return false }
    tellDenial(denial.capability, denial.method, from: .server)
    subscriptions.removeValue(forKey: request.id)
    let text = Words.asked(for: denial.capability.rawValue)
    guard let call = request.call else {
      outputs.append(.host(Messages.error(request.id, code: -32603, message: text)))
      return true
    }
    answerCall(request, text)
    audit(call, outcome: "denied", resultSize: message.line.count, at: now)
    return true
  }

  private typealias Denial = (capability: ProtocolRules.Capability, method: Method)

  private func denial(in message: Received) -> Denial? {
    if let error = message.envelope.error {
      // URLElicitationRequired of 2025-11-25: the host would open what it names.
      let view = ObjectView(message.line, error)
      guard rules.denied.contains(.elicitation), view?.raw("code") == Array("-32042".utf8)
      else { return nil }
      return (.elicitation, .elicit)
    }
    if rules.deniesInput, let denial = denial(inInput: message.result, of: message) {
      return denial
    }
    guard rules.deniesTasks, message.line.mayContain("\"task\""), let result = message.result,
      result.string("resultType") == "task"
        || (result.object("task") != nil && result.member("content") == nil)
    else { return nil }
    return (.tasks, .tasksGet)
  }

  /// The first denied request among `inputRequests`. What cannot be read as the request it would be
  /// is as good as denied: another reader could take it for one.
  private func denial(inInput view: @autoclosure () -> ObjectView?, of message: Received) -> Denial?
  {
    guard rules.deniesInput, message.line.mayContain("nputRequests"), let view = view() else {
      return nil
    }
    guard let member = view.member("inputRequests") else {
      return view.hasLookalike(of: ["inputRequests"]) ? unreadable : nil
    }
    guard let requests = ObjectView(view.line, member.value) else {
      return member.kind == .null ? nil : unreadable
    }
    for entry in requests.outline.members {
      guard let request = ObjectView(view.line, entry.value),
        !request.hasLookalike(of: ["method"]), let name = request.string("method")
      else { return unreadable }
      guard let method = Method(named: name) else { continue }
      if let capability = rules.denial(of: method, from: .server) { return (capability, method) }
    }
    return nil
  }

  /// Told as one of those that are denied.
  private var unreadable: Denial? {
    let candidates: [(ProtocolRules.Capability, Method)] = [
      (.sampling, .createMessage), (.elicitation, .elicit), (.roots, .rootsList),
    ]
    return candidates.first { rules.denied.contains($0.0) }
  }
}

extension Line {
  /// Whether a word can be in the line: it is there, or something is written with escapes.
  func mayContain(_ word: StaticString) -> Bool {
    contains(word) || contains("\\u")
  }
}
