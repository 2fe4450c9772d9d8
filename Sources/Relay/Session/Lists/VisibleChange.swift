/// What a host would be shown now, against what it was shown.
extension Session {
  mutating func visible(_ kind: ListKind) -> ListState.Shown {
    if let seen = lists[kind].seen, seen.pins == pinsNumber { return seen.shown }
    let catalog = lists[kind].catalog ?? [:]
    let shown = ListState.Shown(
      items: catalog.filter { name, digest in pins.state(kind.item, name, digest) == .approved },
      waiting: kind == .tools && sentence != nil ? pins.waitingCount : 0)
    lists[kind].seen = (pinsNumber, shown)
    return shown
  }

  /// Tells the host where a decision changed what it was last shown.
  mutating func tellVisibleChange() {
    guard heldAnswer == nil else { return }
    for change in ListChange.allCases {
      var isChanged = false
      for kind in change.lists {
        guard let shown = lists[kind].shown, !lists[kind].isBusy else { continue }
        let now = visible(kind)
        guard now != shown else { continue }
        lists[kind].shown = now
        isChanged = true
      }
      if isChanged { tell(change) }
    }
  }
}
