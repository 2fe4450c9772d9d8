import Foundation
import Testing

/// Whose processes and files a server's are, in every way of starting it. Root starts these tests,
/// the user's too: what the caller brings along is chosen there.
@Suite struct ServerIdentityTests {
  static let ways: [(who: Who, identity: String)] =
    Who.allCases.flatMap { who in ["separate", "caller"].map { (who, $0) } }

  private func shell(
    _ ground: HostileGround, _ words: [String], _ identity: String, options: [String] = [],
    _ script: String
  ) throws -> Finished {
    try Finished.run(
      ground.argv(
        words,
        ["run", "--name", "x-\(identity)", "--identity", identity] + options + [
          "--", "/bin/sh", "-c",
        ])
        + ["{ \(script); } >&2"], environment: ground.environment)
  }

  /// Groups are dropped where the kernel lets anybody drop them. Where it does not, an ordinary
  /// user's under its own identity, no group can be dropped by the server either: one that denies
  /// something stays.
  @Test(.enabled(if: Places.isRoot, HostileGround.reason), arguments: ways)
  func supplementaryGroups(who: Who, identity: String) throws {
    let ground = try HostileGround(who)
    let words = ["groups:7,8,9"]
    let outside = try Finished.run(
      ground.argv(words, [], running: ["/usr/bin/id", "-G"]), environment: ground.environment)
    #expect(Set(outside.output.split(whereSeparator: \.isWhitespace)).isSuperset(of: ["7", "8"]))
    let done = try shell(
      ground, words, identity, "id -G; echo setgroups $(cat /proc/self/setgroups)")
    let lines = done.errors.split(separator: "\n").map(String.init)
    if who == .user, identity == "caller" {
      // Three groups that nobody inside has a name for.
      #expect(lines.contains("1000 65534"), "\(lines)")
      #expect(lines.contains("setgroups deny"), "\(lines)")
    } else {
      #expect(lines.contains("1000"), "\(lines)")
    }
  }

  /// No map but the two or three that were meant, whoever starts it.
  @Test(.enabled(if: Places.isRoot, HostileGround.reason), arguments: ways)
  func identityMaps(who: Who, identity: String) throws {
    let ground = try HostileGround(who)
    let done = try shell(ground, [], identity, "cat /proc/self/uid_map")
    let maps = done.errors.split(separator: "\n").map {
      $0.split(separator: " ").compactMap { Int($0) }
    }.filter { $0.count == 3 }
    #expect(maps.count == (identity == "caller" ? 1 : 2), "\(done.errors)")
    #expect(maps.contains { $0[0] == 1000 && $0[2] == 1 }, "\(done.errors)")
  }

  /// As root each source is a descriptor in a message, and a message holds 253.
  @Test(
    .enabled(if: Places.isRoot, HostileGround.reason), arguments: ways.filter { $0.who == .root })
  func manyGrants(who: Who, identity: String) throws {
    let ground = try HostileGround(who)
    let folders = (0..<150).map { ground.folder + "/grants/\($0)" }
    for folder in folders {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }
    let done = try shell(
      ground, [], identity, options: folders.flatMap { ["--read-only", $0] },
      "ls \(ground.folder)/grants | wc -l")
    #expect(done.errors.contains("150"), "\(done.errors)")
  }

  /// A writable grant of root's is an id-mapped mount, which not every file system has.
  @Test func aFileSystemThatCannotShowFilesAsAnothers() throws {
    // Only root has such mounts, and only root can make the file system.
    guard Places.isRoot else { return }
    let ground = try HostileGround(.root)
    for name in ["lower", "upper", "work", "granted"] {
      try FileManager.default.createDirectory(
        atPath: ground.folder + "/" + name, withIntermediateDirectories: true)
    }
    let overlay =
      "mount:overlay:{folder}/granted:"
      + "lowerdir={folder}/lower,upperdir={folder}/upper,workdir={folder}/work"
    let granted = ground.folder + "/granted"
    let refused = try shell(
      ground, [overlay], "separate", options: ["--read-write", granted], "true")
    #expect(refused.status == 69)
    #expect(
      refused.errors.contains(
        "cordon: error: id-mapped mount: \(granted): invalid argument (EINVAL)"),
      "\(refused.errors)")
    #expect(refused.errors.contains("hint: the file system of \(granted) cannot show its files"))
    // The cure that the hint names does cure it.
    let writing = try shell(
      ground, [overlay], "caller", options: ["--read-write", granted], "touch \(granted)/new")
    #expect(writing.status == 0, "\(writing.errors)")
    #expect(FileManager.default.fileExists(atPath: ground.folder + "/upper/new"))
  }
}
