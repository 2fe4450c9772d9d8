import Glibc
import Kernel
import Manifest
import Testing

/// Several processes write to one record while they are killed one after the other.
///
/// The writers are this test's own binary, started again to run `StoreWriter` alone.
@Suite struct StoreWritersTests {
  @Test(.timeLimit(.minutes(2)))
  func nothingThatWasWrittenIsLostAndNothingIsHalf() throws {
    let scratch = try Scratch()
    let store = try ApprovalStore(directory: "\(scratch.path)/approvals", name: "shared")
    var writers: [pid_t] = []
    for _ in 0..<3 { writers.append(try StoreWriter.spawn(scratch.path)) }
    try waitForAcknowledgements(3, scratch.path)
    var kills = 0
    for round in 0..<12 {
      usleep(UInt32.random(in: 5_000...60_000))
      let victim = writers.remove(at: round % writers.count)
      try kill(victim)
      kills += 1
      // Read before the record: every update acknowledged by then must be in it.
      let acknowledged = try acknowledgements(scratch.path)
      #expect(try store.load().items.count >= acknowledged)
      writers.append(try StoreWriter.spawn(scratch.path))
    }
    for writer in writers { try kill(writer) }
    kills += writers.count
    let acknowledged = try acknowledgements(scratch.path)
    let count = try store.load().items.count
    #expect(acknowledged > 12)
    // A writer can be killed between its update and saying so.
    #expect((acknowledged...acknowledged + kills).contains(count))
    try store.update { $0.forget(by: Samples.person) }
    #expect(try Files.list(store.directory) == ["shared.json", "shared.lock"])
  }

  private func kill(_ writer: pid_t) throws {
    var status: Int32 = 0
    #expect(Glibc.kill(writer, SIGKILL) == 0)
    let waited = unsafe waitpid(writer, &status, 0)
    #expect(waited == writer)
    // It was still running: a writer that ends by itself has found something wrong.
    #expect(status & 0x7F == SIGKILL, "a writer ended by itself with status \(status)")
  }

  private func acknowledgements(_ scratch: String) throws -> Int {
    try Files.exists("\(scratch)/acknowledged")
      ? Files.read("\(scratch)/acknowledged", limit: 1 << 20).count : 0
  }

  private func waitForAcknowledgements(_ count: Int, _ scratch: String) throws {
    for _ in 0..<3_000 where try acknowledgements(scratch) < count { usleep(10_000) }
    try #require(try acknowledgements(scratch) >= count)
  }
}

@Suite struct StoreWriter {
  static let variable = "CORDON_TEST_STORE_WRITER"

  /// Adds an item at a time and acknowledges each with a byte, until it is killed. Among the other
  /// tests it has nothing to do.
  @Test func write() throws {
    guard let value = unsafe getenv(StoreWriter.variable) else { return }
    let scratch = unsafe String(cString: value)
    let store = try ApprovalStore(directory: "\(scratch)/approvals", name: "shared")
    let acknowledged = try Files.open(
      "\(scratch)/acknowledged", flags: O_WRONLY | O_APPEND | O_CREAT, mode: 0o600)
    for number in 0..<100_000 {
      let tool = try Samples.tool("t\(getpid())-\(number)")
      try store.update { (record) throws(ObservationError) in
        let present = record.sorted.compactMap { item in
          item.waiting.map { Pin(item.key, $0.digest) }
        }
        _ = try record.observe(
          kind: .tool, present: present + [Pin(tool.key, tool.digest)], bodies: [tool],
          firstUse: .ask, by: Samples.cordon)
      }
      try Files.write([1], to: acknowledged, subject: "acknowledged")
    }
  }

  static func spawn(_ scratch: String) throws -> pid_t {
    let program = try Files.realPath("/proc/self/exe")
    let arguments = [program, "--testing-library", "swift-testing", "--filter", "StoreWriter/"]
    let environment = ["\(variable)=\(scratch)", "SWIFT_BACKTRACE=enable=no"]
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { _ = unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    unsafe posix_spawn_file_actions_addopen(
      &actions, 2, "\(scratch)/errors", O_WRONLY | O_CREAT, 0o600)
    var writer: pid_t = 0
    let library = unsafe getenv("LD_LIBRARY_PATH").map {
      unsafe "LD_LIBRARY_PATH=\(String(cString: $0))"
    }
    // The strings live until spawn returns, which copies them.
    var argv = unsafe arguments.map { unsafe strdup($0) } + [nil]
    var envp = unsafe (environment + [library].compactMap(\.self)).map { unsafe strdup($0) } + [nil]
    defer { unsafe (argv + envp).forEach { unsafe free($0) } }
    let error = unsafe posix_spawn(&writer, program, &actions, nil, &argv, &envp)
    try #require(error == 0)
    return writer
  }
}
