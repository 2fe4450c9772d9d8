import Foundation
import Testing

/// What attempts are made in: Cordon with each identity, and its peers as a careful user would start
/// them.
enum Contender: String, CaseIterable, Sendable, CustomTestStringConvertible {
  case separate, caller
  /// `separate` with a witness, which answers for the filter.
  case verbose
  /// On a kernel without the second wall: the first has to do alone.
  case withoutLandlock
  /// With destinations granted: the very ports that the attempts want, of other hosts.
  case egress
  case bubblewrap, firejail, runc

  static let identities: [Contender] = [.separate, .caller]
  static let cordon: [Contender] = identities + [.verbose, .withoutLandlock, .egress]
  static let peers: [Contender] = [.bubblewrap, .firejail, .runc]

  var testDescription: String { isCordon ? "Cordon, \(rawValue)" : rawValue }
  var isCordon: Bool { Contender.cordon.contains(self) }

  /// Cordon's.
  var options: [String] {
    switch self {
    case .verbose: ["--identity", "separate", "--verbose"]
    case .withoutLandlock:
      // `newuidmap` gains nothing below the filter that takes Landlock away.
      ["--identity", Places.isRoot ? "separate" : "caller", "--accept", "no-landlock"]
    case .egress:
      ["--identity", "separate"]
        + [
          "granted.example:443", "*.granted.example:443", "granted.example:80",
          "granted.example:5353", "localhost:9",
        ].flatMap { ["--allow", $0] }
    default: ["--identity", rawValue]
    }
  }

  /// What stands before Cordon's command.
  private var machine: [String] {
    guard self == .withoutLandlock else { return [] }
    return [
      Places.python, Places.drivers + "/hostile.py", "deny:landlock_create_ruleset:ENOSYS", "--",
    ]
  }

  /// The file whose contents must not change.
  var launcher: String {
    switch self {
    case .separate, .caller, .verbose, .withoutLandlock, .egress: Places.binary
    case .bubblewrap: "/usr/bin/bwrap"
    case .firejail: "/usr/bin/firejail"
    case .runc: "/usr/sbin/runc"
    }
  }

  /// The command that runs `program`, which may read `paths`.
  ///
  /// - Parameter name: of this launch; no two launches on one ground share it.
  func command(
    _ program: [String], named name: String, reading paths: [String], on ground: Ground
  ) throws -> [String] {
    let paths = paths + [Ground.programs ?? ""]
    switch self {
    case .separate, .caller, .verbose, .withoutLandlock, .egress:
      return machine
        + ground.scene.run(
          name, options: options + paths.flatMap { ["--read-only", $0] }, command: program)
    case .bubblewrap:
      // Every switch that isolates. It brings no system call filter.
      return [
        "/usr/bin/bwrap", "--unshare-all", "--unshare-user", "--disable-userns",
        "--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL",
        "--ro-bind", "/usr", "/usr", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64",
        "/lib64", "--symlink", "usr/bin", "/bin", "--proc", "/proc", "--dev", "/dev",
        "--tmpfs", "/tmp",
      ] + paths.flatMap { ["--ro-bind", $0, $0] } + program
    case .firejail:
      // Its default profile, which has a filter and drops capabilities, and no network.
      return [
        "/usr/bin/firejail", "--quiet", "--net=none", "--private", "--private-dev",
        "--private-tmp",
      ] + program
    case .runc:
      let bundle = ground.scene.folder + "/bundle-" + name
      let made = try Finished.run(
        [Places.python, Places.drivers + "/runc_bundle.py", bundle] + paths + ["--"] + program,
        environment: ground.environment)
      guard made.status == 0 else { throw Ground.Failure(description: made.errors) }
      return [
        "/usr/sbin/runc", "--root", ground.scene.folder + "/runc-state", "run", "--bundle",
        bundle, "\(name)-\(getpid())",
      ]
    }
  }

  /// Takes away what a launch that was killed leaves behind. Cordon leaves nothing.
  func cleanUp(named name: String, on ground: Ground) throws {
    guard self == .runc else { return }
    _ = try Finished.run(
      [
        "/usr/sbin/runc", "--root", ground.scene.folder + "/runc-state", "delete", "--force",
        "\(name)-\(getpid())",
      ], environment: ground.environment)
  }
}
