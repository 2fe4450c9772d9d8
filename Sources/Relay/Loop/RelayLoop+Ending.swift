import Control
import Glibc
import Kernel

extension RelayLoop {
  /// No more comes from the host: what it sent still goes to the server, then the server's input
  /// ends too.
  mutating func beginClosing() {
    hostEnded = true
    if closing == nil { closing = now + Self.closingGrace }
  }

  /// The host has closed its end, or can no longer be written to.
  mutating func tellHostClosed() {
    guard !toldHostClosed else { return }
    toldHostClosed = true
    control.send(.hostClosed, at: now)
  }

  /// Once the server has said its last: what it was asked and has not answered is answered with why
  /// it is gone. The supervisor knows that a moment later than its output ends.
  mutating func sayEndOfServer() {
    guard serverFinished, !saidEnd else { return }
    if session.isAsking, endOfServer == nil {
      let due = explanationDue ?? now + Self.explanationGrace
      explanationDue = due
      guard now >= due else { return }
    }
    saidEnd = true
    session.giveUpAll(Words.ended(endOfServer), at: now)
    carryOut(nil)
  }

  /// The server has ended and the host has all of it: the rest of the log, and the report.
  ///
  /// A process that the server left behind may hold the log open, so its end is not waited for.
  mutating func sayLastWords() {
    var turns = 64
    while !logEnded, turns > 0, readLog() { turns -= 1 }
    if !logEnded { log.finish() }
    if let words = log.lastWords { control.send(.lastWords(words), at: now) }
    log.drain()
    session.end(at: now)
    carryOut(nil)
    control.send(.finished, at: now)
    control.drain()
  }
}
