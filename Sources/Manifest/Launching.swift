public import Digest
public import JSON

/// Whether a launch may go ahead.
public enum LaunchVerdict: Equatable, Sendable {
  /// It is the approved one.
  case approved
  /// It is the first under this name, and approved by that.
  case first
  /// It differs from the last one, but nothing of the server was ever listed and nobody has decided
  /// anything: somebody is still setting it up. Approved as a first one is.
  case replaced
  /// A person must approve it first. With `isOtherLineage` another program took the name, and
  /// approving it drops what was approved for the earlier one.
  case waiting(Digest, isOtherLineage: Bool)
  case rejected(Digest)

  public var mayStart: Bool {
    switch self {
    case .approved, .first, .replaced: true
    case .waiting, .rejected: false
    }
  }
}

public struct LaunchObservation: Equatable, Sendable {
  public let verdict: LaunchVerdict
  /// Files pinned by path alone whose content is another than at the last launch.
  public let changedFiles: [JSONString]
}

extension ServerRecord {
  public static let launchKey = ItemKey(.launch)

  /// Takes note of a launch before it happens.
  ///
  /// - Parameters:
  ///   - item: of the kind `launch`.
  ///   - firstUse: with `ask` nothing is approved by being the first.
  ///   - files: content of files that are pinned by path alone (a root-owned interpreter): their
  ///     change is reported, not withheld.
  public mutating func observeLaunch(
    _ item: Item, lineage: Lineage, firstUse: FirstUse = .trust,
    files: [(path: JSONString, digest: Digest)] = [],
    by origin: DecisionOrigin
  ) throws(ObservationError) -> LaunchObservation {
    guard item.kind == .launch else { throw .wrongKind(item.kind) }
    for file in files where !Item.isUsable(name: file.path) { throw .unusableName(.launch) }
    var next = self
    let verdict = next.judge(item, lineage, firstUse, by: origin)
    let changed = verdict.mayStart ? next.noteFiles(files) : []
    try next.enforceLimits()
    self = next
    return LaunchObservation(verdict: verdict, changedFiles: changed)
  }

  private mutating func judge(
    _ item: Item, _ lineage: Lineage, _ firstUse: FirstUse, by origin: DecisionOrigin
  ) -> LaunchVerdict {
    let key = ServerRecord.launchKey
    let isOther = self.lineage.map { $0 != lineage } ?? false
    edit(key) { $0.offered = item.digest }
    if items[key]?.approved?.digest == item.digest {
      edit(key) { $0.waiting = nil }
      return .approved
    }
    if items[key]?.isRejected(item.digest) == true {
      edit(key) { $0.waiting = nil }
      return .rejected(item.digest)
    }
    let version = Version(item, since: origin.at, lineage: lineage)
    if firstUse == .trust && !isOther && !isClaimed && !isAfterDamage && observed.isEmpty {
      let isFirst = items[key]?.approved == nil
      _ = settle(version, as: key, by: origin)
      edit(key) { record in
        record.waiting = nil
        record.offered = item.digest
      }
      return isFirst ? .first : .replaced
    }
    edit(key) { record in
      if record.waiting?.digest != item.digest { record.waiting = version }
      record.offered = item.digest
    }
    return .waiting(item.digest, isOtherLineage: isOther)
  }

  private mutating func noteFiles(_ files: [(path: JSONString, digest: Digest)]) -> [JSONString] {
    var changed: [JSONString] = []
    for file in files {
      let key = ItemKey(.launch, file.path)
      if let before = reported[key], before != file.digest { changed.append(file.path) }
      reported[key] = file.digest
    }
    return changed
  }
}
