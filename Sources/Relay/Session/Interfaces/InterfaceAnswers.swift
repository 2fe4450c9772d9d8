import Control
import JSON
import MCP
import Manifest

/// The server's answer to a host that reads what it will render.
extension Session {
  /// Passes it where just this body is approved. Another one is observed, and waits.
  mutating func answerInterface(
    _ message: Received, _ request: HostRequest, _ uri: JSONString, at now: UInt64
  ) {
    guard message.envelope.result != nil else {
      toHost(message)
      return
    }
    guard let result = message.result else {
      withhold(request, "unusable", words.unusableInterface)
      return
    }
    // A round: it asks for something, and there is nothing to render in it.
    if result.string("resultType") == "input_required", result.member("contents") == nil,
      !result.hasLookalike(of: ["contents"])
    {
      toHost(message)
      return
    }
    let type = result.member("resultType")
    guard type == nil || result.string("resultType") == "complete",
      let item = body(of: uri, message, result)
    else {
      withhold(request, "unusable", words.unusableInterface)
      return
    }
    let isKept = note(item)
    let state = pins.state(of: PinnedItem(item))
    // While Cordon still reads the others, this one is reported with them.
    if isKept, interfaces.reading == nil,
      state == .unknown || interfaces.bodies != interfaces.observed
    {
      observeInterfaces(at: now)
    }
    switch state {
    case .approved: pass(message, result)
    case .rejected: withhold(request, "rejected", words.rejectedInterface)
    case .waiting, .unknown:
      tellWithheld(PinnedItem(item))
      withhold(request, "withheld", words.unapprovedInterface)
    }
  }

  /// Only what was approved passes: what stands beside the body could say what it may connect to.
  /// A decision changes what may be rendered at any moment, so that no cache keeps it.
  private mutating func pass(_ message: Received, _ result: ObjectView) {
    let replacements: [(key: JSONString, value: [UInt8]?)] = [
      ("contents", nil), ("resultType", nil),
      ("ttlMs", Array("0".utf8)), ("cacheScope", Array("\"private\"".utf8)),
    ]
    var kept: [Int: [UInt8]?] = [:]
    for (key, value) in replacements {
      if let member = result.member(key) { kept.updateValue(value, forKey: member.key.lowerBound) }
    }
    let changed: [(member: JSONOutline.Member?, value: [UInt8]?)] =
      result.outline.members.compactMap { member in
        switch kept[member.key.lowerBound] {
        case .none: (member, nil)
        case .some(.none): nil
        case .some(.some(let value)): (member, value)
        }
      }
    guard !changed.isEmpty else {
      toHost(message)
      return
    }
    send(message, replacing: "result", with: result.rewritten(changed))
  }

  private mutating func withhold(_ request: HostRequest, _ reason: String, _ words: String) {
    refuse(.server, reason: "\(reason)-\(ItemKind.uiResource.rawValue)", size: 0)
    outputs.append(.host(Messages.error(request.id, code: -32602, message: words)))
  }
}
