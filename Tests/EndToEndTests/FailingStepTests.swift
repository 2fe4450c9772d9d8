import Foundation
import Testing

/// A system call of every step of a launch fails once, wherever in Cordon's parts it is made: the
/// launch stops and names the step, the server's program has not run, and nothing is left.
@Suite struct FailingStepTests {
  struct Failure: Sendable, CustomTestStringConvertible {
    let call: String
    /// Which of a process's calls fails; all where it is nil.
    var number: Int?
    /// How the error begins.
    let step: String
    var options: [String] = []
    var testDescription: String { number.map { "\(call), number \($0)" } ?? call }
  }

  /// By the order of a launch by root. An ordinary user's opens its sources elsewhere.
  static let failures: [Failure] = [
    .init(call: "clone3", step: "clone: cordon-stage"),
    .init(call: "setgroups", step: "start: setgroups"),
    .init(call: "setresgid", step: "start: setresgid"),
    .init(call: "setresuid", step: "start: setresuid"),
    .init(call: "capset", step: "start: raise ambient capabilities"),
    .init(call: "close_range", step: "start: place descriptors"),
    .init(call: "execveat", step: "start: execveat"),
    .init(call: "mount", step: "private-mounts: /"),
    .init(call: "open_tree", step: "open"),
    .init(call: "mount_setattr", step: ""),
    .init(call: "fsopen", step: "new-root: tmpfs"),
    .init(call: "fsconfig", step: "new-root: tmpfs"),
    .init(call: "fsmount", step: "new-root: tmpfs"),
    .init(call: "move_mount", step: "new-root: tmpfs"),
    .init(call: "move_mount", number: 3, step: "bind: /etc"),
    .init(call: "symlinkat", step: "symbolic-link: /bin"),
    .init(call: "mkdirat", step: "bind: /usr"),
    .init(call: "fsopen", number: 2, step: "proc: /proc"),
    .init(call: "fsopen", number: 3, step: "tmpfs: /dev"),
    .init(call: "fchdir", step: "pivot-root: /"),
    .init(call: "pivot_root", step: "pivot-root: /"),
    .init(call: "umount2", step: "pivot-root: /"),
    .init(call: "sethostname", step: "host-name: cordon"),
    .init(call: "socket", step: "loopback: lo"),
    .init(
      call: "bind", step: "egress: port 53 of every address",
      options: ["--allow", "a.example:443"]),
    .init(
      call: "listen", step: "egress: port 53 of every address",
      options: ["--allow", "a.example:443"]),
    .init(call: "clone", step: "fork: server"),
    .init(call: "setsid", step: "session: setsid"),
    .init(call: "keyctl", step: "session: setsid"),
    .init(call: "personality", step: "session: setsid"),
    .init(call: "landlock_add_rule", step: "landlock: "),
    .init(call: "landlock_restrict_self", step: "landlock: "),
    .init(call: "seccomp", step: "seccomp: "),
  ]

  /// Nobody lets an ordinary user change groups, and no part tries to.
  static let cases = Places.isRoot ? failures : failures.filter { $0.call != "setgroups" }

  @Test(arguments: cases)
  func theLaunchStopsWithIt(_ failure: Failure) throws {
    let scene = try Scene()
    let number = failure.number.map { ":when=\($0)" } ?? ""
    // A program that has its powers from its file gets none under strace: no newuidmap for a user.
    let identity = Places.isRoot ? "separate" : "caller"
    let done = try Finished.run(
      [
        "/usr/bin/strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=\(failure.call)", "-e",
        "inject=\(failure.call):error=EPERM\(number)",
      ]
        + scene.run(
          "failing", options: ["--identity", identity] + failure.options, "/bin/sh", "-c",
          "echo it runs >&2"),
      environment: scene.environment)
    #expect(done.status == 69, "\(done.errors)")
    #expect(!done.errors.contains("it runs"))
    let error = done.errors.split(separator: "\n").first { $0.hasPrefix("cordon: error: ") } ?? ""
    #expect(!error.isEmpty, "\(done.errors)")
    // An ordinary user's other ways may meet the failure elsewhere.
    if Places.isRoot {
      #expect(error.contains("(EPERM)"), "\(error)")
      #expect(error.hasPrefix("cordon: error: " + failure.step), "\(error)")
    }
    let sessions = scene.folder + "/state/sessions"
    #expect(try FileManager.default.contentsOfDirectory(atPath: sessions).isEmpty)
  }

  /// Rules for ports of their own can be kept without `nf_tables`; one for every port cannot.
  @Test(arguments: [("a.example:443", 0), ("a.example:*", 69)] as [(String, Int32)])
  func aKernelWithoutTablesKeepsWhatItCan(rule: String, status: Int32) throws {
    let scene = try Scene()
    let identity = Places.isRoot ? "separate" : "caller"
    let done = try Finished.run(
      [
        Places.python, Places.drivers + "/hostile.py",
        // NETLINK_NETFILTER is the third argument.
        "deny:socket:EPROTONOSUPPORT:2:0xffffffff:12", "--",
      ]
        + scene.run(
          "without-tables", options: ["--identity", identity, "--allow", rule], "/bin/sh", "-c",
          "echo it runs >&2"),
      environment: scene.environment)
    #expect(done.status == status, "\(done.errors)")
    #expect(done.errors.contains("it runs") == (status == 0), "\(done.errors)")
    let error = "cordon: error: egress: nf_tables: every port: protocol not supported"
    #expect(done.errors.contains(error) == (status == 69), "\(done.errors)")
    #expect(done.errors.contains("name the ports instead") == (status == 69))
  }

  /// The order in which the parts take what cannot be taken back, as the kernel sees it.
  @Test func theStepsComeInOrder() throws {
    let scene = try Scene()
    let trace = scene.folder + "/trace"
    let identity = Places.isRoot ? "separate" : "caller"
    let calls = [
      "clone3", "mount", "open_tree", "fsopen", "pivot_root", "umount2", "sethostname", "setsid",
      "keyctl", "setresuid", "capset", "landlock_restrict_self", "seccomp", "execve",
    ]
    let done = try Finished.run(
      [
        "/usr/bin/strace", "-ff", "-qq", "-o", trace, "-e", "trace=" + calls.joined(separator: ","),
      ] + scene.run("ordered", options: ["--identity", identity], "/bin/true"),
      environment: scene.environment)
    #expect(done.status == 0, "\(done.errors)")
    let processes = try FileManager.default.contentsOfDirectory(atPath: scene.folder)
      .filter { $0.hasPrefix("trace.") }
      .map { try String(contentsOfFile: scene.folder + "/" + $0, encoding: .utf8) }
    func order(_ wanted: [String], whereMade call: String) throws {
      let text = try #require(processes.first { $0.contains(call) }, "\(call) is made nowhere")
      var rest = text[...]
      for step in wanted {
        let found = try #require(rest.range(of: step), "\(step) is not where it belongs: \(text)")
        rest = rest[found.upperBound...]
      }
    }
    try order(
      ["mount(", "fsopen(\"tmpfs\"", "pivot_root(", "umount2(", "sethostname("],
      whereMade: "pivot_root(")
    try order(
      [
        "setsid(", "keyctl(", "setresuid(", "capset(", "landlock_restrict_self(",
        "seccomp(SECCOMP_SET_MODE_FILTER", "execve(\"/bin/true\"",
      ], whereMade: "setsid(")
  }
}
