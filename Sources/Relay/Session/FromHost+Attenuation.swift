import Control
import JSON
import MCP

/// The profile's rules about the protocol, on what the host sends.
///
/// A line is looked through only where a rule can concern it. The host writes its keys as everybody
/// does, so that looking for the word finds them.
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
    var cuts = Cuts()
    var taken: [Attenuation.Subject] = []
    var roots = RootRule.Outcome()
    if method == .initialize {
      if let capabilities = message.params?.object("capabilities") {
        rules.cut(capabilities: capabilities, &cuts, &taken)
      }
    } else if message.line.contains("io.modelcontextprotocol/clientCapabilities") {
      cutModern(message, &cuts, &taken, &roots)
    }
    if let method, rules.canBecomeTask(method, from: .client), message.line.contains("\"task\"") {
      cutTask(message, method, from: .host, &cuts)
    }
    guard !cuts.isEmpty else { return false }
    tellTaken(taken, from: .host)
    tellRoots(roots)
    again(message, from: .host, cuts) { session, message in
      session.handle(fromHost: message, at: now)
    }
    return true
  }

  /// What a request of the modern era brings along: its capabilities, the level of the log that it
  /// wants, and answers to what the server has asked for.
  private mutating func cutModern(
    _ message: Received, _ cuts: inout Cuts, _ taken: inout [Attenuation.Subject],
    _ roots: inout RootRule.Outcome
  ) {
    let wantsLog =
      rules.denied.contains(.logging) && message.line.contains("io.modelcontextprotocol/logLevel")
    let bringsAnswers = message.line.contains("\"inputResponses\"")
    // A host says the same in every request, so that mostly there is nothing to be looked at.
    if !wantsLog, !bringsAnswers, seenCapabilities.isHarmless(message.line) { return }
    guard let params = message.params else { return }
    if let meta = params.object("_meta") {
      if let member = meta.member(MetaKey.clientCapabilities),
        let capabilities = ObjectView(message.line, member.value)
      {
        rules.cut(capabilities: capabilities, &cuts, &taken)
        if cuts.isEmpty { seenCapabilities.remember(member, of: message.line) }
      }
      if wantsLog, meta.member(MetaKey.logLevel) != nil {
        let members = meta.outline.members
        cuts.cut(meta) { meta.key(of: members[$0]) == MetaKey.logLevel }
        taken.append(.capability(.logging))
      }
    }
    if bringsAnswers, let responses = params.object("inputResponses") {
      roots = rules.roots.cut(inputResponses: responses, &cuts)
    }
  }

  /// Whoever has not declared tasks takes a request as if it had none.
  mutating func cutTask(
    _ message: Received, _ method: Method, from side: Side, _ cuts: inout Cuts
  ) {
    guard let params = message.params, params.member("task") != nil else { return }
    let members = params.outline.members
    cuts.cut(params) { params.key(of: members[$0]) == "task" }
    tellDenial(.tasks, method, from: side)
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

/// What a host declared in its last request, where nothing of it was to be taken out.
struct SeenCapabilities {
  /// The key, the colon and the value as they stand in a line.
  private var member: [UInt8] = []

  /// Whether a line has just this, once and nothing else under the key.
  ///
  /// The member begins with a quoted key and ends with the brace that closes its value, so that where
  /// these bytes stand outside of a string they are that member, whole. Inside of a string the quotes
  /// would be escaped.
  func isHarmless(_ line: Line) -> Bool {
    guard !member.isEmpty, let first = line.firstRange(of: member) else { return false }
    return !line.part(0..<first.lowerBound).contains("io.modelcontextprotocol/clientCapabilities")
      && !line.part(first.upperBound..<line.count).contains(
        "io.modelcontextprotocol/clientCapabilities")
  }

  mutating func remember(_ member: JSONOutline.Member, of line: Line) {
    // A key's range is without its quotes.
    let range = (member.key.lowerBound - 1)..<member.value.upperBound
    guard !member.keyHasEscapes, range.count <= 4096 else { return }
    self.member = line.copy(range)
  }
}
