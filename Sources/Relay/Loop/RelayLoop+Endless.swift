import Control
import MCP

/// How many bytes of a line over the size limit each side has sent by now.
struct Skipped {
  var host = 0
  var server = 0
}

/// Lines that never end.
///
/// What is over the size limit is thrown away as it comes, up to where the next line begins. A side
/// that sends no newline at all would keep the relay at that for ever, and can say nothing more: it is
/// treated as one that has ended.
extension RelayLoop {
  /// Call with what was read.
  mutating func weigh(_ count: Int, from side: Side) {
    switch side {
    case .host:
      skipped.host = hostLines.isSkipping ? skipped.host + count : 0
      guard isEndless(skipped.host) else { return }
      session.refuseEndless(.host)
      hostFinished = true
      beginClosing()
      tellHostClosed()
    case .server:
      skipped.server = serverLines.isSkipping ? skipped.server + count : 0
      guard isEndless(skipped.server) else { return }
      session.refuseEndless(.server)
      serverEnded = true
      serverFinished = true
      endOfServer = Words.endless(Bound.lineSize.name(session.settings))
    }
    carryOut(nil)
  }

  /// A line is thrown away from the size limit on, or from this one where that is smaller.
  private func isEndless(_ skipped: Int) -> Bool {
    let limit = session.settings.limits.lineSize
    return skipped > 0 && skipped + min(session.settings.messageSize, limit) > limit
  }
}
