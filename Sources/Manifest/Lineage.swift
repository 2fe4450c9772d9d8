public import Digest
public import JSON

/// Which program a server's name stands for. Approvals and private homes belong to a name and a
/// lineage: a new version of a launch keeps both, another command gets neither.
public struct Lineage: Hashable, Sendable {
  public let digest: Digest

  public init(digest: Digest) {
    self.digest = digest
  }

  /// - Parameter parts: what tells one program from another: the command, and the script,
  ///   module or package that it runs; not its options.
  public init(of parts: [JSONString]) {
    var state = SHA256()
    state.update("cordon-lineage-v1\0".utf8)
    for part in parts {
      // Lengths first: ["a", "bc"] and ["ab", "c"] differ.
      state.update("\(part.utf8.count):".utf8)
      state.update(part.utf8)
    }
    self.digest = state.finish()
  }
}
