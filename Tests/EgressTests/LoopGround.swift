import CLinux
import Control
import Foundation
import Glibc
import Kernel

@testable import Egress

/// A loop in a thread of its own, with a server on the host's loopback for it to connect to, and a
/// listener on another address of the loopback that stands for the sandbox's.
final class LoopGround {
  static let insideAddress = IPAddress.v4(0x7F00_0005)
  let port: UInt16
  let server: OwnedDescriptor
  private let supervisor: OwnedDescriptor
  private let configuration: EgressConfiguration
  private let listeners: Shared
  private let control: Int32
  private let ended = DispatchSemaphore(value: 0)
  private var reader = FrameReader(limit: EgressReport.longestFrame)

  /// - Parameter isDriven: no thread runs the loop; the test calls `drive`.
  init(
    inspection: EgressRule.Inspection? = nil, rules: [EgressRule] = [],
    limits: EgressLimits = EgressLimits(), isServed: Bool = true, isDriven: Bool = false
  ) throws {
    port = try Self.freePort()
    server = try Self.listener(.v4(0x7F00_0001), port: port)
    let inside = try Self.listener(Self.insideAddress, port: port)
    if !isServed { _ = server.withRaw { shutdown($0, Int32(SHUT_RDWR)) } }
    let rules =
      rules.isEmpty ? [EgressRule(.loopback, port: port, inspection: inspection)] : rules
    configuration = EgressConfiguration(
      serverName: "s", layout: EgressLayout(rules), rules: rules, denials: [], limits: limits,
      requiresLandlock: false)
    let pair = try SocketPair()
    control = pair.theirs.withRaw { dup($0) }
    supervisor = OwnedDescriptor(owning: pair.ours.withRaw { dup($0) })
    var patience = timeval(tv_sec: 10, tv_usec: 0)
    _ = supervisor.withRaw {
      unsafe setsockopt(
        $0, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }
    listeners = Shared([Listener(.loopback, inside)])
    if isDriven { return }
    let (configuration, control, ended, listeners) = (configuration, control, ended, listeners)
    Thread.detachNewThread {
      do {
        var loop = try EgressLoop(configuration, listeners: listeners.value, control: control)
        try loop.run()
      } catch { print("the loop failed: \(error)") }
      listeners.value = []
      close(control)
      ended.signal()
    }
  }

  /// Runs the loop as the test says, in its own thread.
  func drive(_ body: (inout EgressLoop) throws -> Void) throws {
    var loop = try EgressLoop(configuration, listeners: listeners.value, control: control)
    try body(&loop)
    listeners.value = []
    close(control)
    ended.signal()
  }

  /// Only one thread has it at a time.
  private final class Shared: @unchecked Sendable {
    var value: [Listener]
    init(_ value: [Listener]) { self.value = value }
  }

  /// A connection from inside.
  func connect() throws -> Peer {
    let peer = try Peer(check("socket", "client") { clinux_stream_socket(0) })
    var endpoint = Endpoint(Self.insideAddress, port: port).raw
    peer.setBlocking()
    let result = unsafe clinux_connect(peer.raw, &endpoint)
    let errno = Errno.current
    // One that was made, and reset before this thread came to know, is as good as any.
    guard result == 0 || errno.code == ECONNRESET else {
      throw SystemError(step: "connect", subject: "inside", errno: errno)
    }
    return peer
  }

  /// What arrives outside.
  func accept() throws -> Peer {
    var watched = pollfd(fd: server.withRaw { $0 }, events: Int16(POLLIN), revents: 0)
    guard unsafe poll(&watched, 1, 10_000) == 1 else {
      throw SystemError(step: "accept", subject: "server", errno: Errno(ETIMEDOUT))
    }
    return try Peer(check("accept", "server") { server.withRaw { clinux_accept($0) } })
  }

  /// Ends the session; the reports until then.
  func end() throws -> [EgressReport] {
    askForEnd()
    var reports: [EgressReport] = []
    while let report = try nextReport() { reports.append(report) }
    ended.wait()
    return reports
  }

  func askForEnd() { _ = supervisor.withRaw { shutdown($0, Int32(SHUT_WR)) } }

  func nextReport() throws -> EgressReport? {
    while true {
      if let frame = try reader.next() { return try EgressReport(frame) }
      var bytes = [UInt8](repeating: 0, count: 4096)
      let count = supervisor.withRaw { unsafe read($0, &bytes, bytes.count) }
      guard count > 0 else { return nil }
      unsafe bytes.withUnsafeBytes { unsafe reader.feed($0.prefix(count)) }
    }
  }

  /// One that is free on the first address may not be on the second.
  private static func freePort() throws -> UInt16 {
    for _ in 0..<100 {
      let server = try listener(.v4(0x7F00_0001), port: 0)
      let port = try localPort(of: server)
      if isFree(port) { return port }
    }
    throw SystemError(step: "bind", subject: "two listeners", errno: Errno(EADDRINUSE))
  }

  private static func isFree(_ port: UInt16) -> Bool {
    guard let socket = try? listener(insideAddress, port: port) else { return false }
    return socket.withRaw { $0 >= 0 }
  }

  private static func listener(
    _ address: IPAddress, port: UInt16
  ) throws(SystemError) -> OwnedDescriptor {
    let raw = try check("socket", "listener") { clinux_stream_socket(0) }
    let socket = OwnedDescriptor(owning: raw)
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = port.bigEndian
    guard case .v4(let word) = address else { return socket }
    name.sin_addr.s_addr = word.bigEndian
    try check("bind", "listener") {
      unsafe withUnsafePointer(to: &name) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          unsafe bind(raw, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
    }
    try check("listen", "listener") { listen(raw, 1024) }
    return socket
  }

  private static func localPort(of socket: borrowing OwnedDescriptor) throws -> UInt16 {
    try Endpoint.destination(of: socket, redirected: false).port
  }
}

/// A socket of the test's: reads wait for ten seconds at most.
final class Peer {
  let raw: Int32
  private var isOpen = true

  init(_ raw: Int32) {
    self.raw = raw
    setBlocking()
  }

  deinit { close() }

  func setBlocking() {
    _ = clinux_fcntl_int(raw, F_SETFL, clinux_fcntl_int(raw, F_GETFL, 0) & ~O_NONBLOCK)
    var limit = timeval(tv_sec: 10, tv_usec: 0)
    unsafe setsockopt(raw, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    unsafe setsockopt(raw, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  func say(_ text: String) throws { try say(Array(text.utf8)) }

  func say(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = try check("send", "peer") {
        unsafe rest.withUnsafeBytes {
          unsafe send(raw, $0.baseAddress, $0.count, Int32(truncatingIfNeeded: MSG_NOSIGNAL))
        }
      }
      rest = rest.dropFirst(count)
    }
  }

  /// Up to this many bytes, or to the end.
  func hear(_ most: Int = 65_536) throws -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < most {
      let part = try hearSome(most - bytes.count)
      if part.isEmpty { break }
      bytes += part
    }
    return bytes
  }

  func hearSome(_ most: Int) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: most)
    let count = try check("receive", "peer") { unsafe recv(raw, &bytes, bytes.count, 0) }
    return Array(bytes.prefix(count))
  }

  func sayNoMore() { shutdown(raw, Int32(SHUT_WR)) }

  func close() {
    if isOpen { Glibc.close(raw) }
    isOpen = false
  }

  func reset() {
    _ = clinux_reset_on_close(raw)
    close()
  }
}

/// Work beside the test's own.
final class Background: @unchecked Sendable {
  private let done = DispatchSemaphore(value: 0)
  private var failure: (any Error)?

  init(_ body: @escaping () throws -> Void) {
    let body = Unchecked(body)
    Thread.detachNewThread {
      do { try body.value() } catch { self.failure = error }
      self.done.signal()
    }
  }

  func wait() throws {
    done.wait()
    if let failure { throw failure }
  }

  private struct Unchecked: @unchecked Sendable {
    let value: () throws -> Void
    init(_ value: @escaping () throws -> Void) { self.value = value }
  }
}
