import Control
import Credentials
import Foundation
import Glibc
import JSON
import Kernel
import Manifest
import Testing

@testable import Relay

/// The loop over real pipes; the test is host, server and supervisor.
@Suite(.serialized) struct LoopTests {
  @Test func carriesLinesBothWaysAndEndsInOrder() throws {
    let stage = try Stage()
    stage.order(.pins(Stage.noPins))
    stage.host.write(Lines.request(1, "ping") + "\r\n\n")
    #expect(stage.serverInput.line() == Lines.request(1, "ping"))
    stage.server.write(Lines.result(1) + "\n")
    #expect(stage.hostOutput.line() == Lines.result(1))
    // A last line needs no newline.
    stage.host.write(Lines.request(2, "ping"))
    stage.host.close()
    #expect(stage.serverInput.line() == Lines.request(2, "ping"))
    #expect(stage.serverInput.line() == nil)
    #expect(stage.report { $0 == .hostClosed })
    stage.server.write(Lines.result(2))
    stage.server.close()
    #expect(stage.hostOutput.line() == Lines.result(2))
    #expect(stage.report { $0 == .finished })
    #expect(stage.end() == .finished)
  }

  /// What the server left unanswered is answered with the supervisor's reason, which comes a moment
  /// after the end of the server's output.
  @Test func aServerThatEndsIsExplained() throws {
    let stage = try Stage()
    stage.order(.pins(Stage.noPins))
    for id in 1...3 {
      stage.host.write(Lines.request(id, "ping") + "\n")
      #expect(stage.serverInput.line() == Lines.request(id, "ping"))
    }
    stage.host.write(
      #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":2}}"# + "\n")
    stage.server.write(Lines.result(1) + "\n")
    #expect(stage.hostOutput.line() == Lines.result(1))
    stage.server.close()
    #expect(!stage.hostOutput.isReadable(milliseconds: 50))
    stage.order(.serverEnded(reason: "it exceeded its memory limit"))
    let message = "the server ended before it answered: it exceeded its memory limit"
    #expect(
      stage.hostOutput.line()
        == #"{"jsonrpc":"2.0","id":3,"error":{"code":-32603,"message":"\#(message)"}}"#)
    #expect(stage.report { $0 == .finished })
    #expect(stage.end() == .finished)
    // The cancelled one gets no answer.
    #expect(stage.hostOutput.line() == nil)
  }

  @Test func aServerThatOnlyClosesItsOutputIsNotWaitedForLong() throws {
    let stage = try Stage()
    stage.order(.pins(Stage.noPins))
    stage.host.write(Lines.request(1, "ping") + "\n")
    #expect(stage.serverInput.line() == Lines.request(1, "ping"))
    stage.server.close()
    let answer = stage.hostOutput.line()
    #expect(answer?.contains(#""id":1,"error":{"code":-32603"#) == true, "\(answer ?? "nothing")")
    #expect(stage.report { $0 == .finished })
    #expect(stage.end() == .finished)
  }

  @Test func readsNothingBeforeTheFirstPins() throws {
    let stage = try Stage()
    stage.host.write(Lines.request(1, "ping") + "\n")
    stage.server.write(#"{"jsonrpc":"2.0","method":"n"}"# + "\n")
    #expect(!stage.serverInput.isReadable(milliseconds: 50))
    #expect(!stage.hostOutput.isReadable(milliseconds: 0))
    stage.order(.pins(Stage.noPins))
    #expect(stage.serverInput.line() == Lines.request(1, "ping"))
    #expect(stage.hostOutput.line() == #"{"jsonrpc":"2.0","method":"n"}"#)
    stage.stop()
  }

  @Test func aLargeMessagePassesWholeAndTheHostsFlagsStay() throws {
    let stage = try Stage()
    stage.order(.pins(Stage.noPins))
    let text = String(repeating: "0123456789abcdef", count: 200_000)
    let large = #"{"jsonrpc":"2.0","method":"n","params":{"text":"\#(text)"}}"#
    let before = stage.hostOutput.flags
    let writer = stage.server.writeAside(large + "\n" + Lines.request(5, "roots/list") + "\n")
    #expect(stage.hostOutput.line() == large)
    #expect(stage.hostOutput.line() == Lines.request(5, "roots/list"))
    writer.wait()
    let asked = stage.host.writeAside(large + "\n" + Lines.result(5) + "\n")
    #expect(stage.serverInput.line() == large)
    #expect(stage.serverInput.line() == Lines.result(5))
    asked.wait()
    #expect(stage.hostOutput.flags == before)
    #expect(stage.relayHostFlags & O_NONBLOCK == 0)
    stage.stop()
  }

  @Test func aHostThatDoesNotReadStopsTheServer() throws {
    let stage = try Stage()
    stage.order(.pins(Stage.noPins))
    let line =
      #"{"jsonrpc":"2.0","method":"n","params":{"t":"\#(String(repeating: "x", count: 1000))"}}"#
    let count = 8_000
    let writer = stage.server.writeAside(String(repeating: line + "\n", count: count))
    usleep(100_000)
    #expect(!writer.isDone)
    // Meanwhile the other direction goes on.
    stage.host.write(Lines.request(1, "ping") + "\n")
    #expect(stage.serverInput.line() == Lines.request(1, "ping"))
    for _ in 0..<count { #expect(stage.hostOutput.line() == line) }
    writer.wait()
    stage.stop()
  }

  @Test func endsWithTheSupervisor() throws {
    let stage = try Stage()
    stage.supervisor.close()
    #expect(stage.end() == .supervisorGone)
  }

  @Test func becomesARefusalBeforeItHasBegun() throws {
    let stage = try Stage()
    var configuration = Stage.configuration
    configuration.mode = .refuse(message: "no", waitMilliseconds: 5)
    stage.order(.configure(configuration))
    #expect(stage.end() == .refused(message: "no", milliseconds: 5))
  }

  @Test func closesTheServersInputWhenOrdered() throws {
    let stage = try Stage()
    stage.order(.pins(Stage.noPins))
    stage.order(.closeServer)
    #expect(stage.serverInput.line() == nil)
    stage.stop()
  }

  @Test func redactsTheServersErrorOutput() throws {
    let stage = try Stage()
    stage.order(.pins(Stage.noPins))
    stage.serverError.write("token s3cr3t-va")
    stage.serverError.write("lue\n")
    #expect(stage.hostError.line() == "token [redacted:TOKEN]")
    stage.server.write("s3cr3t-value\n")
    #expect(
      stage.hostError.line()
        == "cordon: notes printed what is not a message: [redacted:TOKEN]")
    stage.stop()
  }

  @Test func tellsTheLastWordsOfAServerThatNeverAnswered() throws {
    let stage = try Stage()
    stage.order(.pins(Stage.noPins))
    stage.serverError.write("Error: ENOENT: s3cr3t-value\n")
    #expect(stage.hostError.line() != nil)
    stage.server.close()
    #expect(
      stage.report { report in
        if case .lastWords(let words) = report {
          words.symptom.name == "missing-file"
            && words.line == Array("Error: ENOENT: [redacted:TOKEN]".utf8)
        } else {
          false
        }
      })
    #expect(stage.report { $0 == .finished })
    #expect(stage.end() == .finished)
  }

  @Test func aHeldCallStillGoesOutAfterTheHostsEnd() throws {
    let stage = try Stage()
    let item = try Lines.pinned(Lines.echo)
    stage.order(
      .pins(PinSnapshot(sequence: 0, approved: [item], rejected: [], waiting: [])))
    stage.host.write(Lines.call(1, "echo") + "\n")
    stage.host.close()
    #expect(stage.serverInput.line() == Lines.own(1))
    stage.server.write(Lines.ownResult(1, [Lines.echo]) + "\n")
    #expect(stage.serverInput.line() == Lines.call(1, "echo"))
    #expect(stage.serverInput.line() == nil)
    stage.stop()
  }

  @Test func aHostThatIsGoneIsTold() throws {
    let stage = try Stage()
    stage.order(.pins(Stage.noPins))
    stage.hostOutput.close()
    stage.server.write(#"{"jsonrpc":"2.0","method":"n"}"# + "\n")
    #expect(stage.report { $0 == .hostClosed })
    #expect(stage.serverInput.line() == nil)
    stage.stop()
  }
}

/// Pipes, a supervisor's socket, and a loop on a thread of its own.
final class Stage: @unchecked Sendable {
  let host, server, serverError, supervisor: End
  let hostOutput, serverInput, hostError: End
  let relayHostFlagsDescriptor: Int32
  private let done = DispatchSemaphore(value: 0)
  private var result: RelayLoop.End?
  private var reader = FrameReader(limit: RelayReport.longestFrame)

  static let noPins = PinSnapshot(sequence: 0, approved: [], rejected: [], waiting: [])
  static let configuration = RelayConfiguration(
    serverName: "notes", mode: .relay, messageSize: 16 << 20, notice: true, digestArguments: true,
    requiresLandlock: true,
    secrets: [])

  init() throws {
    signal(SIGPIPE, SIG_IGN)
    let hostIn = Stage.pipe()
    let hostOut = Stage.pipe()
    let hostErr = Stage.pipe()
    let serverIn = Stage.pipe()
    let serverOut = Stage.pipe()
    let serverErr = Stage.pipe()
    var pair: [Int32] = [0, 0]
    _ = unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair)
    for own in [serverIn.1, serverOut.0, serverErr.0] {
      _ = fcntl(own, F_SETFL, fcntl(own, F_GETFL) | O_NONBLOCK)
    }
    host = End(hostIn.1)
    hostOutput = End(hostOut.0)
    hostError = End(hostErr.0)
    server = End(serverOut.1)
    serverInput = End(serverIn.0)
    serverError = End(serverErr.1)
    supervisor = End(pair[0])
    relayHostFlagsDescriptor = hostOut.1
    let descriptors = Descriptors(
      hostInput: hostIn.0, hostOutput: hostOut.1, hostError: hostErr.1, control: pair[1],
      serverInput: serverIn.1, serverOutput: serverOut.0, serverError: serverErr.0)
    let redactor = Redactor([try Secret(name: "TOKEN", value: Array("s3cr3t-value".utf8))])
    Thread.detachNewThread { [self] in
      do {
        var loop = RelayLoop(
          configuration: Stage.configuration, control: ControlChannel(descriptors.control),
          epoll: try EventLoop(), descriptors: descriptors, redactor: redactor,
          ownPrefix: "cordon-7-")
        result = try loop.run()
      } catch {
        Issue.record(error)
      }
      done.signal()
    }
  }

  var relayHostFlags: Int32 { fcntl(relayHostFlagsDescriptor, F_GETFL) }

  func order(_ order: RelayOrder) { supervisor.write(order.frame()) }

  /// Waits for a report, answering nothing.
  func report(_ isWanted: (RelayReport) -> Bool) -> Bool {
    while true {
      do {
        while let frame = try reader.next() { if isWanted(try RelayReport(frame)) { return true } }
      } catch {
        return false
      }
      let bytes = supervisor.read()
      guard !bytes.isEmpty else { return false }
      reader.feed(bytes)
    }
  }

  func end() -> RelayLoop.End? {
    guard done.wait(timeout: .now() + 10) == .success else { return nil }
    return result
  }

  func stop() {
    supervisor.close()
    #expect(end() == .supervisorGone)
  }

  private static func pipe() -> (Int32, Int32) {
    var ends: [Int32] = [0, 0]
    _ = unsafe Glibc.pipe(&ends)
    return (ends[0], ends[1])
  }
}

/// The test's end of a pipe or socket; waits ten seconds at most.
final class End: @unchecked Sendable {
  private let descriptor: Int32
  private var buffer: [UInt8] = []

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  var flags: Int32 { fcntl(descriptor, F_GETFL) }

  func write(_ text: String) { write(Array(text.utf8)) }

  func write(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  final class Aside: @unchecked Sendable {
    fileprivate let done = DispatchSemaphore(value: 0)
    private(set) var isDone = false
    fileprivate func finish() {
      isDone = true
      done.signal()
    }
    func wait() { #expect(done.wait(timeout: .now() + 10) == .success) }
  }

  func writeAside(_ text: String) -> Aside {
    let aside = Aside()
    Thread.detachNewThread { [self] in
      write(text)
      aside.finish()
    }
    return aside
  }

  func isReadable(milliseconds: Int32) -> Bool {
    var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&watched, 1, milliseconds) == 1
  }

  func read() -> [UInt8] {
    guard isReadable(milliseconds: 10_000) else { return [] }
    var chunk = [UInt8](repeating: 0, count: 65_536)
    let count = unsafe Glibc.read(descriptor, &chunk, chunk.count)
    return Array(chunk.prefix(max(0, count)))
  }

  /// The next line; nil at the end.
  func line() -> String? {
    var searched = 0
    while true {
      if let newline = buffer[searched...].firstIndex(of: 0x0A) {
        let line = String(decoding: buffer[..<newline], as: UTF8.self)
        buffer.removeFirst(newline + 1)
        return line
      }
      searched = buffer.count
      let more = read()
      guard !more.isEmpty else {
        defer { buffer = [] }
        return buffer.isEmpty ? nil : String(decoding: buffer, as: UTF8.self)
      }
      buffer += more
    }
  }

  func close() { _ = Glibc.close(descriptor) }
}
