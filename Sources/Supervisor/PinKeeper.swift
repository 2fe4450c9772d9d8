import Audit
import Control
import Credentials
import Digest
import JSON
import Kernel
import Manifest

/// The session's side of the approvals: takes what the relay observed to the store, answers with
/// what is decided, and writes down what happened.
///
/// All that comes from the relay is taken as hostile: bounded, checked, and never more than a
/// reason to withhold.
final class PinKeeper {
  let store: ApprovalStore
  /// Trust is for a name's first start alone: what a later one lists for the first time waits.
  private let firstUse: FirstUse
  private let policy: ChangePolicy
  let redactor: Redactor
  let tell: (SessionNotice) -> Void
  private var log: AuditLog
  private let watch: StoreWatch
  private var collected: [Item] = []
  private var collectedBytes = 0
  /// Said once for a listing and not for every item of it.
  private var toldOfUnusableItem = false
  private var collecting: UInt64 = 0
  /// The record that the last observation left, until it is answered.
  private var observed: (sequence: UInt64, record: ServerRecord)?
  private var waiting: [Pin] = []
  /// What the relay's reports have cost since the last time: bytes that were written for them.
  private var cost = 0
  /// The file that the last observation left, told from another by its inode.
  private var written: UInt64 = 0
  /// Said once and not for every event that is lost.
  private var toldOfLostEvents = false

  /// - Parameters:
  ///   - policy: which changes pass without a person.
  ///   - redactor: takes secrets out of a name before anything is cut or escaped in it.
  init(
    store: ApprovalStore, firstUse: FirstUse, policy: ChangePolicy = ChangePolicy(),
    redactor: Redactor, log: consuming AuditLog, tell: @escaping (SessionNotice) -> Void
  ) throws(SystemError) {
    var store = store
    // Meanwhile nobody else is heard.
    store.patience = 3_000_000_000
    self.store = store
    self.firstUse = firstUse == .trust && PinKeeper.isFirstStart(store) ? .trust : .ask
    self.policy = policy
    self.redactor = redactor
    self.log = log
    self.tell = tell
    watch = try StoreWatch(directory: store.directory, name: "\(store.name).json")
  }

  /// Whether nothing that the server lists was ever trusted or decided under this name: a decision
  /// about the launch alone comes before its first start. Not where that can't be told.
  private static func isFirstStart(_ store: ApprovalStore) -> Bool {
    do throws(StoreError) {
      return try store.load().baselined.isEmpty
    } catch {
      return false
    }
  }

  /// Readable once some server's approvals may have changed.
  var changes: Int32 { watch.descriptor.withRaw { $0 } }

  /// Whether this server's approvals have changed since the last time.
  func drainChanges() -> Bool { watch.drain() }

  /// What the reports have cost since the last time, in bytes of the disk or as much work.
  func takeCost() -> Int {
    defer { cost = 0 }
    return cost
  }

  /// What the last listing has of contents that wait, once.
  func takeWaiting() -> [Pin] {
    defer { waiting = [] }
    return waiting
  }

  func charge(_ bytes: Int) { cost += bytes }

  // MARK: Observations

  /// Keeps an item until its observation comes.
  func collect(sequence: UInt64, kind: String, name: [UInt8], canonical: [UInt8]) {
    if sequence != collecting {
      collecting = sequence
      collected = []
      collectedBytes = 0
      toldOfUnusableItem = false
    }
    collectedBytes += canonical.count + name.count
    cost += (canonical.count + name.count) / 16
    // Over the limits the observation will lack a body, and the store refuses it whole.
    guard collected.count < ServerRecord.itemLimit, collectedBytes <= ServerRecord.sizeLimit,
      let kind = ItemKind(rawValue: kind)
    else { return }
    do throws(ItemError) {
      collected.append(try Item(kind: kind, name: JSONString(utf8: name), canonical: canonical))
    } catch {
      guard !toldOfUnusableItem else { return }
      toldOfUnusableItem = true
      tell(.warning("an item is withheld: \(error.renamed(redacted))", hint: nil))
    }
  }

  /// Takes a complete listing to the store.
  func observe(sequence: UInt64, kind: String, present: [PinnedItem]) {
    let bodies = sequence == collecting ? collected : []
    collected = []
    collectedBytes = 0
    observed = nil
    defer { chargeObservation() }
    guard let kind = ItemKind(rawValue: kind), let pins = Self.pins(present, kind) else {
      return tell(.warning("the relay observed what is no listing", hint: nil))
    }
    let origin = DecisionOrigin(who: "cordon", how: "first-use", at: Clock.timestamp())
    do throws(UpdateError<ObservationError>) {
      let (observation, record) = try store.update { (record) throws(ObservationError) in
        let observation = try record.observe(
          kind: kind, present: pins, bodies: bodies, firstUse: firstUse, policy: policy,
          by: origin)
        return (observation, record)
      } ifNotDurable: { error in
        tell(.warning("the approvals are kept, unless the machine crashes: \(error)", hint: nil))
      }
      observed = (sequence, record)
      waiting = pins.filter { record[$0.key]?.waiting?.digest == $0.digest }
      report(observation)
    } catch {
      switch error {
      case .store(let error):
        tell(.error("the approvals can't be kept: \(error)", hint: error.hint))
      case .change(let error):
        tell(.warning("a listing is withheld: \(error.renamed(redacted))", hint: nil))
      }
    }
  }

  /// An observation that changed anything has written the whole record.
  private func chargeObservation() {
    cost += 4096
    do throws(SystemError) {
      let file = try Files.status(store.path)
      if file.inode != written { cost += Int(file.size) }
      written = file.inode
    } catch {
      // There is no file where nothing was ever written.
    }
  }

  private static func pins(_ present: [PinnedItem], _ kind: ItemKind) -> [Pin]? {
    var pins: [Pin] = []
    for item in present {
      guard item.kind.utf8.elementsEqual(kind.rawValue.utf8),
        let digest = Digest(bytes: item.digest)
      else { return nil }
      pins.append(Pin(ItemKey(kind, JSONString(utf8: item.name)), digest))
    }
    return pins
  }

  /// Lines that one observation may add to the audit log for single items: a server with thousands
  /// of them could otherwise fill the disk by changing them all, again and again.
  private static let auditedItems = 64

  private func report(_ observation: Observation) {
    let waiting = observation.new + observation.changed
    var room = Self.auditedItems
    for (event, pins) in [
      ("waiting", waiting), ("trusted", observation.trusted), ("passed", observation.passed),
      ("removed", observation.removed), ("rejected", observation.rejected),
    ] {
      for pin in pins.prefix(room) { record(event, pin) }
      recordRest(event, observation.kind, pins.count - min(room, pins.count))
      room -= min(room, pins.count)
    }
    for name in observation.ambiguous.prefix(room) {
      record(
        AuditEvent(
          "ambiguous", [("item", .string(shown(ItemKey(observation.kind, name))))]))
    }
    let rest = observation.ambiguous.count - min(room, observation.ambiguous.count)
    recordRest("ambiguous", observation.kind, rest)
    if !observation.ambiguous.isEmpty {
      let keys = observation.ambiguous.map { ItemKey(observation.kind, $0) }
      tell(.warning("withheld, because listed more than once: \(listed(keys))", hint: nil))
    }
    if !waiting.isEmpty {
      let verb = observation.changed.isEmpty ? "new" : "new or changed"
      tell(
        .warning(
          "withheld until reviewed, because \(verb): \(listed(waiting.map(\.key)))",
          hint: "cordon review \(store.name)"))
    }
  }

  /// The items of one event that have no line of their own.
  private func recordRest(_ event: String, _ kind: ItemKind, _ count: Int) {
    guard count > 0 else { return }
    record(
      AuditEvent(
        event, [("kind", .string(kind.rawValue)), ("more", .integer(Int64(count)))]))
  }

  private func listed(_ keys: [ItemKey]) -> String {
    let names = keys.prefix(3).map { shown($0, limit: 60) }.joined(separator: ", ")
    return keys.count > 3 ? "\(names) and \(keys.count - 3) more" : names
  }

  /// A server that was given a secret may put it in a name. Once cut or escaped it is no longer
  /// found there.
  private func redacted(_ key: ItemKey) -> ItemKey {
    ItemKey(key.kind, JSONString(utf8: redactor.redact(key.name.utf8)))
  }

  private func shown(_ key: ItemKey, limit: Int = 200) -> String {
    Rendering.name(redacted(key), limit: limit)
  }

  /// A part's own words, for a message.
  func shown(_ text: String) -> String {
    Rendering.line(redactor.redact(Array(text.utf8)), limit: 200)
  }

  private func record(_ event: String, _ pin: Pin) {
    record(
      AuditEvent(
        event,
        [
          ("kind", .string(pin.key.kind.rawValue)), ("name", .string(pin.key.name)),
          ("digest", .digest(pin.digest)),
        ]))
  }

  // MARK: Answers

  /// What is decided now. Where the store cannot be read nothing is approved.
  func snapshot(sequence: UInt64) -> PinSnapshot {
    do throws(StoreError) {
      let record = try record(after: sequence)
      let pins = record.pins
      return PinSnapshot(
        sequence: sequence, approved: Self.items(pins.approved),
        rejected: Self.items(pins.rejected),
        waiting: Self.items(pins.waiting),
        capabilities: record[ItemKey(.capabilities)]?.approved?.canonical)
    } catch {
      tell(.error("the approvals can't be read: \(error)", hint: error.hint))
      return PinSnapshot(sequence: sequence, approved: [], rejected: [], waiting: [])
    }
  }

  /// An observation has just read the whole store; what another process decides after it comes
  /// through the watch.
  private func record(after sequence: UInt64) throws(StoreError) -> ServerRecord {
    defer { observed = nil }
    if let observed, observed.sequence == sequence { return observed.record }
    return try store.load()
  }

  private static func items(_ pins: [Pin]) -> [PinnedItem] {
    // The launch is the supervisor's business alone.
    pins.filter { $0.key.kind != .launch }.map {
      PinnedItem(
        kind: $0.key.kind.rawValue, name: $0.key.name.utf8, digest: $0.digest.bytes)
    }
  }

  // MARK: The audit log

  private static let relayEvents = [
    "handshake", "list", "call", "withheld", "refused", "messageLimit", "denied", "attenuated",
    "roots", "serverInfo",
  ]
  /// More fields than any of the relay's events has.
  private static let fieldLimit = 16

  /// An event in the relay's words.
  ///
  /// It has no words for what only the supervisor does: launches, approvals, ends.
  func record(_ kind: String, _ fields: [ControlField]) {
    guard Self.relayEvents.contains(where: { $0.utf8.elementsEqual(kind.utf8) }) else {
      return record(AuditEvent("refused", [("event", .string(kind))]))
    }
    guard fields.count <= Self.fieldLimit else {
      return record(
        AuditEvent(
          "refused", [("event", .string(kind)), ("fields", .integer(Int64(fields.count)))]))
    }
    record(
      AuditEvent(
        kind,
        fields.map { field in
          let value: AuditValue =
            switch field.value {
            case .text(let bytes): .string(JSONString(utf8: bytes))
            case .integer(let number): .integer(number)
            case .boolean(let flag): .boolean(flag)
            }
          return (field.name, value)
        }))
  }

  func append(_ event: AuditEvent) throws(AuditError) {
    cost += try log.append(event)
  }

  func record(_ event: AuditEvent) {
    do throws(AuditError) {
      try append(event)
    } catch {
      guard !toldOfLostEvents else { return }
      toldOfLostEvents = true
      tell(.error("the audit log can't be written: \(error)", hint: nil))
    }
  }
}
