/// A path of the machine that is granted: a string, or `{ "path": "…", "optional": true }`.
public struct PathGrant: Sendable, CustomStringConvertible {
  /// Absolute, as `PathExpansion` gives it.
  public let path: String
  /// Where there is no such path the server does without it; otherwise the launch stops.
  public let isOptional: Bool

  public init(_ path: String, isOptional: Bool = false) {
    self.path = path
    self.isOptional = isOptional
  }

  public var description: String { isOptional ? "\(path) (optional)" : path }
}

extension PathGrant: Equatable {
  /// By bytes, as the kernel compares names.
  public static func == (left: PathGrant, right: PathGrant) -> Bool {
    left.isOptional == right.isOptional && left.path.hasSameBytes(as: right.path)
  }
}

extension [Sourced<PathGrant>] {
  /// Adds a layer's grants. A path that one of them needs is needed.
  mutating func add(_ layer: [Sourced<PathGrant>]) {
    for grant in layer {
      guard let index = firstIndex(of: grant.value.path) else {
        append(grant)
        continue
      }
      let isOptional = self[index].value.isOptional && grant.value.isOptional
      self[index] = Sourced(
        PathGrant(grant.value.path, isOptional: isOptional), origins: self[index].origins,
        and: grant.origins)
    }
  }

  /// Where another list needs one of the paths, it is needed here too.
  func neededBy(_ others: [Sourced<PathGrant>]) -> [Sourced<PathGrant>] {
    map { grant in
      guard let index = others.firstIndex(of: grant.value.path), !others[index].value.isOptional
      else { return grant }
      return Sourced(PathGrant(grant.value.path), origins: grant.origins, and: [])
    }
  }

  /// Without the paths that are granted otherwise.
  func without(_ others: [Sourced<PathGrant>]) -> [Sourced<PathGrant>] {
    filter { others.firstIndex(of: $0.value.path) == nil }
  }

  private func firstIndex(of path: String) -> Int? {
    firstIndex { $0.value.path.hasSameBytes(as: path) }
  }
}
