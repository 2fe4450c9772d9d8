import CLinux
import Control
import Glibc
import Kernel
import Sandbox

/// The supervisor's end of the process that carries a server's connections: what it reports is taken
/// for an attacker's words, and no more of it than a disk can bear.
final class EgressPost {
  /// What the session has to act on.
  enum News: Equatable {
    /// It is confined, and serves.
    case ready
    /// A step before that failed.
    case failed(step: String, subject: String, errno: Errno)
    /// It sent what it may not.
    case fault(String)
  }

  let part: StartedPart
  private let book: EgressBook
  private var inbox = Inbox(limit: EgressReport.longestFrame)
  private var allowance: Allowance
  private var isWatched = false
  private(set) var isReady = false
  private(set) var hasEnded = false
  /// It was asked to report what is open, and to end.
  private(set) var isFinishing = false
  private var isKilled = false
  /// It had ended its way out when it was killed: what is behind its last words is only its own end.
  private var hadToldAll = false
  /// Until when it is not heard because it has used up what it may have written.
  private var pause: UInt64?
  /// When its process must have ended.
  private var due: UInt64?
  /// Since when it has had nothing more to say, though it was not asked to end.
  private var deafSince: UInt64?

  /// Reports that are taken before the others have their turn.
  private static let turn = 256
  /// Bytes charged for a frame, whatever it holds.
  private static let frameCost = 64
  /// Nanoseconds between the end of its socket and the end of its process.
  private static let silence: UInt64 = 200_000_000
  /// Nanoseconds for what one that has ended still had to say.
  private static let lastTurn: UInt64 = 200_000_000

  init(_ part: consuming StartedPart, _ book: EgressBook) {
    self.part = part
    self.book = book
    allowance = Allowance(now: Clock.monotonicNanoseconds())
  }

  func send(_ configuration: EgressConfiguration) throws(SystemError) {
    do throws(SystemError) {
      try Files.write(
        EgressOrder.configure(configuration).frame(), to: part.control, subject: "egress")
    } catch {
      // One that ended before its exec says why.
      try part.confirm()
      throw error
    }
  }

  func watch(
    _ loop: borrowing EventLoop, control: UInt64, end: UInt64
  ) throws(SystemError) {
    try part.pidfd.withRaw { (raw) throws(SystemError) in
      try loop.add(raw, token: end, interest: .readable)
    }
    try rewatch(loop, token: control)
  }

  /// Whether reports are here already, which no event will tell.
  var hasMore: Bool { !hasEnded && pause == nil && inbox.hasFrame }

  /// Takes what it has sent by now.
  ///
  /// - Parameter cost: takes what the audit log has grown by.
  func read(
    _ loop: borrowing EventLoop, token: UInt64, cost: () -> Int
  ) throws(SystemError) -> News? {
    var news: News?
    for _ in 0..<Self.turn where pause == nil && news == nil {
      guard let frame = inbox.next(from: part.control) else { break }
      news = take(frame)
      let now = Clock.monotonicNanoseconds()
      allowance.charge(Self.frameCost + cost(), now: now)
      pause = allowance.due(now: now)
    }
    if let fault = inbox.fault {
      news = news ?? .fault("\(fault)")
    } else if !inbox.isOpen, due == nil, deafSince == nil {
      // Usually the end of its process is the next thing to be told.
      deafSince = Clock.monotonicNanoseconds()
    }
    try rewatch(loop, token: token)
    return news
  }

  private func take(_ frame: FrameFields) -> News? {
    do throws(FrameError) {
      switch try EgressReport(frame) {
      case .ready:
        guard !isReady else { throw .invalid("ready twice") }
        isReady = true
        return .ready
      case .failed(let step, let subject, let errno):
        guard !isReady else { throw .invalid("a step behind ready") }
        return .failed(
          step: Notices.cut(step), subject: Notices.cut(subject), errno: Errno(errno))
      case .connection(let connection):
        guard isReady else { throw .invalid("a connection before ready") }
        try book.take(connection)
      case .refused(let refusal):
        guard isReady else { throw .invalid("a refusal before ready") }
        try book.take(refusal)
      }
    } catch {
      inbox.giveUp(error)
    }
    return nil
  }

  private func rewatch(_ loop: borrowing EventLoop, token: UInt64) throws(SystemError) {
    let isWorth = !hasEnded && inbox.isOpen && pause == nil
    guard isWorth != isWatched else { return }
    isWatched = isWorth
    try part.control.withRaw { (raw) throws(SystemError) in
      if isWorth {
        try loop.add(raw, token: token, interest: .readable)
      } else {
        try loop.remove(raw)
      }
    }
  }

  /// When `passTime` has something to do; nil where that depends on what happens.
  var nextDue: UInt64? {
    hasEnded ? nil : [pause, due, deafSince.map { $0 + Self.silence }].compactMap { $0 }.min()
  }

  enum Measure: Equatable {
    /// It may have something written again: read on.
    case resume
    /// It lives on, and nobody would hear of what it does.
    case isDeaf
  }

  func passTime(at now: UInt64) -> Measure? {
    guard !hasEnded else { return nil }
    if let due, now >= due { kill() }
    if let since = deafSince, now >= since + Self.silence {
      deafSince = nil
      return .isDeaf
    }
    guard let pause, now >= pause else { return nil }
    self.pause = nil
    return .resume
  }

  /// Nothing is left inside that could connect: what is open is reported as ended, and the process
  /// ends.
  ///
  /// - Parameter time: when that must have happened.
  func finish(by time: UInt64) {
    guard !hasEnded, !isFinishing, !isKilled else { return }
    isFinishing = true
    due = time
    // Its way in ends; what it still sends is taken.
    _ = part.control.withRaw { shutdown($0, Int32(SHUT_WR)) }
  }

  func kill() {
    guard !hasEnded else { return }
    due = nil
    isKilled = true
    hadToldAll = isFinishing && !inbox.isOpen && inbox.fault == nil
    _ = part.pidfd.withRaw { clinux_pidfd_signal($0, SIGKILL) }
  }

  /// Its process has ended: takes what it still had to say, and writes down where that was not all.
  ///
  /// - Returns: how it ended.
  func end(_ loop: borrowing EventLoop, token: UInt64) throws(SystemError) -> ChildEnd {
    let last = Clock.monotonicNanoseconds() + Self.lastTurn
    var isRead = false
    while !isRead, Clock.monotonicNanoseconds() < last {
      if let frame = inbox.next(from: part.control) { _ = take(frame) } else { isRead = true }
    }
    hasEnded = true
    pause = nil
    try rewatch(loop, token: token)
    try part.pidfd.withRaw { (raw) throws(SystemError) in try loop.remove(raw) }
    let ended = try ChildEnd(waitingFor: part.pid, "egress")
    if isReady, let reason = incompleteness(ended, isRead: isRead) {
      book.recordsAreMissing(reason)
    }
    return ended
  }

  /// Why there may have been connections that are not written down; nil where all are.
  private func incompleteness(_ ended: ChildEnd, isRead: Bool) -> String? {
    if hadToldAll { return nil }
    if isKilled { return "it was killed before it had told of all" }
    if let fault = inbox.fault { return "it sent what it may not: \(fault)" }
    if !isRead { return "it had more to tell than could be written in time" }
    if ended.signalled { return "it ended by signal \(ended.status)" }
    if ended.status != 0 || !isFinishing { return "it ended by itself: exit \(ended.status)" }
    return nil
  }
}
