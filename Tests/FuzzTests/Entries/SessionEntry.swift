import Control
import Credentials
import JSON
import MCP
import Manifest

@testable import Relay

/// The rules of the message path, driven by a script: what comes out is judged by `Judge`.
///
/// The first byte says how decisions come. Each line of the rest is a step, and its first byte what
/// happens: `h` and `s` a line from the host or the server, `H` and `S` one that is over the limit
/// (its head and its tail, with a 01 byte between), `a` and `r` everything that waits is approved or
/// rejected, `o` the decisions as they are, `f` none any more, `t` a minute, `e` the server's end.
struct SessionEntry {
  private var session: Session
  private var judge = Judge()
  private var now: UInt64 = 0
  private var decisions = Decisions()
  private let answersAtOnce: Bool
  private var hasEnded = false

  private static let messageSize = 1 << 15
  /// Small ones, so that a short script comes near them.
  private static let limits = RelayLimits(
    nesting: 32, pendingRequests: 20, messages: 5, notifications: 1, handshake: 60, request: 600)

  private static let open = ProtocolRules(
    extensions: [Array("io.modelcontextprotocol/tasks".utf8)], roots: [Array("/granted".utf8)])
  private static let closed = ProtocolRules(denied: Set(ProtocolRules.Capability.allCases))

  static func check(_ input: [UInt8]) -> String? {
    guard let mode = input.first else { return nil }
    var entry = SessionEntry(mode: mode)
    for step in input.dropFirst().split(separator: 0x0A) {
      if let broken = entry.take(step) { return broken }
    }
    return entry.finish()
  }

  private init(mode: UInt8) {
    answersAtOnce = mode & 1 == 0
    decisions.firstUseTrusts = mode & 2 == 0
    judge.deniesRequests = mode & 8 != 0
    session = Session(
      SessionSettings(
        serverName: "notes", messageSize: Self.messageSize, limits: Self.limits,
        notice: mode & 4 == 0, digestArguments: true, ownPrefix: Judge.ownPrefix,
        redactor: Redactor([]),
        rules: mode & 8 == 0 ? Self.open : Self.closed))
  }

  private mutating func take(_ step: ArraySlice<UInt8>) -> String? {
    let rest = Array(step.dropFirst())
    guard let word = step.first, rest.count <= Self.messageSize else { return nil }
    switch word {
    case UInt8(ascii: "h"):
      guard session.acceptsHost, !rest.isEmpty else { return nil }
      judge.hostSaid(rest, session.limits)
      unsafe rest.withUnsafeBytes { session.receive(fromHost: unsafe Line($0), at: now) }
      return settle(rest, from: .host)
    case UInt8(ascii: "s"):
      guard session.acceptsServer, !rest.isEmpty, !hasEnded else { return nil }
      judge.serverSaid(rest, session.limits)
      unsafe rest.withUnsafeBytes { session.receive(fromServer: unsafe Line($0), at: now) }
      return settle(rest, from: .server)
    case UInt8(ascii: "H"), UInt8(ascii: "S"):
      return oversize(word == UInt8(ascii: "H") ? .host : .server, rest)
    case UInt8(ascii: "a"), UInt8(ascii: "r"), UInt8(ascii: "f"), UInt8(ascii: "o"):
      decisions.decide(word)
      return decide()
    case UInt8(ascii: "t"):
      now += 61_000_000_000
      session.tick(at: now)
      return settle(nil, from: .host)
    case UInt8(ascii: "e"):
      hasEnded = true
      session.giveUpAll("it ended", at: now)
      return settle(nil, from: .server)
    default: return nil
    }
  }

  private mutating func oversize(_ side: Side, _ rest: [UInt8]) -> String? {
    guard side == .host || session.acceptsServer && !hasEnded else { return nil }
    let parts = rest.split(separator: 1, maxSplits: 1, omittingEmptySubsequences: false)
    let head = Array(parts.first ?? [])
    let tail = Array(parts.last ?? [])
    judge.saidTooMuch(side, head, tail)
    unsafe head.withUnsafeBytes { session.refuseOversize(side, head: unsafe Line($0), at: now) }
    unsafe tail.withUnsafeBytes { session.endOversize(side, tail: unsafe Line($0), at: now) }
    return settle(nil, from: side)
  }

  private mutating func decide() -> String? {
    session.receive(decisions.snapshot, at: now)
    return settle(nil, from: .host)
  }

  private mutating func finish() -> String? {
    session.end(at: now)
    return settle(nil, from: .host)
  }

  /// Judges what came out, and has the supervisor answer what was reported.
  private mutating func settle(_ line: [UInt8]?, from side: Side) -> String? {
    while session.answerNextList() {}
    let outputs = session.outputs
    session.outputs = []
    judge.approved = decisions.approved
    var hasObserved = false
    for output in outputs {
      if let broken = judge.judge(output, line, from: side) { return broken }
      if case .report(.observed(let sequence, _, let present)) = output {
        decisions.observe(present, sequence)
        hasObserved = true
      }
    }
    if let broken = bounds { return broken }
    return hasObserved && answersAtOnce ? decide() : nil
  }

  /// What a session may keep, whatever is sent.
  private var bounds: String? {
    let most = Self.limits.pendingRequests
    guard session.fromHost.count <= most, session.fromServer.count <= most,
      session.subscriptions.count <= most
    else { return "too many pending requests" }
    guard session.heldBytes <= 2 * Self.messageSize + 2,
      session.heldElements.reduce(0, { $0 + $1.count }) <= Self.messageSize
    else { return "too much held" }
    return session.told.count <= SessionSettings.mostItems ? nil : "too much remembered"
  }
}

/// What the person has decided, and what waits.
private struct Decisions {
  var firstUseTrusts = false
  private(set) var approved: [PinnedItem] = []
  private var rejected: [PinnedItem] = []
  private var waiting: [PinnedItem] = []
  private var sequence: UInt64 = 0

  var snapshot: PinSnapshot {
    PinSnapshot(sequence: sequence, approved: approved, rejected: rejected, waiting: waiting)
  }

  mutating func observe(_ present: [PinnedItem], _ number: UInt64) {
    sequence = number
    for item in present where !(approved + rejected + waiting).contains(item) {
      if firstUseTrusts { approved.append(item) } else { waiting.append(item) }
    }
  }

  mutating func decide(_ word: UInt8) {
    switch word {
    case UInt8(ascii: "a"):
      approved += waiting
      waiting = []
    case UInt8(ascii: "r"):
      rejected += waiting
      waiting = []
    case UInt8(ascii: "f"):
      waiting += approved + rejected
      approved = []
      rejected = []
    default: break
    }
  }
}
