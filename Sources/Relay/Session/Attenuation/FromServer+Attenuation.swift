import Control
import JSON
import MCP

/// The profile's rules about the protocol, on what the server says.
///
/// A host may read keys without regard to case, and of several that are then the same the last. A
/// key that looks like one which is decided about is as good as that one, wherever it stands: also
/// beside it. No word is looked for in the line first: a key is written in more ways than one.
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
    if rules.canBecomeTask(method, from: .server), let params = message.params {
      var cuts = Cuts()
      cutTask(params, method, from: .server, &cuts)
      guard !cuts.isEmpty else { return false }
      again(message, from: .server, cuts) { session, message in
        session.handle(fromServer: message, at: now)
      }
      return true
    }
    // A task's state comes with what it asks for.
    if method == .tasks, let params = message.params, let denial = denial(inInput: params) {
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
      guard rules.denied.contains(.elicitation), let view = ObjectView(message.line, error),
        view.raw("code") == Array("-32042".utf8) || view.hasLookalike(of: ["code"])
      else { return nil }
      return (.elicitation, .elicit)
    }
    guard rules.deniesInput || rules.deniesTasks, let result = message.result else { return nil }
    if let denial = denial(inInput: result) { return denial }
    guard rules.deniesTasks, result.couldBeTask else { return nil }
    return (.tasks, .tasksGet)
  }

  /// The first denied request among `inputRequests`. What cannot be read as the request it would be
  /// is as good as denied: another reader could take it for one.
  private func denial(inInput view: ObjectView) -> Denial? {
    guard rules.deniesInput else { return nil }
    guard !view.hasLookalike(of: ["inputRequests"]) else { return unreadable }
    guard let member = view.member("inputRequests") else { return nil }
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

extension ObjectView {
  /// Whether a result is a task, or one to some reader, in either era's form.
  fileprivate var couldBeTask: Bool {
    if string("resultType") == "task" || hasLookalike(of: ["resultType"]) { return true }
    let hasContent = member("content") != nil
    return outline.members.contains { member in
      guard member.kind == .object, couldBe(member, "task") else { return false }
      // A tool's result may have a member of that name, which is no task without an id.
      guard hasContent, let task = ObjectView(line, member.value) else { return true }
      return task.outline.members.contains { task.couldBe($0, "taskId") }
    }
  }
}
