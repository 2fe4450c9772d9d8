import Control
import JSON
import MCP

/// The profile's rules about the protocol, on what the host sends.
extension Session {
  /// - Returns: whether the message was dealt with here: answered, dropped, or handled again
  ///   without what was taken out of it.
  mutating func attenuate(fromHost message: Received, _ method: Method?, at now: UInt64) -> Bool {
    guard !message.isAttenuated else { return false }
    if let method, let capability = rules.denial(of: method, from: .client) {
      tellDenial(capability, method, from: .host)
      // As a server answers that does not have it; a notification has no answer.
      reply(to: message, code: -32601, Words.methodNotFound)
      return true
    }
    guard message.isRequest, let params = message.params else { return false }
    if hasLookalike(params, message.meta, method) {
      refuse(.host, reason: "lookalike-key", size: message.line.count)
      reply(to: message, code: -32602, "params has a key that some readers take for another")
      return true
    }
    var cuts = Cuts()
    var taken: [Attenuation.Subject] = []
    if let meta = message.meta { cut(meta, &cuts, &taken) }
    if method == .initialize, let capabilities = params.object("capabilities") {
      rules.cut(capabilities: capabilities, &cuts, &taken)
    }
    if let responses = params.object(Self.inputResponses) {
      tellRoots(rules.roots.cut(inputResponses: responses, &cuts))
    }
    if let method, rules.canBecomeTask(method, from: .client) {
      cutTask(params, method, from: .host, &cuts)
    }
    guard !cuts.isEmpty else { return false }
    tellTaken(taken, from: .host)
    again(message, from: .host, cuts) { session, message in
      session.handle(fromHost: message, at: now)
    }
    return true
  }

  private static let inputResponses: JSONString = "inputResponses"
  private static let decidingKeys: [JSONString] = [inputResponses, MetaKey.meta]

  /// Whether a server that reads keys without regard to case could find a declaration or the
  /// answers to what it asked where nothing is taken out of them.
  private func hasLookalike(_ params: ObjectView, _ meta: ObjectView?, _ method: Method?) -> Bool {
    params.hasLookalike(of: Self.decidingKeys)
      || method == .initialize && params.hasLookalike(of: ["capabilities"])
      || meta?.hasLookalike(of: [MetaKey.clientCapabilities]) == true
  }

  /// What a request of the modern era declares, and the level of the log that it wants.
  private mutating func cut(
    _ meta: ObjectView, _ cuts: inout Cuts, _ taken: inout [Attenuation.Subject]
  ) {
    // A host says the same in every request, so that mostly there is nothing to be looked at.
    if let member = meta.member(MetaKey.clientCapabilities),
      !meta.line.has(harmlessCapabilities, at: member.value),
      let capabilities = ObjectView(meta.line, member.value)
    {
      rules.cut(capabilities: capabilities, &cuts, &taken)
      if cuts.isEmpty, member.value.count <= 4096 {
        harmlessCapabilities = meta.line.copy(member.value)
      }
    }
    if rules.denied.contains(.logging), cuts.cut(meta, like: MetaKey.logLevel) {
      taken.append(.capability(.logging))
    }
  }

  /// Whoever has not declared tasks takes a request as if it had none.
  mutating func cutTask(
    _ params: ObjectView, _ method: Method, from side: Side, _ cuts: inout Cuts
  ) {
    if cuts.cut(params, like: "task") { tellDenial(.tasks, method, from: side) }
  }

  /// The host's answer to the server's `roots/list`, without what the server cannot see.
  ///
  /// - Returns: whether the answer was sent here.
  mutating func attenuate(rootsFromHost message: Received) -> Bool {
    guard let result = message.result else { return false }
    var cuts = Cuts()
    let outcome = rules.roots.cut(answer: result, &cuts)
    guard !cuts.isEmpty else { return false }
    tellRoots(outcome)
    again(message, from: .host, cuts) { session, message in session.toServer(message) }
    return true
  }

  /// Reads what is left of a message, so that everything that is decided about it is decided about
  /// what is sent.
  mutating func again(
    _ message: Received, from side: Side, _ cuts: Cuts, _ handle: (inout Session, Received) -> Void
  ) {
    let bytes = cuts.applied(to: message.line)
    unsafe bytes.withUnsafeBytes { bytes in
      let line = unsafe Line(bytes)
      do throws(EnvelopeError) {
        let envelope = try unsafe Envelope.read(bytes, limits: limits)
        handle(
          &self,
          Received(line: line, envelope: envelope, isWholeLine: false, isAttenuated: true))
      } catch {
        // It was read strictly before members of it were left out; what can't be read is not sent.
        refuse(side, reason: error.word, size: line.count)
      }
    }
  }
}
