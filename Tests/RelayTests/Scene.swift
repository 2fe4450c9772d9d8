import Control
import Credentials
import Digest
import JSON
import MCP
import Manifest
import Synchronization

@testable import Relay

/// A session, a host, a server and a person who decides, all as values.
struct Scene {
  var session: Session
  var now: UInt64 = 0
  /// What the person has decided, and what waits.
  var approved: [PinnedItem] = []
  var rejected: [PinnedItem] = []
  var waiting: [PinnedItem] = []
  /// Everything that was reported, in order.
  var reports: [RelayReport] = []
  var log: [String] = []
  /// When it was told that the server does not answer, in seconds.
  var slow: [Int] = []
  /// Whether observations are answered at once.
  var answersAtOnce = true
  /// Whether the host reads at once what it is sent.
  var readsAll = true
  var firstUseTrusts = false
  /// Whether what a server declares is approved as it comes: most tests are about something else.
  var trustsCapabilities = true
  /// The canonical form of the approved capabilities.
  var capabilities: [UInt8]?

  init(
    notice: Bool = true, messageSize: Int = 1 << 20, limits: RelayLimits = RelayLimits(),
    redactor: Redactor = Redactor([]), rules: ProtocolRules = ProtocolRules(),
    withholdsResources: Bool = false,
    questionSeconds: Int? = nil
  ) {
    let counter = Counter()
    let tokens: @Sendable () -> String = { "token\(counter.next())" }
    session = Session(
      SessionSettings(
        serverName: "notes", messageSize: messageSize, limits: limits, notice: notice,
        digestArguments: true,
        ownPrefix: "cordon-7-", redactor: redactor, rules: rules,
        withholdsResources: withholdsResources,
        questionSeconds: questionSeconds, questionToken: tokens))
  }

  /// What went out because of one input, newlines left out; `=` stands for the line itself.
  struct Effect: Equatable {
    var toHost: [String] = []
    var toServer: [String] = []
  }

  mutating func host(_ line: String) -> Effect {
    host(Array(line.utf8))
  }

  mutating func host(_ bytes: [UInt8]) -> Effect {
    unsafe bytes.withUnsafeBytes { session.receive(fromHost: unsafe Line($0), at: now) }
    return take()
  }

  mutating func server(_ line: String) -> Effect {
    server(Array(line.utf8))
  }

  mutating func server(_ bytes: [UInt8]) -> Effect {
    approveCapabilities(in: bytes)
    unsafe bytes.withUnsafeBytes { session.receive(fromServer: unsafe Line($0), at: now) }
    return take()
  }

  /// Before the answer comes: what is approved is no reason to hold it.
  private mutating func approveCapabilities(in line: [UInt8]) {
    guard trustsCapabilities, let root = try? JSONReader.parse(line),
      let range = root["result"]?["capabilities"]?.range,
      let item = try? Item.read(.capabilities, Array(line[range])),
      !approved.contains(PinnedItem(item))
    else { return }
    approved.append(PinnedItem(item))
    session.pins = Pins(snapshot(0))
  }

  private func snapshot(_ sequence: UInt64) -> PinSnapshot {
    PinSnapshot(
      sequence: sequence, approved: approved, rejected: rejected, waiting: waiting,
      capabilities: capabilities)
  }

  /// A line over the limit, of which only the two ends are known.
  mutating func oversize(_ side: Side, head: String, tail: String) -> Effect {
    let head = Array(head.utf8)
    let tail = Array(tail.utf8)
    unsafe head.withUnsafeBytes { session.refuseOversize(side, head: unsafe Line($0), at: now) }
    unsafe tail.withUnsafeBytes { session.endOversize(side, tail: unsafe Line($0), at: now) }
    return take()
  }

  mutating func end() -> Effect {
    session.end(at: now)
    return take()
  }

  /// The server is gone.
  mutating func ended(_ reason: String) -> Effect {
    session.giveUpAll(reason, at: now)
    return take()
  }

  mutating func pass(seconds: UInt64) -> Effect { pass(milliseconds: seconds * 1000) }

  mutating func pass(milliseconds: UInt64) -> Effect {
    now += milliseconds * 1_000_000
    session.tick(at: now)
    return take()
  }

  /// The supervisor's words for a question; nil where it refuses to ask.
  mutating func question(_ number: UInt64, _ text: String?) -> Effect {
    session.receive(question: number, text, at: now)
    return take()
  }

  /// The supervisor has carried an answer out.
  mutating func decided(_ number: UInt64) -> Effect {
    session.receive(decided: number, at: now)
    return take()
  }

  /// What was asked of the supervisor, and what it was told of answers.
  var asked: [RelayReport] {
    reports.filter { report in
      switch report {
      case .ask, .answered: true
      default: false
      }
    }
  }

  /// The supervisor says what is decided.
  mutating func pins(sequence: UInt64 = 0) -> Effect {
    session.receive(snapshot(sequence), at: now)
    return take()
  }

  mutating func approve(_ item: PinnedItem) -> Effect {
    waiting.removeAll { $0 == item }
    approved.append(item)
    return pins()
  }

  mutating func reject(_ item: PinnedItem) -> Effect {
    waiting.removeAll { $0 == item }
    rejected.append(item)
    return pins()
  }

  private mutating func take() -> Effect {
    while readsAll, session.answerNextList() {}
    return takeMade()
  }

  /// The host has read what was written, so that the next list is made for it.
  mutating func read() -> Effect {
    session.answerNextList()
    return takeMade()
  }

  private mutating func takeMade() -> Effect {
    var effect = Effect()
    var observed: [UInt64] = []
    let outputs = session.outputs
    session.outputs = []
    for output in outputs {
      switch output {
      case .forwardToHost: effect.toHost.append("=")
      case .forwardToServer: effect.toServer.append("=")
      case .host(let bytes): effect.toHost.append(Scene.text(bytes))
      case .server(let bytes): effect.toServer.append(Scene.text(bytes))
      case .log(let bytes): log.append(Scene.text(bytes))
      case .slow(let seconds): slow.append(seconds)
      case .ended(let event): reports.append(event.report)
      case .report(let report):
        reports.append(report)
        if case .observed(let sequence, _, let present) = report {
          observed.append(sequence)
          observe(present)
        }
      }
    }
    guard answersAtOnce else { return effect }
    for sequence in observed {
      let more = pins(sequence: sequence)
      effect.toHost += more.toHost
      effect.toServer += more.toServer
    }
    return effect
  }

  private mutating func observe(_ present: [PinnedItem]) {
    for item in present where !(approved + rejected + waiting).contains(item) {
      let isDeclared = item.kind == ItemKind.capabilities.rawValue && trustsCapabilities
      if firstUseTrusts || isDeclared { approved.append(item) } else { waiting.append(item) }
    }
  }

  private static func text(_ bytes: [UInt8]) -> String {
    String(decoding: bytes.last == 0x0A ? bytes.dropLast() : bytes[...], as: UTF8.self)
  }

  /// How an answer names a bound of this session.
  func name(_ bound: Bound) -> String { bound.name(session.settings) }

  /// What the audit log was told about bounds: side, bound, number.
  var excesses: [String] {
    events("messageLimit").map { "\($0["from"] ?? "") \($0["limit"] ?? "") \($0["count"] ?? "")" }
  }

  /// The reasons of what was refused, with who sent it.
  var refusals: [String] {
    events("refused").map { "\($0["from"] ?? "") \($0["reason"] ?? "")" }
  }

  func events(_ wanted: String) -> [[String: String]] {
    reports.compactMap { report in
      guard case .event(wanted, let fields) = report else { return nil }
      return Dictionary(
        uniqueKeysWithValues: fields.map { field in
          switch field.value {
          case .text(let bytes): (field.name, String(decoding: bytes, as: UTF8.self))
          case .integer(let value): (field.name, String(value))
          case .boolean(let value): (field.name, String(value))
          }
        })
    }
  }

  /// The bodies of what was reported as unknown.
  var items: [String] {
    reports.compactMap { report in
      guard case .item(_, let kind, let name, _) = report else { return nil }
      return "\(kind):\(String(decoding: name, as: UTF8.self))"
    }
  }
}

/// Lines that tests share.
enum Lines {
  static let echo =
    #"{"name":"echo","description":"Says it again","inputSchema":{"type":"object"}}"#
  static let poisoned =
    #"{"name":"echo","description":"Says it to me too","inputSchema":{"type":"object"}}"#
  static let add = #"{"name" : "add","inputSchema":{ "type":"object" }}"#

  static func request(_ id: Int, _ method: String, _ params: String? = nil) -> String {
    let tail = params.map { #","params":\#($0)"# } ?? ""
    return #"{"jsonrpc":"2.0","id":\#(id),"method":"\#(method)"\#(tail)}"#
  }

  static func call(_ id: Int, _ tool: String) -> String {
    request(id, "tools/call", #"{"name":"\#(tool)","arguments":{"a":1}}"#)
  }

  static func own(
    _ number: Int, _ params: String? = nil, method: String = "tools/list"
  ) -> String {
    let tail = params.map { #","params":\#($0)"# } ?? ""
    return #"{"jsonrpc":"2.0","id":"cordon-7-\#(number)","method":"\#(method)"\#(tail)}"#
  }

  /// The answer to a request of Cordon's own.
  static func ownAnswer(_ number: Int, _ result: String) -> String {
    #"{"jsonrpc":"2.0","id":"cordon-7-\#(number)","result":\#(result)}"#
  }

  static func pinned(_ kind: ItemKind, _ raw: String) throws -> PinnedItem {
    PinnedItem(try Item.read(kind, Array(raw.utf8)))
  }

  static func pinned(interface uri: String, _ contents: String) throws -> PinnedItem {
    PinnedItem(try Item.uiResource(JSONString(uri), contents: Array(contents.utf8)))
  }

  static func ownResult(_ number: Int, _ tools: [String], more: String = "") -> String {
    #"{"jsonrpc":"2.0","id":"cordon-7-\#(number)","result":{"tools":[\#(tools.joined(separator: ","))]\#(more)}}"#
  }

  static func list(_ id: Int, _ tools: [String], more: String = "") -> String {
    #"{"jsonrpc":"2.0","id":\#(id),"result":{"tools":[\#(tools.joined(separator: ","))]\#(more)}}"#
  }

  static func result(_ id: Int, _ result: String = "{}") -> String {
    #"{"jsonrpc":"2.0","id":\#(id),"result":\#(result)}"#
  }

  static func error(_ id: Int, _ code: Int, _ message: String) -> String {
    #"{"jsonrpc":"2.0","id":\#(id),"error":{"code":\#(code),"message":"\#(message)"}}"#
  }

  static func toolError(_ id: Int, _ text: String, modern: Bool = false) -> String {
    let tail = modern ? #","resultType":"complete""# : ""
    return result(
      id, #"{"content":[{"type":"text","text":"\#(text)"}],"isError":true\#(tail)}"#)
  }

  static func notice(_ count: Int) -> String {
    String(decoding: Notice.tool(Words(server: "notes").waiting(count)), as: UTF8.self)
  }

  static let changed = #"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#
  static let meta =
    #"{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}"#

  static func pinned(_ tool: String) throws -> PinnedItem {
    PinnedItem(try Item.tool(fromRaw: Array(tool.utf8)))
  }

  static func pinned(instructions: String) throws -> PinnedItem {
    PinnedItem(try Item.read(.instructions, Array("\"\(instructions)\"".utf8)))
  }
}

let words = Words(server: "notes")

/// Counts, in the place of chance.
private final class Counter: Sendable {
  private let value = Atomic(0)

  func next() -> Int { value.add(1, ordering: .relaxed).newValue }
}
