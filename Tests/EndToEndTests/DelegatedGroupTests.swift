import Foundation
import Testing

/// An ordinary user to whom a part of the tree of cgroups was given. Only root can give it: the test
/// makes a group below its own, gives it away, and starts Cordon in it as that user.
@Suite struct DelegatedGroupTests {
  /// What the user `nobody` runs Cordon with: a copy of the binary and of the probe, and places of
  /// its own.
  final class Delegate {
    static let nobody: UInt32 = 65534

    let folder: String
    /// Where a process of the user's must stand, for each hierarchy.
    let groups: [String]

    /// - Parameter below: directories of cgroups that root's own launch would use.
    init(below directories: [String]) throws {
      folder = NSTemporaryDirectory() + "/cordon-delegate-" + UUID().uuidString
      groups = directories.map { $0 + "/delegated-" + UUID().uuidString.prefix(8) }
      for name in ["", "/config", "/state"] {
        try FileManager.default.createDirectory(
          atPath: folder + name, withIntermediateDirectories: true)
      }
      for (from, name) in [
        (Places.binary, "cordon"), (Places.probes + "/greedy.py", "greedy.py"),
        (Places.probes + "/minimal.py", "minimal.py"),
      ] {
        try CopiedProgram.make(of: from, at: folder + "/" + name)
        Self.allow(folder + "/" + name, 0o755)
      }
      Self.allow(folder, 0o755)
      for name in ["/config", "/state"] {
        Self.allow(folder + name, 0o700)
        Self.give(folder + name)
      }
      for group in groups {
        try FileManager.default.createDirectory(
          atPath: group, withIntermediateDirectories: false)
        for file in ["", "/tasks", "/cgroup.procs"] {
          Self.give(group + file)
        }
      }
    }

    private static func give(_ path: String) {
      if unsafe chown(path, nobody, nobody) != 0 { Issue.record("chown \(path): \(errno)") }
    }

    private static func allow(_ path: String, _ mode: mode_t) {
      if unsafe chmod(path, mode) != 0 { Issue.record("chmod \(path): \(errno)") }
    }

    deinit {
      for group in groups {
        for _ in 0..<100 where unsafe rmdir(group) != 0 && errno == EBUSY { usleep(10_000) }
      }
      try? FileManager.default.removeItem(atPath: folder)
    }

    /// `cordon run` of the greedy server as the user, from inside the groups.
    func argv(_ options: [String]) -> [String] {
      let enter = groups.map { "echo $$ > \($0)/cgroup.procs; " }.joined()
      return [
        "/bin/sh", "-c",
        enter + "exec setpriv --reuid \(Self.nobody) --regid \(Self.nobody) --clear-groups \"$@\"",
        "sh", folder + "/cordon", "run", "--name", "probe", "--first-use", "trust", "--identity",
        "caller", "--read-only", folder + "/greedy.py", "--read-only", folder + "/minimal.py",
      ] + options + ["--", Places.python, folder + "/greedy.py"]
    }

    var environment: [String: String] {
      [
        "PATH": "/usr/bin:/bin", "HOME": folder, "CORDON_CONFIG_HOME": folder + "/config",
        "CORDON_STATE_HOME": folder + "/state",
      ]
    }

    func write(_ profile: String) throws {
      let path = folder + "/config/profiles"
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      try Data(profile.utf8).write(to: URL(filePath: path + "/bounded.jsonc"))
      for name in ["", "/bounded.jsonc"] { Self.give(path + name) }
      Self.allow(path, 0o700)
      Self.allow(path + "/bounded.jsonc", 0o600)
    }
  }

  @Test func theUsersServerIsBoundedInTheUsersGroup() throws {
    let bounded = try LimitTests.Bounded(#""memory": "48MiB""#)
    // Version 2 takes more than one directory given away; Tests/cgroup2 shows that.
    guard Places.isRoot, bounded.groups.contains(where: { $0.contains("/memory") }) else { return }
    let delegate = try Delegate(below: bounded.groups.filter { $0.contains("/memory") })
    try delegate.write(#"{ "extends": ["default"], "limits": { "memory": "48MiB" } }"#)
    let host = try Host(
      delegate.argv(["--profile", "bounded"]), in: bounded.scene, adding: delegate.environment)
    try host.connect()
    let inside = try bounded.call(host, ["what": "look"])["result"]["content"][0]["text"].string
    #expect(inside?.contains("memory:/\n") == true)
    let answer = try bounded.call(host, ["what": "memory"])
    #expect(
      answer["error"]["message"].string?.contains("memory limit of 48MiB") == true, "\(answer)")
    #expect(try host.leave()["status"] == 137)
    for group in delegate.groups {
      let left = try FileManager.default.contentsOfDirectory(atPath: group)
        .filter { $0.hasPrefix("cordon-") }
      #expect(left.isEmpty)
    }
  }

  /// Where nothing was given away the same limit stops the same user.
  @Test func withoutTheGroupTheLimitStopsTheLaunch() throws {
    guard Places.isRoot else { return }
    let bounded = try LimitTests.Bounded(#""memory": "48MiB""#)
    let delegate = try Delegate(below: [])
    try delegate.write(#"{ "extends": ["default"], "limits": { "memory": "48MiB" } }"#)
    let done = try Finished.run(
      delegate.argv(["--profile", "bounded"]),
      environment: bounded.scene.environment.merging(delegate.environment) { $1 })
    #expect(done.status == 69, "\(done.errors)")
    #expect(done.errors.contains("permission denied"), "\(done.errors)")
    #expect(done.errors.contains("--accept no-memory-limit"), "\(done.errors)")
  }
}
