import Glibc

extension Filter {
  /// The same filter with calls added and taken away.
  ///
  /// A call in `deny` fails with EPERM, also when `allow` names it. A call in `allow` that this
  /// filter lacks and `wider` does not refuse is decided as there; any other is allowed whatever its
  /// arguments.
  public func changed(allow: [String], deny: [String], wider: Filter? = nil) -> Filter {
    let changed = Set(allow).union(deny)
    let denied = Set(deny)
    var groups = self.groups.map { group in group.keeping { !changed.contains($0) } }
    for call in Set(allow).subtracting(denied).sorted() {
      let decision = asInWider(call, wider)?.decision ?? .allow
      groups.append(Group("allowed by the profile", decision, [call]))
    }
    groups.append(Group("denied by the profile", .fail(EPERM), denied.sorted()))
    return Filter(name, fallback: fallback, groups: groups)
  }

  /// What allowing these calls opens, in the order of `allow`. A call that is allowed already, or
  /// that this architecture does not have, opens nothing.
  public func widenings(allow: [String], wider: Filter? = nil) -> [Widening] {
    allow.compactMap { call in
      guard SystemCallNames.number(of: call, on: .current) != nil else { return nil }
      if let group = asInWider(call, wider) {
        return Widening(call: call, opening: .plain("as in the default filter: \(group.intent)"))
      }
      guard let opening = group(of: call)?.opening else { return nil }
      return Widening(call: call, opening: opening)
    }
  }

  /// The wider filter's group, where this filter does not name the call and that one does not
  /// refuse it.
  private func asInWider(_ call: String, _ wider: Filter?) -> Group? {
    guard group(of: call) == nil, let group = wider?.group(of: call) else { return nil }
    return group.decision.isRefusal ? nil : group
  }
}

extension Decision {
  /// Whether every call gets an error.
  var isRefusal: Bool {
    switch self {
    case .action(let action): action != .allow
    case .match(_, _, let cases, let rest):
      rest.isRefusal && cases.allSatisfy { $0.decision.isRefusal }
    }
  }
}
