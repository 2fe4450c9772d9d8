import Digest
import JSON

extension ServerRecord {
  /// Takes note of a complete listing of one kind, every item's content at hand.
  public mutating func observe(
    kind: ItemKind, items: [Item], firstUse: FirstUse, policy: ChangePolicy = ChangePolicy(),
    by origin: DecisionOrigin
  ) throws(ObservationError) -> Observation {
    try observe(
      kind: kind, present: items.map { Pin($0.key, $0.digest) }, bodies: items,
      firstUse: firstUse, policy: policy, by: origin)
  }

  /// Takes note of a complete listing of one kind.
  ///
  /// - Parameters:
  ///   - present: every item of the listing, in its order, repeated names included.
  ///   - bodies: the contents that this record may not know yet. Others are ignored.
  ///   - policy: which changes of an approved item pass without a person.
  /// - Throws: where a content is missing or a limit passed; the record is then unchanged.
  public mutating func observe(
    kind: ItemKind, present: [Pin], bodies: [Item], firstUse: FirstUse,
    policy: ChangePolicy = ChangePolicy(), by origin: DecisionOrigin
  ) throws(ObservationError) -> Observation {
    guard kind != .launch else { throw .wrongKind(kind) }
    for pin in present {
      guard pin.key.kind == kind else { throw .wrongKind(pin.key.kind) }
      guard Item.isUsable(name: pin.key.name) else { throw .unusableName(kind) }
    }
    var next = self
    let observation =
      kind.isWithheld || (kind == .resource && policy.withholdsResources)
      ? try next.take(
        kind, present, bodies, trusts: next.trusts(kind, firstUse), policy, origin)
      : next.report(kind, present)
    try next.enforceLimits()
    self = next
    return observation
  }

  private func trusts(_ kind: ItemKind, _ firstUse: FirstUse) -> Bool {
    firstUse == .trust && !baselined.contains(kind) && !isAfterDamage
  }

  private mutating func take(
    _ kind: ItemKind, _ present: [Pin], _ bodies: [Item], trusts: Bool,
    _ policy: ChangePolicy, _ origin: DecisionOrigin
  ) throws(ObservationError) -> Observation {
    var observation = Observation(kind: kind)
    var contents: [Pin: Item] = [:]
    for item in bodies { contents[Pin(item.key, item.digest)] = item }
    var counts: [ItemKey: Int] = [:]
    for pin in present { counts[pin.key, default: 0] += 1 }

    var lookalikes = Lookalikes(of: present.map(\.key.name), beside: approvedNames(kind))
    for pin in present where counts[pin.key] == 1 {
      let known = items[pin.key]?.version(pin.digest)
      guard let version = known ?? contents[pin].map({ Version($0, since: origin.at) }) else {
        throw .missingBody(pin)
      }
      let rule = rule(for: version, of: pin, trusts: trusts, policy, &lookalikes)
      place(version, of: pin, rule, origin, &observation)
    }
    for (key, count) in counts where count > 1 {
      observation.ambiguous.append(key.name)
      edit(key) { record in
        record.isAmbiguous = true
        record.waiting = nil
        record.offered = nil
      }
    }
    observation.ambiguous.sort()
    for record in sorted(where: { $0.key.kind == kind && counts[$0.key] == nil }) {
      if record.offered != nil, let approved = record.approved {
        observation.removed.append(Pin(record.key, approved.digest))
      }
      edit(record.key) { record in
        record.offered = nil
        record.isAmbiguous = false
      }
    }
    observed.insert(kind)
    if trusts {
      baselined.insert(kind)
      isClaimed = isClaimed || !observation.trusted.isEmpty
    }
    return observation
  }

  /// Puts one listed content where it belongs.
  private mutating func place(
    _ version: Version, of pin: Pin, _ rule: ApprovingRule?, _ origin: DecisionOrigin,
    _ observation: inout Observation
  ) {
    let before = items[pin.key] ?? ItemRecord(pin.key)
    edit(pin.key) { record in
      record.offered = pin.digest
      record.isAmbiguous = false
      if record.approved?.digest == pin.digest || record.isRejected(pin.digest) {
        // The name is offered with a content that was decided about: nothing waits for it.
        record.waiting = nil
      } else if rule != nil {
        record.approved = version.since(origin.at)
        record.waiting = nil
      } else {
        record.waiting = version
      }
    }
    if before.isRejected(pin.digest) {
      observation.rejected.append(pin)
    } else if before.approved?.digest == pin.digest {
      return
    } else if rule == .firstUse {
      observation.trusted.append(pin)
      note(HistoryEntry(.approved, origin, key: pin.key, digest: pin.digest))
    } else if rule == .policy {
      observation.passed.append(pin)
      let origin = DecisionOrigin(who: "cordon", how: "policy", at: origin.at)
      note(
        HistoryEntry(
          .approved, origin, key: pin.key, digest: pin.digest, from: before.approved?.digest))
    } else if before.waiting?.digest != pin.digest {
      if before.approved == nil {
        observation.new.append(pin)
      } else {
        observation.changed.append(pin)
      }
    }
  }

  /// Notes digests alone, for kinds that are not withheld. The first listing is not news.
  private mutating func report(_ kind: ItemKind, _ present: [Pin]) -> Observation {
    var observation = Observation(kind: kind)
    let isFirst = !observed.contains(kind)
    var listed: [ItemKey: Digest] = [:]
    for pin in present {
      listed[pin.key] = pin.digest
      if !isFirst, reported[pin.key] != pin.digest { observation.reported.append(pin) }
    }
    for (key, digest) in reported where key.kind == kind && listed[key] == nil {
      observation.removed.append(Pin(key, digest))
    }
    observation.removed.sort()
    reported = reported.filter { $0.key.kind != kind }
    reported.merge(listed) { _, new in new }
    observed.insert(kind)
    return observation
  }

  /// What waits and is no longer offered makes room first; a decision never does.
  mutating func enforceLimits() throws(ObservationError) {
    func count() -> Int { max(items.count, reported.count) }
    func size() -> Int {
      items.values.reduce(0) { $0 + $1.size } + reported.keys.reduce(0) { $0 + $1.name.utf8.count }
    }
    if count() > ServerRecord.itemLimit || size() > ServerRecord.sizeLimit {
      for record in sorted(where: { $0.offered == nil && $0.waiting != nil }) {
        edit(record.key) { $0.waiting = nil }
      }
    }
    let (finalCount, finalSize) = (count(), size())
    guard finalCount <= ServerRecord.itemLimit else { throw .tooManyItems(finalCount) }
    guard finalSize <= ServerRecord.sizeLimit else { throw .tooLarge(finalSize) }
  }
}
