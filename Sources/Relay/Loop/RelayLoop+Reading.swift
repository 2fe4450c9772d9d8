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
      && control.queued <= Self.hardWater && session.acceptsHost
  }

  var wantsServer: Bool {
    isStarted && !serverEnded && mayHandleServer
  }

  private var mayHandleServer: Bool {
    !toHost.isBorrowing && toHost.queued <= Self.highWater && toServer.queued <= Self.hardWater
      && control.queued <= Self.hardWater && session.acceptsServer
  }

  /// Once: the descriptor is the host's and may block, so it is read only when epoll said so.
  mutating func readHost() {
    guard wantsHost else { return }
    var count = 0
    let descriptor = descriptors.hostInput
    unsafe hostLines.fill { space in
      unsafe count = read(descriptor, space.baseAddress, space.count)
      return count
    }
    if count == 0 || (count < 0 && !Self.isTransient(Errno.current.code)) { tellHostClosed() }
  }

  /// Until nothing more is there, for a bounded time: it is ours and does not block.
  mutating func readServer() {
    guard wantsServer else { return }
    var total = 0
    let descriptor = descriptors.serverOutput
    while total < Self.turn, wantsServer {
      var count = 0
      var isFull = false
      unsafe serverLines.fill { space in
        unsafe count = read(descriptor, space.baseAddress, space.count)
        isFull = count == space.count
        return count
      }
      guard count > 0 else {
        if count == 0 || !Self.isTransient(Errno.current.code) { serverEnded = true }
        return
      }
      total += count
      handleServerLines()
      flush()
      // A short read has emptied the pipe.
      guard isFull else { return }
    }
  }

  /// - Returns: whether there was something.
  @discardableResult
  mutating func readLog() -> Bool {
    var isMore = false
    unsafe withUnsafeTemporaryAllocation(byteCount: 16 << 10, alignment: 1) { buffer in
      let count = unsafe read(descriptors.serverError, buffer.baseAddress, buffer.count)
      if count > 0 {
        isMore = true
        unsafe log.push(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      } else if count == 0 || !Self.isTransient(Errno.current.code) {
        logEnded = true
        log.finish()
      }
    }
    return isMore
  }

  private static func isTransient(_ code: Int32) -> Bool { code == EAGAIN || code == EINTR }

  /// Handles every line that is there and may be, in both directions, and writes.
  mutating func pump() {
    handleHostLines()
    handleServerLines()
    flush()
  }

  private mutating func handleHostLines() {
    while isStarted, mayHandleHost {
      if let frame = hostLines.next() {
        handle(frame, from: .host)
      } else {
        guard hostEnded, !hostFinished else { return }
        // What a peer wrote before it ended is a line, newline or not.
        hostFinished = true
        if let frame = hostLines.finish() { handle(frame, from: .host) }
      }
    }
  }

  private mutating func handleServerLines() {
    while isStarted, mayHandleServer {
      if let frame = serverLines.next() {
        handle(frame, from: .server)
      } else {
        guard serverEnded, !serverFinished else { return }
        serverFinished = true
        if let frame = serverLines.finish() { handle(frame, from: .server) }
      }
    }
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
      case .report(let report): control.send(report)
      case .log(let text): log.add(text)
      }
    }
    session.outputs.removeAll(keepingCapacity: true)
  }

  /// Writes what can be written. The messages first: the audit log can wait.
  mutating func flush() {
    toServer.flush(hostLines)
    toHost.flush(serverLines)
    if toHost.isBroken { tellHostClosed() }
    log.flush()
    control.flush()
  }
}
