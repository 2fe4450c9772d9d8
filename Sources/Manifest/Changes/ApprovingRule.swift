import JSON

/// What approves a content without a person.
enum ApprovingRule {
  /// It is in the first complete listing of its kind.
  case firstUse
  /// Everything that changed since the approved content may pass.
  case policy
}

extension ServerRecord {
  /// The rule by which a listed content is approved; nil where it must wait.
  ///
  /// A name that only looks like another's is never approved by a rule: a person would have to tell
  /// the two apart in every question of the host's.
  func rule(
    for version: Version, of pin: Pin, trusts: Bool, _ policy: ChangePolicy,
    _ lookalikes: inout Lookalikes
  ) -> ApprovingRule? {
    let record = items[pin.key]
    if record?.approved?.digest == version.digest || record?.isRejected(version.digest) == true {
      return nil
    }
    let rule: ApprovingRule
    if trusts {
      rule = .firstUse
    } else if let approved = record?.approved, policy.passes(approved, version, pin.key.kind) {
      rule = .policy
    } else {
      return nil
    }
    if lookalikes.has(pin.key.name) { return nil }
    if policy.findings == .withhold,
      !Finding.all(kind: pin.key.kind, canonical: version.canonical, in: self).isEmpty
    {
      return nil
    }
    return rule
  }

  func approvedNames(_ kind: ItemKind) -> [JSONString] {
    items.values.filter { $0.key.kind == kind && $0.approved != nil }.map(\.key.name)
  }
}

extension ChangePolicy {
  /// False for what cannot be compared.
  fileprivate func passes(_ old: Version, _ new: Version, _ kind: ItemKind) -> Bool {
    do throws(JSONError) {
      return passes(try Difference(kind: kind, from: old.canonical, to: new.canonical))
    } catch {
      return false
    }
  }
}
