import Control
import Credentials
import Digest
import JSON
import MCP
import Manifest

/// A host's `tools/call`.
extension Session {
  private enum Verdict {
    case forward
    case answer(String, isError: Bool, outcome: String)
    /// A person has to decide about the tool with this digest.
    case waiting(Digest)
  }

  mutating func call(
    _ message: Received, _ request: HostRequest, at now: UInt64
  ) {
    guard let params = message.params, let tool = params.string("name") else {
      refuse(.host, reason: "call-without-name", size: message.line.count)
      reply(to: message, code: -32602, "params.name must be a string")
      return
    }
    // A server that reads keys without regard to case would call another tool than the one judged.
    guard !params.hasLookalike(of: ["name"]) else {
      refuse(.host, reason: "lookalike-key", size: message.line.count)
      reply(to: message, code: -32602, "params has a key that some readers take for name")
      return
    }
    var request = request
    let meta = message.meta
    request.isModern = meta?.member(MetaKey.protocolVersion) != nil
    request.wantsTask = !request.isModern && params.member("task") != nil
    let call = Call(
      tool: tool,
      arguments: settings.digestArguments
        ? params.member("arguments").map { message.line.digest($0.value) } : nil,
      size: message.line.count, started: now,
      trace: meta.flatMap { TraceContext($0, settings.redactor) })
    if takeRetry(message, params, request, call, at: now) { return }
    request.takesForm = takesForm(request, params)
    if lists.tools.isFresh {
      switch verdict(tool) {
      case .forward:
        request.kind = .call(call.kept(settings.redactor))
        fromHost.insert(request, as: request.id)
        toServer(message)
      case .answer(let text, let isError, let outcome):
        answerCall(request, text, isError: isError)
        audit(call, outcome: outcome, resultSize: 0, at: now)
      case .waiting(let digest):
        if ask(
          about: tool, digest, for: request, call,
          message.line.terminated(isOneLine: message.isOneLine), at: now)
        {
          return
        }
        answerCall(request, words.unapproved)
        audit(call, outcome: "withheld", resultSize: 0, at: now)
      }
      return
    }
    if tool == Notice.name {
      // Cordon's own tool needs no list.
      let (text, isError) = notice
      answerCall(request, text, isError: isError)
      audit(call, outcome: "answered", resultSize: 0, at: now)
      return
    }
    request.kind = .held
    fromHost.insert(request, as: request.id)
    hold(
      Held(
        request, for: .list(.tools),
        .call(message.line.terminated(isOneLine: message.isOneLine), call), params: params))
    askForList(.tools, meta: message.requestMeta(isModern: request.isModern), at: now)
  }

  /// A call that waited: the list is there now.
  mutating func release(_ entry: Held, _ line: [UInt8], _ call: Call, at now: UInt64) {
    switch verdict(call.tool) {
    case .forward:
      var request = entry.request
      request.kind = .call(call.kept(settings.redactor))
      fromHost.insert(request, as: entry.request.id)
      outputs.append(.server(line))
    case .answer(let text, let isError, let outcome):
      answerCall(entry.request, text, isError: isError)
      audit(call, outcome: outcome, resultSize: 0, at: now)
    case .waiting(let digest):
      if ask(about: call.tool, digest, for: entry.request, call, line, at: now) { return }
      answerCall(entry.request, words.unapproved)
      audit(call, outcome: "withheld", resultSize: 0, at: now)
    }
  }

  private func verdict(_ tool: JSONString) -> Verdict {
    if tool == Notice.name {
      let (text, isError) = notice
      return .answer(text, isError: isError, outcome: "answered")
    }
    guard let digest = lists.tools.catalog?[tool] else {
      return .answer(
        lists.tools.ambiguous.contains(tool) ? words.ambiguous : words.unlisted, isError: true,
        outcome: "unlisted")
    }
    switch pins.state(.tool, tool, digest) {
    case .approved: return .forward
    case .rejected: return .answer(words.rejected, isError: true, outcome: "rejected")
    case .waiting: return .waiting(digest)
    case .unknown:
      return .answer(words.unapproved, isError: true, outcome: "withheld")
    }
  }

  private var notice: (text: String, isError: Bool) {
    guard settings.notice else { return (words.unlisted, true) }
    return (sentence ?? words.nothingWaiting, false)
  }

  /// A host that asked for a task takes no result of a tool for an answer: it gets an error.
  mutating func answerCall(_ request: HostRequest, _ text: String, isError: Bool = true) {
    guard !request.wantsTask else {
      outputs.append(.host(Messages.error(request.id, code: -32602, message: text)))
      return
    }
    outputs.append(
      .host(
        Messages.toolResult(
          request.id, text: text, isError: isError, isModern: request.isModern)))
  }

  mutating func audit(_ call: Call, outcome: String, resultSize: Int, at now: UInt64) {
    var call = call
    call.tool = JSONString(utf8: settings.redactor.excerpt(call.tool.utf8, Call.longestName))
    outputs.append(
      .ended(CallEvent(call: call, outcome: outcome, resultSize: resultSize, ended: now)))
  }

  /// How a call went, from the server's answer. A large one is not read a second time for it.
  func outcome(of message: Received) -> String {
    guard message.envelope.result != nil else { return "error" }
    // Most results say nothing of this: looking for the words is cheaper than reading the object.
    guard message.line.count <= 64 << 10,
      message.line.contains("isError") || message.line.contains("resultType")
        || message.line.contains("taskId"),
      let result = message.result
    else { return "result" }
    if result.isTrue("isError") { return "tool-error" }
    switch result.string("resultType") {
    case "input_required": return "input-required"
    case "task": return "task"
    default: return result.object("task")?.string("taskId") == nil ? "result" : "task"
    }
  }
}

extension Call {
  /// Bytes of a tool's name that the audit log is told.
  static let longestName = 256

  /// As it is kept until it is answered: a server may give its tools names of any length, and many
  /// calls may wait at once.
  func kept(_ redactor: Redactor) -> Call {
    guard tool.utf8.count > Call.longestName else { return self }
    var call = self
    call.tool = JSONString(utf8: redactor.excerpt(tool.utf8, Call.longestName))
    return call
  }
}

extension Line {
  /// The digest of a value as it was sent.
  func digest(_ range: Range<Int>) -> Digest {
    var state = SHA256()
    unsafe state.update(UnsafeRawBufferPointer(rebasing: bytes[range]))
    return state.finish()
  }
}
