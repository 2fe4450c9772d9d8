import Kernel
import Profile
import Sandbox

/// What a launch does about its grants: says what they open, and keeps names from being made.
extension RunSession {
  func tellOfGrants() {
    for weakness in launch.paths.weaknesses {
      context.console.warn("accepted: \(weakness.name): \(weakness.meaning)")
    }
    for socket in launch.paths.sockets {
      context.console.warn(
        "socket granted: \(Printable.text(socket.path)): the server can do whatever the program "
          + "behind it lets it do")
    }
    for warning in NetworkExplanation(network: launch.profile.network).warnings {
      context.console.warn(warning)
    }
    guard options.verbose else { return }
    for cover in launch.paths.grants.flatMap(\.covers) {
      context.console.note("\(Printable.text(cover.path)): \(cover.kind.words)")
    }
  }

  /// What was closed to the server and is another file or directory now may be its work: the mount
  /// that closed it went with what it lay on.
  func tellOfChanges() {
    for kept in launch.paths.kept where kept.isChanged() {
      context.console.warn(
        "\(Printable.text(kept.path)) was made or replaced while the server ran")
      context.console.hint("look at it before anything runs it: the server may have written it")
    }
  }

  /// Placeholders stand before the sandbox is built, and until nothing of it runs any more. What
  /// earlier sessions were killed too hard to remove goes first.
  func startSweeper() throws(CommandError) -> Sweeper? {
    do throws(SystemError) {
      try Sweeper.clean(places.placeholders)
    } catch {
      context.console.warn("placeholders of earlier sessions can't be removed: \(error)")
    }
    let placeholders = launch.paths.placeholders
    guard !placeholders.isEmpty else { return nil }
    do throws(SystemError) {
      return try Sweeper(placeholders, directory: places.placeholders)
    } catch {
      throw CommandError(
        .unavailable, Printable.text("a name in a writable grant can't be closed: \(error)"),
        hint: "make the directory writable for its owner, or accept that "
          + "\(Weakness.startupFilesInGrants.meaning): "
          + "--accept \(Weakness.startupFilesInGrants.name)")
    }
  }
}

extension GrantSurvey.Outcome {
  /// What was accepted by name and is made use of.
  var weaknesses: [Weakness] {
    let all: [(Bool, Weakness)] = [
      (weakened.root, .grantOfRoot), (weakened.homes, .grantOfHome),
      (weakened.channels, .socketsInGrants), (weakened.startupFiles, .startupFilesInGrants),
    ]
    return all.filter(\.0).map(\.1)
  }
}

extension Cover.Kind {
  var words: String {
    switch self {
    case .readOnly: "read-only in a writable grant"
    case .pinned: "held in its place"
    case .hidden: "hidden"
    }
  }

  /// In JSON.
  var name: String {
    switch self {
    case .readOnly: "read-only"
    case .pinned: "pinned"
    case .hidden: "hidden"
    }
  }
}
