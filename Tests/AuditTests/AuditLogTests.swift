import Audit
import Glibc
import JSON
import Kernel
import Testing

@Suite struct AuditLogTests: ~Copyable {
  private let directory: String

  init() {
    directory = "/tmp/cordon-audit-\(getpid())-\(UInt32.random(in: 0 ... .max))"
  }

  deinit {
    for name in (try? Files.list(directory)) ?? [] { try? Files.remove("\(directory)/\(name)") }
    try? Files.remove(directory)
  }

  private func open(_ session: String = "s") throws -> AuditLog {
    try AuditLog(directory: directory, server: "notes", session: session) { $0 }
  }

  @Test func linesAreAppendedAcrossSessions() throws {
    var one = try open("1")
    var two = try open("2")
    try one.append(AuditEvent("launch"))
    try two.append(AuditEvent("launch"))
    try one.append(AuditEvent("exit", [("status", .integer(0))]))
    let bytes = try Files.read("\(directory)/notes.jsonl", limit: 1 << 20)
    let lines = try bytes.split(separator: 0x0A).map { try JSONReader.parse(Array($0)) }
    #expect(lines.map { $0["session"]?.string } == ["1", "2", "1"])
    #expect(lines.map { $0["event"]?.string } == ["launch", "launch", "exit"])
    #expect(lines[0]["time"]?.string?.utf8.count == 24)
  }

  @Test func fileAndDirectoryAreTheOwnersAlone() throws {
    var log = try open()
    try log.append(AuditEvent("launch"))
    #expect(try Files.status(directory).mode == 0o700)
    #expect(try Files.status("\(directory)/notes.jsonl").mode == 0o600)
  }

  @Test func fileThatOthersCanReachIsRefused() throws {
    var log = try open()
    try log.append(AuditEvent("launch"))
    let path = "\(directory)/notes.jsonl"
    unsafe chmod(path, 0o640)
    let error = #expect(throws: AuditError.self) { _ = try open() }
    #expect(error == .exposed(path, "others can reach it (mode 640)"))
    unsafe chmod(path, 0o600)
    unsafe chmod(directory, 0o755)
    #expect(throws: AuditError.self) { _ = try open() }
    unsafe chmod(directory, 0o700)
  }

  @Test(.timeLimit(.minutes(1)))
  func linksAndPipesAreRefused() throws {
    try Files.makeDirectories(directory, mode: 0o700)
    let path = "\(directory)/notes.jsonl"
    unsafe #expect(symlink("/dev/null", path) == 0)
    #expect(throws: AuditError.self) { _ = try open() }
    try Files.remove(path)
    unsafe #expect(mkfifo(path, 0o600) == 0)
    #expect(throws: AuditError.self) { _ = try open() }
  }
}
