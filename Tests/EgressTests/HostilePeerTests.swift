import CLinux
import Control
import Glibc
import Kernel
import Testing

@testable import Egress

/// Peers that reset, stall, half-close, or go away in the middle of a hello, on both sides.
@Suite struct HostilePeerTests {
  private enum Behaviour: CaseIterable {
    case reset, close, halfClose, speakAndReset, speakAndClose, stall
  }

  /// In a process of its own, where no other test opens descriptors.
  @Test func noDescriptorIsLost() async {
    await #expect(processExitsWith: .success) {
      for inspection in [EgressRule.Inspection.none, .tls, .http] {
        let ground = try LoopGround(inspection: inspection)
        try Self.waitUntilStarted(ground, inspection)
        let atRest = Self.descriptors()
        let server = Background { try Self.serve(ground) }
        try Self.attack(ground, 3400)
        _ = ground.server.withRaw { shutdown($0, Int32(SHUT_RDWR)) }
        try server.wait()
        try Self.waitForAll(ground)
        try Self.waitUntilAtRest(atRest)
        let reports = try ground.end()
        let late = reports.connections.filter { $0.outcome == .ended }.count
        guard reports.count > 100, late == 0 else {
          Self.fail("\(inspection): of \(reports.count) reports \(late) at the end")
        }
      }
    }
  }

  /// What the loop opens once is open.
  private static func waitUntilStarted(
    _ ground: LoopGround, _ inspection: EgressRule.Inspection
  ) throws {
    let first = try ground.connect()
    if inspection == .none {
      try ground.accept().close()
    } else {
      try first.say("no hello\n\n")
      _ = try? first.hear()
    }
    first.close()
    usleep(200_000)
  }

  /// Connections come in order: once the last has failed, all before it have been taken.
  private static func waitForAll(_ ground: LoopGround) throws {
    let last = try ground.connect()
    _ = try? last.say("no hello\n\n")
    _ = try? last.hear()
  }

  /// Until no connection is left. Bytes enough for a pipe, which would be kept, are never sent.
  private static func waitUntilAtRest(_ atRest: Set<Int32>) throws {
    for _ in 0..<500 {
      if descriptors().count <= atRest.count { return }
      usleep(10_000)
    }
    fail("open: \(descriptors().count), at rest: \(atRest.count)")
  }

  private static func fail(_ words: String) -> Never {
    let line = words + "\n"
    _ = unsafe write(2, line, line.utf8.count)
    _exit(1)
  }

  private static func descriptors() -> Set<Int32> {
    Set((0..<2048).filter { clinux_fcntl_int($0, F_GETFD, 0) >= 0 })
  }

  /// Shows that the count of descriptors sees a lost one.
  @Test func aLostDescriptorIsSeen() async {
    await #expect(processExitsWith: .success) {
      let before = Self.descriptors()
      // A number that nothing else of the process has had.
      let lost = try check("dup", "0") { clinux_fcntl_int(0, F_DUPFD, 1500) }
      _exit(Self.descriptors().subtracting(before).contains(lost) ? 0 : 1)
    }
  }

  /// Connections that the server holds at the same time.
  private static let mostStalled = 10

  private static func attack(_ ground: LoopGround, _ count: Int) throws {
    var stalled: [Peer] = []
    let hello: [UInt8] = [22, 3, 1, 0, 200, 1, 0, 0, 196, 3, 3]
    for number in 0..<count {
      let peer = try ground.connect()
      let behaviour = Behaviour.allCases[number % Behaviour.allCases.count]
      // What is said may meet a connection that the other side has reset.
      switch behaviour {
      case .speakAndReset, .speakAndClose: _ = try? peer.say(Array(hello.prefix(1 + number % 11)))
      case .halfClose:
        _ = try? peer.say("GET / HT")
        peer.sayNoMore()
      case .reset, .close, .stall: break
      }
      switch behaviour {
      case .reset, .speakAndReset: peer.reset()
      case .close, .speakAndClose: peer.close()
      case .halfClose, .stall: stalled.append(peer)
      }
      if stalled.count > 50 { stalled.removeFirst(25) }
    }
  }

  /// Another behaviour for each connection that arrives.
  private static func serve(_ ground: LoopGround) throws {
    var stalled: [Peer] = []
    var number = 0
    while true {
      var watched = pollfd(fd: ground.server.withRaw { $0 }, events: Int16(POLLIN), revents: 0)
      guard unsafe poll(&watched, 1, -1) == 1 else { continue }
      let raw = ground.server.withRaw { clinux_accept($0) }
      if raw < 0 {
        if [EAGAIN, ECONNABORTED].contains(Errno.current.code) { continue }
        return
      }
      let peer = Peer(raw)
      // Not in step with the clients.
      switch Behaviour.allCases[number / 3 % Behaviour.allCases.count] {
      case .reset: peer.reset()
      case .close: peer.close()
      case .halfClose:
        peer.sayNoMore()
        stalled.append(peer)
      case .speakAndReset:
        _ = try? peer.say("HTTP/1.1 200 OK")
        peer.reset()
      case .speakAndClose: _ = try? peer.say("HTTP/1.1 200 OK")
      case .stall: stalled.append(peer)
      }
      if stalled.count > mostStalled { stalled.removeFirst(mostStalled) }
      number += 1
    }
  }
}
