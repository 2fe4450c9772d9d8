import Glibc
import Kernel

@testable import Sandbox

/// A tree with Cordon's own places in it, and grants to be looked at.
struct SurveyScene {
  let tree: Tree
  var surroundings: GrantSurvey.Surroundings
  var tolerance = GrantSurvey.Tolerance()

  init() throws {
    tree = try Tree()
    try tree.file("own/config/servers/notes.jsonc")
    try tree.file("own/state/approvals/notes.json")
    try tree.directory("home/ada")
    try tree.directory("work")
    try tree.file("bin/cordon")
    surroundings = .init(
      reserved: [tree["own/config"], tree["own/state"], tree["own/missing/audit"]],
      programs: [tree["bin/cordon"]],
      homes: [.init(account: "ada", path: tree["home/ada"], owner: nil)], needed: [])
  }

  func look(_ named: GrantSurvey.Named..., sockets: [String] = []) throws -> GrantSurvey.Outcome {
    try GrantSurvey.look(
      at: named, sockets: sockets.map { .init($0, writable: false) }, surroundings: surroundings,
      tolerance: tolerance)
  }

  func read(_ name: String) -> GrantSurvey.Named { .init(tree[name], writable: false) }
  func write(_ name: String) -> GrantSurvey.Named { .init(tree[name], writable: true) }

  /// The covers of one grant as `name kind`, relative to the tree.
  func covers(_ outcome: GrantSurvey.Outcome, of name: String) -> [String] {
    let grant = outcome.grants.first { Path.same($0.path, tree[name]) }
    return grant?.covers.map { "\($0.path.dropFirst(tree.path.count + 1)) \($0.kind)" } ?? []
  }

  func placeholders(_ outcome: GrantSurvey.Outcome) -> [String] {
    outcome.placeholders.map { String($0.path.dropFirst(tree.path.count + 1)) }.sorted()
  }

  /// Nil where the grants are given.
  func refusal(_ named: GrantSurvey.Named..., sockets: [String] = []) -> GrantError? {
    do throws(GrantError) {
      _ = try GrantSurvey.look(
        at: named, sockets: sockets.map { .init($0, writable: false) },
        surroundings: surroundings, tolerance: tolerance)
      return nil
    } catch {
      return error
    }
  }
}
