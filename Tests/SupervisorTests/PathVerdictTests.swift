import Glibc
import Kernel
import Sandbox
import Testing

@testable import Supervisor

/// Which refused paths are news, and what is told of them.
@Suite struct PathVerdictTests {
  static let view = SandboxView(
    binds: [
      .init(path: "/usr", isReadOnly: true, isSystem: true),
      .init(path: "/home/server", isReadOnly: false, isSystem: false),
      .init(path: "/srv/data", isReadOnly: true, isSystem: false),
      .init(path: "/tmp/granted", isReadOnly: true, isSystem: false),
      .init(path: "/srv/data/out", isReadOnly: false, isSystem: false),
    ], callerHome: "/home/u", isSeparate: true)

  static let host: [String: FileStatus.Kind] = [
    "/home/u/.aws/config": .regular, "/home/u/notes": .directory, "/home/u/notes/a": .regular,
    "/etc/shadow": .regular, "/var/log": .directory, "/var/log/syslog": .regular,
    "/run/docker.sock": .socket, "/home/u/agent.sock": .socket, "/tmp/x": .regular,
    "/etc/python3.11/sitecustomize.py": .regular, "/proc/meminfo": .regular,
    "/srv/data/secret": .regular, "/home/u/.netrc": .regular,
  ]

  static func look(_ path: String) -> HostDisk.Finding {
    if path.hasPrefix("/net/") { return .unknown }
    return host[path].map { .there($0) } ?? .absent
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let act: PathAct
    let errno: Int32
    let path: String
    let verdict: PathVerdict
    var testDescription: String { "\(act) \(path)" }

    init(_ act: PathAct, _ errno: Int32, _ path: String, _ verdict: PathVerdict) {
      self.act = act
      self.errno = errno
      self.path = path
      self.verdict = verdict
    }
  }

  static let cases = [
    Case(
      .read, ENOENT, "/home/u/.aws/config",
      .notGranted("/home/u/.aws/config", .regular, isForWriting: false)),
    Case(
      .look, ENOENT, "/home/u/x/../notes//a",
      .notGranted("/home/u/notes/a", .regular, isForWriting: false)),
    Case(.read, ENOENT, "/home/u/none", .noNews),
    Case(.read, ENOENT, "/net/attacker.example/x", .unknown),
    Case(
      .read, ENOENT, "/home/server/.netrc",
      .ofCallersHome(path: "/home/server/.netrc", counterpart: "/home/u/.netrc")),
    Case(.read, ENOENT, "/home/server/.cache", .noNews),
    Case(.look, ENOENT, "/home/server", .noNews),
    // A new file in a directory that is here
    Case(
      .write, ENOENT, "/var/log/server.log",
      .notGranted("/var/log", .directory, isForWriting: true)),
    Case(.remove, ENOENT, "/var/log/server.log", .noNews),
    Case(
      .write, ENOENT, "/var/log/syslog",
      .notGranted("/var/log/syslog", .regular, isForWriting: true)),
    // Places of the sandbox's own
    Case(.read, ENOENT, "/tmp/x", .notGranted("/tmp/x", .regular, isForWriting: false)),
    Case(.read, ENOENT, "/tmp/none", .noNews),
    Case(.connect, ENOENT, "/run/docker.sock", .service("/run/docker.sock")),
    Case(.connect, ENOENT, "/var/run/docker.sock", .service("/var/run/docker.sock")),
    Case(.connect, ENOENT, "/run/none", .noNews),
    Case(
      .connect, ENOENT, "/home/u/agent.sock",
      .notGranted("/home/u/agent.sock", .socket, isForWriting: false)),
    Case(.read, ENOENT, "/proc/meminfo", .machine("/proc/meminfo")),
    Case(.read, EACCES, "/proc/1/environ", .noNews),
    // What everybody asks for, and what is granted and not there either
    Case(.read, ENOENT, "/etc/ld.so.preload", .noNews),
    Case(.read, ENOENT, "/etc/python3.11/sitecustomize.py", .noNews),
    Case(.read, ENOENT, "/srv/data/secret", .noNews),
    // Writing
    Case(.write, EROFS, "/srv/data/a", .readOnly("/srv/data/a", grant: "/srv/data")),
    Case(.make, EACCES, "/srv/data/a", .readOnly("/srv/data/a", grant: "/srv/data")),
    Case(.write, EROFS, "/usr/bin/x", .nobodysToWrite("/usr/bin/x")),
    Case(.make, EACCES, "/usr/bin/x", .nobodysToWrite("/usr/bin/x")),
    Case(.write, EROFS, "/x", .nobodysToWrite("/x")),
    Case(.make, EACCES, "/var/x", .nobodysToWrite("/var/x")),
    Case(.make, EACCES, "/tmp/granted/x", .readOnly("/tmp/granted/x", grant: "/tmp/granted")),
    Case(.make, EACCES, "/tmp/theirs/x", .permission("/tmp/theirs/x")),
    // Permission
    Case(.read, EACCES, "/srv/data/a", .permission("/srv/data/a")),
    Case(.write, EACCES, "/srv/data/out/a", .permission("/srv/data/out/a")),
  ]

  @Test(arguments: cases)
  func aPathIsJudged(_ item: Case) {
    #expect(
      PathVerdict(item.act, item.errno, item.path, Self.view, look: Self.look) == item.verdict)
  }

  @Test func anOptionIsNamedWhereThereIsOne() {
    func words(_ verdict: PathVerdict, _ act: PathAct = .read) -> RefusalWords? {
      RefusalWords(verdict, act, isSeparate: true)
    }
    #expect(
      words(.notGranted("/home/u/notes", .directory, isForWriting: false))?.hint
        == "--read-only /home/u/notes")
    #expect(
      words(.notGranted("/var/log", .directory, isForWriting: true), .write)?.hint
        == "--read-write /var/log")
    #expect(words(.readOnly("/srv/a/b", grant: "/srv/a"), .write)?.hint == "--read-write /srv/a")
    #expect(
      words(.notGranted("/etc/shadow", .regular, isForWriting: false))?.hint?
        .hasSuffix("only if this server is meant to have your credentials") == true)
    #expect(words(.noNews) == nil)
  }

  /// A hint is made to be copied: a path that a shell would read otherwise is in none.
  @Test(arguments: ["/a b", "/a;reboot", "/a$(x)", "/a\nb", "/a\u{1B}[2J", "/a'b", "/a`b`", "/ä"])
  func aPathThatAShellWouldReadOtherwiseIsInNoHint(_ path: String) throws {
    let words = try #require(
      RefusalWords(.notGranted(path, .regular, isForWriting: false), .read, isSeparate: true))
    #expect(words.hint == nil)
    #expect(!words.text.contains("\u{1B}") && !words.text.contains("\n"))
  }

  @Test func credentialsAreKnownByTheirPlaces() {
    for path in ["/home/u/.ssh/id_rsa", "/root/.aws", "/etc/shadow", "/h/.config/gh/hosts.yml"] {
      #expect(KnownPaths.holdsCredentials(path), "\(path)")
    }
    for path in ["/home/u/.sshx", "/home/u/ssh", "/home/u/.config", "/etc/passwd"] {
      #expect(!KnownPaths.holdsCredentials(path), "\(path)")
    }
  }
}
