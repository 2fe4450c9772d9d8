import Glibc
import Kernel
import Testing

@testable import Sandbox

/// What is granted and what is refused, on real files.
@Suite struct GrantSurveyTests {
  @Test func filesDirectoriesAndLinks() throws {
    let scene = try SurveyScene()
    try scene.tree.file("work/file")
    try scene.tree.link("link", to: "work")
    let outcome = try scene.look(scene.read("work"), scene.read("work/file"), scene.read("link"))
    #expect(outcome.grants.map(\.kind) == [.directory, .file, .directory])
    #expect(outcome.grants.map(\.source).last == scene.tree["work"])
    #expect(outcome.grants.allSatisfy { $0.identity != nil && $0.isNamed })
  }

  @Test func whatIsMissing() throws {
    let scene = try SurveyScene()
    let missing = scene.tree["nothing"]
    guard case .unresolved(missing, let error) = scene.refusal(scene.read("nothing")) else {
      Issue.record("a missing path was granted")
      return
    }
    #expect(error.errno.code == ENOENT)
    let optional = GrantSurvey.Named(missing, writable: true, isOptional: true)
    #expect(try scene.look(optional).grants.isEmpty)
    // A file where a directory should be leads nowhere either.
    let below = GrantSurvey.Named(
      scene.tree["bin/cordon/x"], writable: false, isOptional: true)
    #expect(try scene.look(below).grants.isEmpty)
  }

  @Test func socketsAreGrantedByTheirNameOnly() throws {
    let scene = try SurveyScene()
    let tree = scene.tree
    try tree.socket("socket")
    try tree.pipe("pipe")
    #expect(scene.refusal(scene.read("socket")) == .socket(tree["socket"]))
    #expect(scene.refusal(scene.read("pipe")) == .neitherFileNorDirectory(tree["pipe"]))
    #expect(scene.refusal(sockets: [tree["pipe"]]) == .notSocket(tree["pipe"]))
    #expect(scene.refusal(sockets: [tree["work"]]) == .notSocket(tree["work"]))
    let outcome = try scene.look(sockets: [tree["socket"]])
    #expect(outcome.sockets.map(\.path) == [tree["socket"]])
    #expect(outcome.grants.isEmpty)
  }

  @Test(arguments: [false, true])
  func aTreeWithASocketIsRefused(writable: Bool) throws {
    var scene = try SurveyScene()
    let tree = scene.tree
    try tree.socket("work/.git/fsmonitor--daemon.ipc")
    try tree.pipe("work/pipe")
    let grant = GrantSurvey.Named(tree["work"], writable: writable)
    let found = [tree["work/.git/fsmonitor--daemon.ipc"], tree["work/pipe"]]
    guard case .channels(tree["work"], let named, count: 2) = scene.refusal(grant) else {
      Issue.record("a socket in a grant went unseen")
      return
    }
    #expect(named.sorted() == found)
    // One that is granted by name is no reason to refuse.
    #expect(
      scene.refusal(grant, sockets: [found[0]])
        == .channels(tree["work"], [found[1]], count: 1))
    scene.tolerance.channels = true
    let outcome = try scene.look(grant)
    let covers = scene.covers(outcome, of: "work")
    #expect(covers.contains("work/.git/fsmonitor--daemon.ipc hidden"))
    #expect(covers.contains("work/pipe hidden"))
    #expect(outcome.weakened.channels)
  }

  @Test(arguments: ["/proc", "/sys/kernel", "/dev", "/run/user", "/tmp", "/var/tmp", "/run"])
  func theSandboxesOwnPlaces(path: String) throws {
    guard Files.exists(path) else { return }
    let scene = try SurveyScene()
    let tree = scene.tree
    let named = GrantSurvey.Named(path, writable: false)
    #expect(scene.refusal(named) == .ownedBySandbox(path))
    try tree.link("link", to: path)
    #expect(scene.refusal(scene.read("link")) == .ownedBySandbox(tree["link"]))
  }

  // MARK: Cordon's own files

  static let ofCordon = [
    "own/config", "own/config/servers", "own/config/servers/notes.jsonc", "own/state", "own",
  ]

  @Test(arguments: ofCordon, [false, true])
  func cordonsOwnPlaces(name: String, writable: Bool) throws {
    let scene = try SurveyScene()
    let tree = scene.tree
    let named = GrantSurvey.Named(tree[name], writable: writable)
    let outer = tree["outside/of/it"]
    try tree.link("outside/of/it", to: tree[name])
    for grant in [named, GrantSurvey.Named(outer, writable: writable)] {
      guard case .reserved(grant.path, _) = scene.refusal(grant) else {
        Issue.record("\(grant.path) was granted: \(String(describing: scene.refusal(grant)))")
        continue
      }
    }
  }

  @Test func aPlaceOfCordonsThatIsNotThereYet() throws {
    let scene = try SurveyScene()
    let own = scene.tree["own/missing/audit"]
    try scene.tree.directory("own/missing")
    #expect(scene.refusal(scene.write("own/missing")) == .reserved(own.parent, own: own))
  }

  @Test(arguments: ["own/config/servers/notes.jsonc", "own/state/approvals/notes.json"])
  func aFurtherNameOfCordonsFile(name: String) throws {
    let scene = try SurveyScene()
    let tree = scene.tree
    #expect(scene.refusal(scene.write("work")) == nil)
    try tree.hardLink("work/deep/harmless", to: name)
    let linked = tree["work/deep/harmless"]
    for grant in [scene.write("work"), scene.read("work")] {
      #expect(scene.refusal(grant) == .reserved(tree["work"], own: linked))
    }
    #expect(scene.refusal(scene.read("work/deep/harmless")) == .reserved(linked, own: linked))
  }

  // MARK: What decides what runs

  @Test func aProgramCannotBeWritten() throws {
    let scene = try SurveyScene()
    let tree = scene.tree
    let binary = tree["bin/cordon"]
    for name in ["bin", "bin/cordon"] {
      #expect(scene.refusal(scene.write(name)) == .changesProgram(tree[name], program: binary))
      #expect(scene.refusal(scene.read(name)) == nil)
    }
    try tree.hardLink("work/same", to: "bin/cordon")
    #expect(scene.refusal(scene.read("work")) == nil)
    let linked = tree["work/same"]
    #expect(scene.refusal(scene.write("work")) == .reserved(tree["work"], own: linked))
    #expect(scene.refusal(scene.write("work/same")) == .changesProgram(linked, program: binary))
  }

  /// A read-only directory inside keeps what it holds; a single file would not survive an editor
  /// that replaces it.
  @Test func aProgramInAReadOnlyDirectoryInside() throws {
    var scene = try SurveyScene()
    let tree = scene.tree
    try tree.file("work/server/main.py")
    scene.surroundings.programs = [tree["work/server/main.py"]]
    #expect(
      scene.refusal(scene.write("work"))
        == .changesProgram(tree["work"], program: tree["work/server/main.py"]))
    #expect(scene.refusal(scene.write("work"), scene.read("work/server")) == nil)
    scene.surroundings.needed = [
      try Grant(resolving: tree["work/server"], writable: false, isNamed: false)
    ]
    let outcome = try scene.look(scene.write("work"))
    #expect(scene.covers(outcome, of: "work").contains("work/server readOnly"))
  }

  // MARK: The disk and homes

  @Test func theRootAndHomesMustBeAccepted() throws {
    var scene = try SurveyScene()
    let tree = scene.tree
    let root = GrantSurvey.Named("/", writable: false)
    #expect(scene.refusal(root) == .root("/"))
    try tree.link("slash", to: "/")
    #expect(scene.refusal(scene.read("slash")) == .root(tree["slash"]))
    for name in ["home/ada", "home"] {
      #expect(scene.refusal(scene.read(name)) == .home(tree[name], account: "ada"))
      #expect(scene.refusal(scene.write(name)) == .home(tree[name], account: "ada"))
    }
    try tree.link("alias", to: "home/ada")
    #expect(scene.refusal(scene.read("alias")) == .home(tree["alias"], account: "ada"))
    // What lies in a home is named by whoever grants it.
    try tree.directory("home/ada/notes")
    #expect(scene.refusal(scene.read("home/ada/notes")) == nil)
    scene.tolerance.homes = true
    #expect(scene.refusal(root) == .root("/"))
    let outcome = try scene.look(scene.write("home/ada"))
    #expect(outcome.weakened.homes && !outcome.weakened.root)
  }

  /// `/usr/sbin` and the like are entered as the homes of many accounts, and are nobody's.
  @Test func aHomeBelongsToItsAccount() throws {
    var scene = try SurveyScene()
    scene.surroundings.homes = [
      .init(account: "daemon", path: scene.tree["work"], owner: geteuid() + 1),
      .init(account: "gone", path: "/nonexistent", owner: 65_534),
    ]
    #expect(scene.refusal(scene.read("work")) == nil)
  }

  /// What was accepted opens the home, and not Cordon's places in it.
  @Test func cordonsPlacesInAGrantedHomeAreHidden() throws {
    var scene = try SurveyScene()
    let tree = scene.tree
    try tree.directory("home/ada/.config/cordon")
    scene.surroundings.reserved = [
      tree["home/ada/.config/cordon"], tree["home/ada/.local/state/cordon"],
    ]
    scene.tolerance.homes = true
    let outcome = try scene.look(scene.write("home/ada"))
    let covers = scene.covers(outcome, of: "home/ada")
    #expect(covers.contains("home/ada/.config/cordon hidden"))
    #expect(covers.contains("home/ada/.config pinned"))
    // Where it is missing it cannot be made.
    #expect(covers.contains("home/ada/.local hidden"))
    #expect(scene.placeholders(outcome).contains("home/ada/.local"))
  }

  @Test func theWholeDiskIsShownInParts() throws {
    var scene = try SurveyScene()
    scene.tolerance.root = true
    let root = GrantSurvey.Named("/", writable: false)
    #expect(scene.refusal(root) == .unread("/", ["/"], count: 1))
    scene.tolerance.channels = true
    let outcome = try GrantSurvey.look(
      at: [root], surroundings: scene.surroundings, tolerance: scene.tolerance)
    #expect(outcome.weakened.root && outcome.weakened.channels)
    let paths = outcome.grants.map(\.path)
    #expect(paths.contains("/usr") && paths.contains("/etc"))
    for own in ["/", "/proc", "/dev", "/sys", "/run", "/tmp", "/home", "/var"] {
      #expect(!paths.containsPath(own), "\(own)")
    }
    #expect(!paths.contains { Path.isWithin($0, SandboxRequest.home) })
    #expect(outcome.onlyDirectory == nil)
  }

  // MARK: Grants beside each other

  @Test func oneThingUnderTwoNames() throws {
    let scene = try SurveyScene()
    let tree = scene.tree
    try tree.link("alias", to: "work")
    #expect(
      scene.refusal(scene.read("work"), scene.write("alias"))
        == .conflict(tree["work"], tree["alias"]))
    #expect(scene.refusal(scene.read("work"), scene.read("alias")) == nil)
  }

  @Test func theNarrowerWins() throws {
    let scene = try SurveyScene()
    let tree = scene.tree
    try tree.directory("work/a/ref")
    try tree.directory("work/out")
    let outer = try scene.look(scene.write("work"), scene.read("work/a/ref"))
    let covers = scene.covers(outer, of: "work")
    // Renaming the directory above would leave its path to whoever makes another.
    #expect(covers.contains("work/a pinned") && covers.contains("work/a/ref readOnly"))
    let inner = try scene.look(scene.read("work"), scene.write("work/out"))
    #expect(inner.grants.first { $0.path == tree["work"] }?.covers.isEmpty == true)
    #expect(inner.grants.first { $0.path == tree["work/out"] }?.writable == true)
  }

  /// The writable grant has another name for what is read-only.
  @Test func readOnlyUnderEveryName() throws {
    let scene = try SurveyScene()
    try scene.tree.directory("work/ref")
    try scene.tree.link("alias", to: "work")
    let outcome = try scene.look(scene.write("alias"), scene.read("work/ref"))
    #expect(scene.covers(outcome, of: "alias").contains("alias/ref readOnly"))
  }

  /// A link inside another grant is seen there as what it is; the grant appears where it leads.
  @Test func aLinkInsideAnotherGrant() throws {
    let scene = try SurveyScene()
    let tree = scene.tree
    try tree.directory("data")
    try tree.link("work/current", to: tree["data"])
    let outcome = try scene.look(scene.write("work"), scene.read("work/current"))
    #expect(outcome.grants.map(\.path) == [tree["work"], tree["data"]])
  }

  @Test func theOnlyDirectory() throws {
    let scene = try SurveyScene()
    let tree = scene.tree
    try tree.file("work/file")
    try tree.directory("data")
    #expect(try scene.look(scene.read("work")).onlyDirectory == tree["work"])
    #expect(
      try scene.look(scene.read("work"), scene.read("work/file")).onlyDirectory == tree["work"])
    #expect(try scene.look(scene.read("work/file")).onlyDirectory == nil)
    #expect(try scene.look(scene.read("work"), scene.write("data")).onlyDirectory == nil)
  }

  @Test func nothingNamedNothingLookedAt() throws {
    var scene = try SurveyScene()
    // What would be an error, had anything been looked at.
    scene.surroundings.programs = ["/nonexistent"]
    #expect(try scene.look().grants.isEmpty)
  }
}

extension String {
  fileprivate var parent: String { Files.parent(of: self) }
}
