import Control
import Glibc
import Kernel
import Testing

@testable import Supervisor

@Suite struct SlowStartTests {
  private static let moment: UInt64 = 500_000_000

  private static func sample(
    _ milliseconds: UInt64?, processes: Int? = 1, unwritten: UInt64? = nil
  ) -> ServerActivity.Sample {
    ServerActivity.Sample(
      processes: processes, processorTime: milliseconds.map { $0 * 1_000_000 },
      unwritten: unwritten)
  }

  private static func words(
    _ first: ServerActivity.Sample, _ second: ServerActivity.Sample, unread: Int = 0,
    output: Int = 0, log: Int = 0, said: LastWords? = nil, hasEgress: Bool = false
  ) -> SlowStartWords {
    let start = SlowStart(
      seconds: 5, unread: unread, output: output, standardError: log, lastWords: said)
    return SlowStartWords(
      start, first, second, interval: moment, words: said.map { _ in "the line" },
      hasEgress: hasEgress)
  }

  @Test func aServerThatComputesIsRunning() {
    let told = Self.words(Self.sample(4000), Self.sample(4400), log: 12)
    #expect(
      told.text
        == "no answer for 5 s: it is running (4.40 s of processor time so far, 1 process); "
        + "it has written 12 bytes to standard error")
    #expect(told.hint == nil)
  }

  @Test func oneThatWaitsIsToldWhatItCannotWaitFor() {
    let told = Self.words(
      Self.sample(70, processes: 3), Self.sample(71, processes: 3), unread: 170)
    #expect(
      told.text
        == "no answer for 5 s: it is waiting (0.07 s of processor time so far, 3 processes); "
        + "it has not read 170 bytes of what it was sent; it has written nothing")
    #expect(told.hint?.contains("no network") == true)
    let granted = Self.words(Self.sample(70), Self.sample(71), hasEgress: true)
    #expect(granted.hint?.contains("no network") == false)
  }

  @Test func oneThatWritesFilesIsWriting() {
    let told = Self.words(
      Self.sample(70, unwritten: 8 << 20), Self.sample(71, unwritten: 12 << 20), output: 5)
    #expect(told.text.contains("it is writing files (12 MiB not on the disk yet)"))
    #expect(told.text.hasSuffix("it has written 5 bytes, and no answer among them"))
    let done = Self.words(
      Self.sample(70, unwritten: 12 << 20), Self.sample(71, unwritten: 12 << 20))
    #expect(!done.text.contains("writing files"))
  }

  @Test func whatIsNotKnownIsNotSaid() {
    let told = Self.words(Self.sample(nil, processes: nil), Self.sample(nil, processes: nil))
    #expect(told.text == "no answer for 5 s: it has written nothing")
  }

  @Test func whatItSaidLastIsTheHint() throws {
    let said = try #require(
      LastWords(in: Array("Temporary failure in name resolution\n".utf8)))
    let told = Self.words(Self.sample(70), Self.sample(71), log: 40, said: said)
    #expect(told.hint?.hasPrefix("it said: the line; ") == true)
    #expect(told.hint?.contains(said.symptom.hint) == true)
  }

  /// The clock that the kernel keeps for another process, and the list of a process's children.
  @Test func aChildIsSeenRunning() throws {
    let parent = try Busy()
    defer { parent.end() }
    let activity = ServerActivity(stage: parent.pid, nil)
    var samples: [UInt64] = []
    // It may take a while until the child is there.
    for _ in 0..<100 where samples.count < 2 {
      usleep(50_000)
      if let time = activity.sample().processorTime, time > samples.last ?? 0 {
        samples.append(time)
      }
    }
    #expect(samples.count == 2)
    #expect(Clock.processorNanoseconds(of: parent.pid) != nil)
    #expect(Clock.processorNanoseconds(of: 0) == nil)
    #expect(Clock.processorNanoseconds(of: Int32.max) == nil)
  }
}

/// A process in a group of its own, whose child uses the processor.
private struct Busy {
  let pid: Int32

  struct Failure: Error {}

  init() throws {
    var pid: Int32 = 0
    var arguments: [UnsafeMutablePointer<CChar>?] = unsafe [
      strdup("/bin/sh"), strdup("-c"), strdup("(ulimit -t 20; while :; do :; done) & wait"), nil,
    ]
    defer { unsafe arguments.forEach { unsafe free($0) } }
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe _ = posix_spawnattr_destroy(&attributes) }
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    guard unsafe posix_spawn(&pid, "/bin/sh", nil, &attributes, &arguments, nil) == 0 else {
      throw Failure()
    }
    self.pid = pid
  }

  func end() {
    kill(-pid, SIGKILL)
    var status: Int32 = 0
    unsafe _ = waitpid(pid, &status, 0)
  }
}
