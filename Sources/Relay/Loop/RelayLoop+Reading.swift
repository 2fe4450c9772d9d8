import CLinux
import Control
import Glibc
import Kernel
import MCP

extension RelayLoop {
  /// Whether the host's input may be read and its lines handled.
  var wantsHost: Bool {
    isStarted && !hostEnded && mayHandleHost
  }

  private var mayHandleHost: Bool {
    !toServer.isBorrowing && toServer.queued <= Self.highWater && toHost.queued <= Self.hardWater
      && control.queued <= Self.hardWater && session.isReading(.host)
  }

  var wantsServer: Bool {
    isStarted && !serverEnded && mayHandleServer
  }

  private var mayHandleServer: Bool {
    !toHost.isBorrowing && toHost.queued <= Self.highWater && toServer.queued <= Self.hardWater
      && control.queued <= Self.hardWater && session.isReading(.server)
  }

  /// Once: the descriptor is the host's and may block, so it is read only when epoll said so.
  mutating func readHost() {
    guard wantsHost else { return }
    var outcome = ReadOutcome.later
    let descriptor = descriptors.hostInput
    unsafe hostLines.fill { space in
      unsafe outcome = ReadOutcome(descriptor, space)
      return outcome.count
    }
    weigh(outcome.count, from: .host)
    if outcome == .end {
      beginClosing()
      tellHostClosed()
    }
  }

  /// Until nothing more is there, for a bounded time: it is ours and does not block.
  mutating func readServer() {
    guard wantsServer else { return }
    var total = 0
    let descriptor = descriptors.serverOutput
    while total < Self.turn, wantsServer {
      var outcome = ReadOutcome.later
      var isFull = false
      unsafe serverLines.fill { space in
        unsafe outcome = ReadOutcome(descriptor, space)
        isFull = outcome.count == space.count
        return outcome.count
      }
      if outcome == .end { serverEnded = true }
      guard outcome.count > 0 else { return }
      total += outcome.count
      outputTotal += outcome.count
      pump()
      weigh(outcome.count, from: .server)
      // A short read has emptied the pipe. Of a line that goes on there is likely more by now, and
      // asking costs less than waiting to be told.
      guard isFull || serverLines.pendingCount > 0 else { return }
    }
  }

  /// - Returns: whether there was something.
  @discardableResult
  mutating func readLog() -> Bool {
    unsafe withUnsafeTemporaryAllocation(byteCount: 16 << 10, alignment: 1) { buffer in
      let outcome = unsafe ReadOutcome(descriptors.serverError, buffer)
      unsafe log.push(UnsafeRawBufferPointer(rebasing: buffer[..<outcome.count]), at: now)
      let excess = log.takeExcess()
      if excess > 0 {
        session.note(.standardError, .server, count: excess)
        carryOut(nil)
      }
      if outcome == .end {
        logEnded = true
        log.finish()
      }
      return outcome.count > 0
    }
  }

  /// Handles every line that is there and may be, in both directions, and writes: what is written
  /// makes room for more.
  mutating func pump() {
    var isMoving = true
    while isMoving {
      flush()
      isMoving = handleHostLines()
      isMoving = handleServerLines() || isMoving
    }
  }

  /// - Returns: whether a line was handled.
  private mutating func handleHostLines() -> Bool {
    var isMoving = false
    while isStarted, mayHandleHost {
      if let frame = hostLines.next() {
        handle(frame, from: .host)
        isMoving = true
      } else {
        guard hostEnded, !hostFinished else { break }
        // What a peer wrote before it ended is a line, newline or not.
        hostFinished = true
        isMoving = true
        while let frame = hostLines.finish() { handle(frame, from: .host) }
      }
    }
    return isMoving
  }

  private mutating func handleServerLines() -> Bool {
    var isMoving = false
    while isStarted, mayHandleServer {
      if let frame = serverLines.next() {
        handle(frame, from: .server)
        isMoving = true
      } else {
        guard serverEnded, !serverFinished else { break }
        serverFinished = true
        isMoving = true
        while let frame = serverLines.finish() { handle(frame, from: .server) }
      }
    }
    return isMoving
  }

  private mutating func handle(_ frame: LineFramer.Frame, from side: Side) {
    switch (frame, side) {
    case (.line(let range), .host):
      // An empty line is no message, and no harm.
      guard !range.isEmpty else { return }
      unsafe hostLines.withBytes(range) { bytes in
        session.receive(fromHost: unsafe Line(bytes), at: now)
      }
      carryOut(range)
    case (.line(let range), .server):
      guard !range.isEmpty else { return }
      unsafe serverLines.withBytes(range) { bytes in
        session.receive(fromServer: unsafe Line(bytes), at: now)
      }
      carryOut(range)
    case (.overflow(let head), .host):
      unsafe hostLines.withBytes(head) { bytes in
        session.refuseOversize(.host, head: unsafe Line(bytes), at: now)
      }
      carryOut(nil)
    case (.overflow(let head), .server):
      unsafe serverLines.withBytes(head) { bytes in
        session.refuseOversize(.server, head: unsafe Line(bytes), at: now)
      }
      carryOut(nil)
    case (.overflowEnd(let tail), .host):
      unsafe hostLines.withBytes(tail) { bytes in
        session.endOversize(.host, tail: unsafe Line(bytes), at: now)
      }
      carryOut(nil)
    case (.overflowEnd(let tail), .server):
      unsafe serverLines.withBytes(tail) { bytes in
        session.endOversize(.server, tail: unsafe Line(bytes), at: now)
      }
      carryOut(nil)
    }
  }

  /// - Parameter line: where the line stands that was just handled.
  mutating func carryOut(_ line: Range<Int>?) {
    for output in session.outputs {
      switch output {
      case .forwardToHost:
        if let line { toHost.forward(line, of: serverLines) }
      case .forwardToServer:
        if let line { toServer.forward(line, of: hostLines) }
      case .host(let bytes): toHost.append(bytes)
      case .server(let bytes): toServer.append(bytes)
      case .report(let report):
        if report == .handshaken { log.forgetTail() }
        control.send(report, at: now)
      case .ended(let event): control.send(event, at: now)
      case .log(let text): log.tell(text)
      case .slow(let seconds): control.send(.slow(slowStart(seconds)), at: now)
      }
    }
    session.outputs.removeAll(keepingCapacity: true)
  }

  /// Writes what can be written. The messages first: the audit log can wait.
  mutating func flush() {
    toServer.flush(hostLines)
    toHost.flush(serverLines)
    while toHost.queued <= Self.highWater, session.answerNextList() {
      carryOut(nil)
      toHost.flush(serverLines)
    }
    if toHost.isBroken {
      beginClosing()
      tellHostClosed()
    }
    log.flush()
    control.flush(at: now)
  }
}
