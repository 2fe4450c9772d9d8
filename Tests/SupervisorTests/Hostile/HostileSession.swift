import Audit
import CLinux
import Confinement
import Control
import Credentials
import Glibc
import JSON
import Kernel
import Manifest
import Testing

@testable import Sandbox
@testable import Supervisor

/// A session whose relay or stage is a program of the test's, in Python: what a part could do that
/// someone took over. The supervisor is the real one, in a process of its own.
struct HostileSession: Codable, Sendable {
  /// What the supervisor told and how it ended, as the child wrote it.
  struct Outcome {
    let told: [String]
    let end: String
    let milliseconds: Int
  }

  static let secret = "s3cr3t-0123456789-abcdefghij"
  /// Bytes of memory that a supervisor may take beside what its process has already.
  private static let memory: UInt64 = 320 << 20

  let folder: String
  let relay: String
  let stage: String
  /// In the place of what carries the server's connections; nil where it may have none.
  var egress: String?
  var trusts = false
  /// Whether the host may be asked.
  var asks = false

  init(in scratch: Scratch, relay: String = Script.quietRelay, stage: String = Script.quietStage) {
    folder = scratch.path
    self.relay = relay
    self.stage = stage
  }

  func store() throws -> ApprovalStore {
    try ApprovalStore(directory: "\(folder)/approvals", name: "notes")
  }

  var log: String { "\(folder)/audit/notes.jsonl" }

  /// The log's lines, each of which must be one document.
  func events() throws -> [JSONNode] {
    try Files.read(log, limit: 256 << 20)
      .split(separator: UInt8(ascii: "\n")).map { try JSONReader.parse(Array($0)) }
  }

  // MARK: In the process of the supervisor

  /// Never returns: what came of it is in a file.
  func run() -> Never {
    do {
      try prepare()
      // In the place of standard error, which nobody is sure to read.
      let outcome = unsafe open("\(folder)/outcome", O_WRONLY | O_CREAT | O_APPEND, 0o600)
      guard outcome >= 0, dup2(outcome, 2) == 2 else { exit(2) }
      close(outcome)
      let begin = Clock.monotonicNanoseconds()
      let end = try supervise().end
      let taken = (Clock.monotonicNanoseconds() - begin) / 1_000_000
      Self.write("END \(taken) \(Array(end.summary.utf8))\n")
      exit(0)
    } catch {
      Self.write("FAILED \(error)\n")
      exit(1)
    }
  }

  private func prepare() throws {
    // What a test's process inherits is its own business, and not what a host left open.
    for number in try Files.list("/proc/self/fd").compactMap({ Int32($0) }) where number > 2 {
      _ = clinux_fcntl_int(number, F_SETFD, FD_CLOEXEC)
    }
    var soft: UInt64 = 0
    var hard: UInt64 = 0
    let status = String(decoding: try Files.read("/proc/self/status", limit: 65_536), as: UTF8.self)
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmData:") } ?? ""
    let kilobytes = line.split(separator: " ").compactMap { UInt64($0) }.first ?? 0
    try check("getrlimit", "data") {
      unsafe clinux_get_rlimit(Int32(RLIMIT_DATA.rawValue), &soft, &hard)
    }
    try check("setrlimit", "data") {
      clinux_set_rlimit(Int32(RLIMIT_DATA.rawValue), kilobytes << 10 + Self.memory, hard)
    }
  }

  private func supervise() throws -> SessionOutcome {
    let redactor = Redactor([try Secret(name: "KEY", value: Array(Self.secret.utf8))])
    let store = try store()
    try Files.makeDirectories(store.directory, mode: 0o700)
    let log = try AuditLog(
      directory: "\(folder)/audit", server: "notes", session: "1",
      redact: { redactor.redact($0) })
    let supervisor = try #require(try ProcessIdentity(pid: getpid()))
    let limits = LimitPlan(
      request: LimitRequest(memory: 1 << 30, swap: 0, processes: 64, processors: nil),
      groups: nil, shortfalls: [])
    try Files.makeDirectories("\(folder)/state", mode: 0o700)
    let beginning = try Beginning(
      server: "notes", supervisor: supervisor, limits: limits,
      stateDirectory: "\(folder)/state", isVerbose: false,
      hasEgress: egress != nil,
      launcher: { () throws(SystemError) in
        try PartLauncher(
          stage: try Self.python(stage), relay: try Self.python(relay),
          egress: try egress.map { (script) throws(SystemError) in
            try Self.python(script, control: 0)
          })
      })
    let identity = Identity.caller(uid: geteuid(), gid: getegid())
    let plan = Plan(
      steps: Landlock.ofThisKernel().map { [.landlock(version: $0.version, rules: [])] } ?? [],
      program: ServerProgram(executable: "/bin/true", arguments: ["true"], environment: []),
      insideUID: 1000, insideGID: 1000)
    try beginning.startMaps(of: identity)
    try beginning.build(plan, for: identity)
    let launch = Launch(
      server: "notes", plan: plan, identity: identity,
      relay: RelayConfiguration(
        serverName: "notes", mode: .relay, messageSize: 1 << 20, notice: false,
        digestArguments: false, requiresLandlock: false, secrets: [],
        questionSeconds: asks ? 60 : nil),
      egress: egress.map { _ in
        EgressConfiguration(
          serverName: "notes", layout: EgressLayout([]),
          rules: [
            EgressRule(.host(Array("a.example".utf8)), port: 443, inspection: .tls),
            EgressRule(
              .host(Array("b.example".utf8)), port: 443, inspection: EgressRule.Inspection.none,
              allowsPrivate: true),
            EgressRule(.network(.v4(0x0A01_0000), prefixLength: 16), port: nil),
          ], denials: [EgressRule(.subdomains(Array("a.example".utf8)), port: nil)],
          requiresLandlock: false)
      },
      profiles: [], accepted: [],
      systemCalls: .init(base: "default", widened: [], denied: []), weaknesses: [],
      limits: limits, isVerbose: true)
    return try Supervisor.run(
      beginning, launch, store: store, firstUse: trusts ? .trust : .ask, redactor: redactor,
      log: log,
      tell: { notice in
        let text =
          switch notice {
          case .error(let text, _), .warning(let text, _), .progress(let text),
            .refusal(let text, _), .slow(let text, _), .network(let text, _):
            text
          case .refused(let end): end.summary
          }
        // As bytes, so that nothing in it can pass for another line.
        Self.write("TOLD \(Array(text.utf8))\n")
      })
  }

  private static func python(
    _ script: String, control: Int = 3
  ) throws(SystemError) -> PartProgram {
    PartProgram(
      executable: try Files.open("/usr/bin/python3", flags: O_RDONLY).release(),
      arguments: ["python3", "-I", "-S", "-c", Script.prelude(control: control) + script])
  }

  private static func write(_ text: String) {
    let bytes = Array(text.utf8)
    _ = unsafe Glibc.write(2, bytes, bytes.count)
  }

  // MARK: In the test

  func outcome() throws -> Outcome {
    let written = try Files.read("\(folder)/outcome", limit: 16 << 20)
    var told: [String] = []
    var end: (Int, String)?
    func text(_ list: Substring) -> String {
      let bytes = list.drop { $0 != "[" }.dropFirst().dropLast()
        .split(separator: ",").compactMap { UInt8($0.drop { $0 == " " }) }
      return String(decoding: bytes, as: UTF8.self)
    }
    for line in String(decoding: written, as: UTF8.self).split(separator: "\n") {
      if line.hasPrefix("TOLD ") { told.append(text(line)) }
      if line.hasPrefix("END ") { end = (Int(line.split(separator: " ")[1]) ?? 0, text(line)) }
    }
    let found = try #require(end, "\(String(decoding: written.suffix(2000), as: UTF8.self))")
    return Outcome(told: told, end: found.1, milliseconds: found.0)
  }
}
