import Foundation
import Testing

/// Who runs a command: only root can take a facility away, but it can do so from a user too.
enum Who: String, CaseIterable, Sendable { case root, user }

/// A state and a configuration that the one who runs may use, outside /tmp, which some places cover.
final class HostileGround {
  /// Why an ordinary user's half of the tests leaves these out: root runs them as that user too.
  static let reason: Comment = "only root can take a facility away from a user"

  let folder: String
  let environment: [String: String]
  private let who: Who

  init(_ who: Who) throws {
    self.who = who
    folder = "/var/tmp/cordon-hard-" + UUID().uuidString.prefix(13).lowercased()
    let owner =
      who == .user ? try ProcessInfo.processInfo.identities(of: "cordon-test") : (uid: 0, gid: 0)
    let files = FileManager.default
    for name in ["", "/config", "/state", "/bin"] {
      try files.createDirectory(
        atPath: folder + name, withIntermediateDirectories: true,
        attributes: [
          .posixPermissions: name == "/state" ? 0o700 : 0o755, .ownerAccountID: owner.uid,
          .groupOwnerAccountID: owner.gid,
        ])
    }
    // The user must be able to execute it, wherever the build is.
    try CopiedProgram.make(of: Places.binary, at: folder + "/bin/cordon")
    environment = [
      "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/root", "LANG": "C.UTF-8",
      "CORDON_CONFIG_HOME": folder + "/config", "CORDON_STATE_HOME": folder + "/state",
      "OWNER": ",uid=\(owner.uid),gid=\(owner.gid)",
    ]
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// - Parameters:
  ///   - words: for Drivers/hostile.py; `{state}`, `{folder}` and `{owner}` are replaced.
  ///   - command: of `cordon`.
  ///   - program: runs instead of `cordon`.
  func argv(
    _ words: [String], _ command: [String], running program: [String]? = nil
  ) -> [String] {
    let words = words.map {
      $0.replacing("{state}", with: folder + "/state").replacing("{folder}", with: folder)
        .replacing("{owner}", with: environment["OWNER"] ?? "")
    }
    let user = who == .user ? ["user:cordon-test"] : []
    return [Places.python, Places.drivers + "/hostile.py"] + words + user + ["--"]
      + (program ?? [folder + "/bin/cordon"]) + command
  }

  func sessionsLeft() -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder + "/state/sessions")) ?? []
  }
}

extension ProcessInfo {
  fileprivate func identities(of name: String) throws -> (uid: Int, gid: Int) {
    let account = unsafe getpwnam(name)
    let found = try unsafe #require(account)
    return unsafe (Int(found.pointee.pw_uid), Int(found.pointee.pw_gid))
  }
}
