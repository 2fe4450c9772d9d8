import CLinux
import CProbes
import Control
import Foundation
import Kernel
import SystemCallFilter
import Testing

@testable import Sandbox

/// The witness's loop answers a child that runs under a real filter of this kernel.
@Suite(
  .serialized,
  .enabled(if: FilterProgram.canBeWitnessed, "the kernel is older than Linux 5.19"))
struct WitnessTests {
  /// Makes the call in a child whose filter asks; this thread is the witness.
  private func witnessed(
    _ name: String, _ arguments: [Int64], times: Int = 1, under ordinary: FilterProgram = .server
  ) throws -> (result: probe_result, reports: [WitnessReport]) {
    let number = try #require(FilterProgram.number(of: name))
    let handOver = try SocketPair()
    let reports = try SocketPair()
    let words = ordinary.witnessed(observing: ObservedCall.numbers).words
    let padded = arguments + Array(repeating: 0, count: 6 - arguments.count)
    let child = unsafe handOver.theirs.withRaw { socket in
      unsafe probe_begin_listening(words, words.count, Int(number), padded, times, socket)
    }
    var byte: UInt8 = 0
    var listener: Int32 = -1
    var count = 0
    _ = handOver.ours.withRaw { socket in
      unsafe clinux_receive_descriptors(socket, &byte, 1, &listener, 1, &count)
    }
    try #require(count == 1)
    let owned = OwnedDescriptor(owning: listener)
    try owned.withRaw { listener in
      try handOver.ours.withRaw { life in
        try reports.theirs.withRaw { supervisor in
          var loop = WitnessLoop(
            listener: Listener(raw: listener), life: life, supervisor: supervisor,
            ordinary: ordinary, examined: ExaminedArguments(allow: [], deny: []),
            isRecording: true)
          try loop.run()
        }
      }
    }
    return (unsafe probe_end(child), try read(reports.ours))
  }

  private func read(_ socket: borrowing OwnedDescriptor) throws -> [WitnessReport] {
    var reader = FrameReader(limit: WitnessReport.longestFrame)
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    let count = socket.withRaw { unsafe recv($0, &chunk, chunk.count, Int32(MSG_DONTWAIT)) }
    reader.feed(chunk[..<max(0, count)])
    var reports: [WitnessReport] = []
    while let frame = try reader.next() { reports.append(try WitnessReport(frame)) }
    return reports
  }

  struct Refusal: Sendable, CustomTestStringConvertible {
    let call: String
    let arguments: [Int64]
    let errno: Int32
    var testDescription: String { "\(call) \(arguments)" }
  }

  static let refusals = [
    Refusal(call: "io_uring_setup", arguments: [1, 0], errno: ENOSYS),
    Refusal(call: "ptrace", arguments: [0], errno: EPERM),
    Refusal(call: "unshare", arguments: [0x1000_0000], errno: EPERM),
    Refusal(call: "clone", arguments: [0x1000_0000 | 17], errno: EPERM),
    Refusal(call: "clone3", arguments: [0, 0], errno: ENOSYS),
    Refusal(call: "socket", arguments: [40, 1, 0], errno: EAFNOSUPPORT),
    Refusal(call: "socket", arguments: [1 << 32 | 40, 1, 0], errno: EAFNOSUPPORT),
    Refusal(call: "socket", arguments: [2, 3, 1], errno: EPERM),
    Refusal(call: "socket", arguments: [16, 3, 6], errno: EPROTONOSUPPORT),
    Refusal(call: "ioctl", arguments: [-1, 0x5412], errno: EPERM),
    Refusal(call: "setsockopt", arguments: [-1, 6, 31], errno: ENOENT),
    Refusal(call: "seccomp", arguments: [1, 8, 0], errno: EPERM),
    Refusal(call: "splice", arguments: [-1, 0, -1], errno: EINVAL),
  ]

  @Test(arguments: refusals)
  func aRefusalIsTheOrdinaryOne(_ refusal: Refusal) throws {
    let (result, reports) = try witnessed(refusal.call, refusal.arguments)
    #expect(result.reached == 1 && result.signal == 0 && result.value == -1)
    #expect(result.error == refusal.errno)
    let number = try #require(FilterProgram.number(of: refusal.call))
    let calls = reports.compactMap { report in
      if case .call(let call) = report { call } else { nil }
    }
    #expect(calls.map(\.number) == [number])
    #expect(calls.map(\.errno) == [refusal.errno])
  }

  @Test func aDeniedCallThatIsObservedIsRefused() throws {
    let ordinary = try FilterProgram.server(allow: [], deny: ["openat"])
    let (result, _) = try witnessed("openat", [-100, 0, 0], under: ordinary)
    #expect(result.error == EPERM)
  }

  @Test func whatIsAllowedIsTheKernelsToAnswer() throws {
    #expect(try witnessed("getpid", []).result.value > 0)
    // Observed, and a path that cannot be read: the call fails as it would anyway.
    let (result, reports) = try witnessed("openat", [-100, 8, 0])
    #expect(result.error == EFAULT)
    guard case .totals(let totals) = reports.last else {
      Issue.record("no totals")
      return
    }
    #expect(totals.unseen == 1)
  }

  #if arch(x86_64)
    @Test func aForeignABIIsStillFatal() throws {
      let words = FilterProgram.server.witnessed(observing: ObservedCall.numbers).words
      let result = unsafe probe_foreign_abi(words, words.count, 1)
      #expect(result.signal == SIGSYS)
    }
  #endif

  @Test func callsWithoutEndAreCountedAndToldOnce() throws {
    let begin = Clock.monotonicNanoseconds()
    let (result, reports) = try witnessed("io_uring_setup", [1, 0], times: 100_000)
    let seconds = Double(Clock.monotonicNanoseconds() - begin) / 1e9
    #expect(result.error == ENOSYS && result.signal == 0)
    #expect(reports.count == 2)
    guard case .totals(let totals) = reports.last else {
      Issue.record("no totals")
      return
    }
    #expect(totals.calls == 100_000)
    #expect(seconds < 30, "\(seconds) s")
  }

  /// Without anybody who answers, what was asked fails: nothing is let through.
  @Test func withoutAWitnessTheKernelRefuses() throws {
    let number = try #require(FilterProgram.number(of: "ptrace"))
    let handOver = try SocketPair()
    let words = FilterProgram.server.witnessed(observing: ObservedCall.numbers).words
    let child = unsafe handOver.theirs.withRaw { socket in
      unsafe probe_begin_listening(
        words, words.count, Int(number), [0, 0, 0, 0, 0, 0], 3, socket)
    }
    var byte: UInt8 = 0
    var listener: Int32 = -1
    var count = 0
    _ = handOver.ours.withRaw { socket in
      unsafe clinux_receive_descriptors(socket, &byte, 1, &listener, 1, &count)
    }
    close(listener)
    #expect(unsafe probe_end(child).error == ENOSYS)
  }
}

/// What the kernel says of paths, asked by name.
@Suite struct PathLookTests {
  /// A folder with a file, a link to what is missing, and a way to the test's own descriptors.
  private func inFolder(_ body: (PathLook, String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "/cordon-look-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data("x".utf8).write(to: URL(filePath: folder + "/file"))
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/far", withDestinationPath: "/nowhere/else")
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/near", withDestinationPath: "missing")
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/round", withDestinationPath: "round")
    try body(PathLook(thread: getpid()), folder)
  }

  private func missing(_ look: PathLook, _ act: PathAct, _ path: String) -> String? {
    look.failure(act, Array(path.utf8), follows: true)
      .map { "\(Errno($0.errno).name) \(String(decoding: $0.path, as: UTF8.self))" }
  }

  @Test func whatIsThereIsNoFailure() throws {
    try inFolder { look, folder in
      for act in PathAct.allCases where act != .execute {
        #expect(missing(look, act, folder + "/file") == nil, "\(act)")
      }
      #expect(missing(look, .make, folder + "/new") == nil)
      #expect(
        look.failureOfMaking(Array((folder + "/new").utf8), opening: .write) == nil)
    }
  }

  @Test func whatIsMissingIsNamedWhereItIsMissing() throws {
    try inFolder { look, folder in
      #expect(missing(look, .read, folder + "/none") == "ENOENT \(folder)/none")
      #expect(missing(look, .read, folder + "/file/none") == "ENOTDIR \(folder)/file/none")
      #expect(missing(look, .read, folder + "/far") == "ENOENT /nowhere/else")
      #expect(missing(look, .look, folder + "/near") == "ENOENT \(folder)/missing")
      #expect(missing(look, .remove, folder + "/none") == "ENOENT \(folder)/none")
      #expect(missing(look, .make, folder + "/none/new") == "ENOENT \(folder)/none/new")
      #expect(
        look.failureOfMaking(Array((folder + "/none/new").utf8), opening: .write)?.errno == ENOENT)
      #expect(missing(look, .read, folder + "/round") == "ELOOP \(folder)/round")
    }
  }

  @Test func aRelativePathBeginsAtTheThreadsPlace() throws {
    let here = FileManager.default.currentDirectoryPath
    let look = PathLook(thread: getpid())
    #expect(look.absolute(Array("a/b".utf8), from: nil) == Array("\(here)/a/b".utf8))
    #expect(look.absolute(Array("/a/b".utf8), from: 99) == Array("/a/b".utf8))
    #expect(look.absolute(Array("a".utf8), from: 12345) == nil)
    #expect(look.absolute([], from: nil) == nil)
  }
}
