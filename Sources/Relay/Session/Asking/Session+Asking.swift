import Control
import Digest
import JSON
import MCP
import Manifest

/// Asking whoever sits at the host about a call of a tool that waits, where the profile allows it.
///
/// The words come from the supervisor, and what an answer does is the supervisor's business: this
/// only carries them, holds the call meanwhile, and decides about it anew once that is done.
extension Session {
  /// Notes whether the host shows forms, before anything is taken out of what it declares: that the
  /// server may not ask is no rule about Cordon.
  mutating func noteForms(_ message: Received, _ method: Method?) {
    guard settings.questionSeconds != nil, !message.isAttenuated else { return }
    switch method {
    case .initialize:
      asking.hasForms = (message.params?.object("capabilities")).hasForms
    case .toolsCall:
      asking.requestHasForms = (message.meta?.object(MetaKey.clientCapabilities)).hasForms
    default: break
    }
  }

  /// Whether a question may be put about this call. One that belongs to a round of the server's has
  /// no room for another.
  func takesForm(_ request: HostRequest, _ params: ObjectView) -> Bool {
    guard settings.questionSeconds != nil, !request.wantsTask else { return false }
    if request.isModern {
      return asking.requestHasForms && params.member(Self.state) == nil
        && params.member(Self.responses) == nil
    }
    return asking.hasForms
      && (handshake.version == .v2025_06_18 || handshake.version == .v2025_11_25)
  }

  /// Opens a question about a tool, or has the call wait for the one that is open.
  ///
  /// - Returns: whether the call waits now; otherwise nobody is asked.
  mutating func ask(
    about tool: JSONString, _ digest: Digest, for request: HostRequest, _ call: Call,
    _ line: @autoclosure () -> [UInt8], at now: UInt64
  ) -> Bool {
    guard request.takesForm, let seconds = settings.questionSeconds else { return false }
    let item = PinnedItem(
      kind: ItemKind.tool.rawValue, name: tool.utf8, digest: digest.bytes)
    let index: Int
    if let open = asking.open.firstIndex(where: { $0.item == item }) {
      // A host that was given one brings it back with another call, or never.
      if case .given = asking.open[open].stage { return false }
      index = open
    } else {
      guard asking.open.count < AskingState.mostOpen, asking.asked.count < AskingState.most,
        !asking.asked.contains(item)
      else { return false }
      index = asking.open.count
    }
    let entry = Held(request, for: .list(.tools), .call(line(), call), params: nil)
    guard asking.heldBytes + entry.size <= settings.messageSize else { return false }
    if index == asking.open.count {
      asking.asked.insert(item)
      asking.number += 1
      asking.open.append(
        Question(
          number: asking.number, item: item, tool: tool, isModern: request.isModern,
          due: now + UInt64(seconds) * Session.second))
      outputs.append(.report(.ask(number: asking.number, item: item)))
    }
    hold(entry, forQuestionAt: index)
    return true
  }

  private mutating func hold(_ entry: Held, forQuestionAt index: Int) {
    var kept = entry
    kept.request.kind = .held
    // What was asked once is answered as it is decided then.
    kept.request.takesForm = false
    fromHost.insert(kept.request, as: kept.request.id)
    asking.heldBytes += kept.size
    asking.open[index].calls.append(kept)
  }

  // MARK: The question

  /// The supervisor's words; nil where it does not ask.
  mutating func receive(question number: UInt64, _ text: String?, at now: UInt64) {
    guard let index = asking.open.firstIndex(where: { $0.number == number }),
      asking.open[index].stage == .preparing
    else { return }
    guard let text else { return close(index, at: now) }
    guard !asking.open[index].calls.isEmpty else { return conclude(index, .unanswered) }
    if asking.open[index].isModern {
      give(text, index, at: now)
    } else {
      let id = MessageID.string(JSONString(Self.prefix + settings.questionToken()))
      asking.open[index].stage = .put(id)
      outputs.append(
        .host(
          Reply.request(
            id: id, method: Method.elicit.name,
            params: Elicitation.params(text, namesMode: handshake.version == .v2025_11_25))))
    }
  }

  /// The first call is answered with the question; others that came meanwhile with what there is to
  /// say without one.
  private mutating func give(_ text: String, _ index: Int, at now: UInt64) {
    let state = JSONString(Self.prefix + settings.questionToken())
    asking.open[index].stage = .given(state: state)
    let calls = asking.open[index].calls
    asking.open[index].calls = []
    for (number, entry) in calls.enumerated() {
      guard case .call(_, let call) = entry.wanted else { continue }
      asking.heldBytes -= entry.size
      _ = fromHost.remove(entry.request.id)
      if number == 0 {
        outputs.append(
          .host(
            Reply.result(
              id: entry.request.id, result: Elicitation.inputRequired(text, state: state))))
      } else {
        answerCall(entry.request, words.unapproved)
      }
      audit(call, outcome: number == 0 ? "asked" : "withheld", resultSize: 0, at: now)
    }
  }

  // MARK: The answer

  /// Of these the random part is a secret between Cordon and the host: no server can have an answer
  /// that was meant for it taken for one to a question.
  static var prefix: String { "cordon-question-" }
  private static var state: JSONString { "requestState" }
  private static var responses: JSONString { "inputResponses" }

  /// An answer of the host's to a question before the modern era.
  ///
  /// - Returns: whether it was one.
  mutating func takeAnswer(_ message: Received, _ id: MessageID) -> Bool {
    guard let index = asking.open.firstIndex(where: { $0.stage == .put(id) }) else { return false }
    conclude(index, Elicitation.answer(message.result))
    return true
  }

  /// A call of the modern era that comes again with Cordon's state. The server sees nothing of it: a
  /// state that is not open, whoever made it up, ends the call.
  ///
  /// - Returns: whether it was one.
  mutating func takeRetry(
    _ message: Received, _ params: ObjectView, _ request: HostRequest, _ call: Call, at now: UInt64
  ) -> Bool {
    guard settings.questionSeconds != nil, let state = params.string(Self.state),
      state.utf8.starts(with: Self.prefix.utf8)
    else { return false }
    guard let index = asking.open.firstIndex(where: { $0.stage == .given(state: state) }),
      asking.open[index].tool == call.tool
    else {
      refuse(.host, reason: "unknown-question", size: message.line.count)
      answerCall(request, words.questionOver)
      audit(call, outcome: "withheld", resultSize: 0, at: now)
      return true
    }
    let answer = Elicitation.answer(params.object(Self.responses)?.object(Elicitation.key))
    var cuts = Cuts()
    cuts.cut(params) { number in
      let member = params.outline.members[number]
      return params.couldBe(member, Self.state) || params.couldBe(member, Self.responses)
    }
    let rest = cuts.applied(to: message.line)
    let line = unsafe rest.withUnsafeBytes { bytes in
      unsafe Line(bytes).terminated(isOneLine: message.isOneLine)
    }
    hold(
      Held(request, for: .list(.tools), .call(line, call), params: nil), forQuestionAt: index)
    conclude(index, answer)
    return true
  }

  /// Tells the supervisor what came of it; a host that still shows it is told to stop.
  private mutating func conclude(_ index: Int, _ answer: HostAnswer) {
    if answer == .unanswered, case .put(let id) = asking.open[index].stage {
      outputs.append(.host(Messages.cancelled(id, why: "no longer asked")))
    }
    asking.open[index].stage = .deciding
    outputs.append(.report(.answered(number: asking.open[index].number, answer)))
  }

  /// The answer has had its effect, and the pins are those after it.
  mutating func receive(decided number: UInt64, at now: UInt64) {
    guard let index = asking.open.firstIndex(where: { $0.number == number }),
      asking.open[index].stage == .deciding
    else { return }
    close(index, at: now)
  }

  /// The calls go on as it is decided now, by the list as it is now.
  private mutating func close(_ index: Int, at now: UInt64) {
    let question = asking.open.remove(at: index)
    for entry in question.calls {
      asking.heldBytes -= entry.size
      if lists.tools.isFresh {
        release(entry, at: now)
      } else {
        hold(entry)
        askForList(.tools, meta: lists.tools.meta, at: now)
      }
    }
  }

  // MARK: Ends

  mutating func expireQuestions(at now: UInt64) {
    while let index = asking.open.firstIndex(where: { $0.stage != .deciding && $0.due <= now }) {
      conclude(index, .unanswered)
    }
  }

  /// Somebody else has decided meanwhile, in another terminal for example: nobody is kept waiting.
  mutating func withdrawQuestions() {
    for index in asking.open.indices {
      guard case .put = asking.open[index].stage else { continue }
      switch pins.state(of: asking.open[index].item) {
      case .approved, .rejected: conclude(index, .unanswered)
      case .waiting, .unknown: continue
      }
    }
  }

  /// A call that waits for a question is dropped. A question that no call waits for is withdrawn.
  ///
  /// - Returns: whether there was one.
  mutating func dropAsked(_ id: MessageID, outcome: String, at now: UInt64) -> Bool {
    for index in asking.open.indices {
      guard let place = asking.open[index].calls.firstIndex(where: { $0.request.id == id })
      else { continue }
      let entry = asking.open[index].calls.remove(at: place)
      asking.heldBytes -= entry.size
      if case .call(_, let call) = entry.wanted {
        audit(call, outcome: outcome, resultSize: 0, at: now)
      }
      if asking.open[index].calls.isEmpty, case .put = asking.open[index].stage {
        conclude(index, .unanswered)
      }
      return true
    }
    return false
  }

  /// The session ends: no call goes missing from the audit log, and no form stays open.
  mutating func endQuestions(at now: UInt64) {
    for question in asking.open {
      guard case .put(let id) = question.stage else { continue }
      outputs.append(.host(Messages.cancelled(id, why: "the server has ended")))
    }
    for entry in asking.open.flatMap(\.calls) {
      guard case .call(_, let call) = entry.wanted else { continue }
      audit(call, outcome: "unanswered", resultSize: 0, at: now)
    }
    asking.open = []
    asking.heldBytes = 0
  }
}
