import Control
import Digest
import Kernel
import Manifest

/// The questions that a session has the program ask: one at a time, each content once.
final class AskerPost {
  /// Items that are asked about in one session; a person who is shown more stops reading.
  static let most = 64

  private let asker: Asker
  private let pins: PinKeeper
  private let tell: (SessionNotice) -> Void
  private var inbox = Inbox(limit: AskerReport.longestFrame)
  private var outbox = Outbox()
  private var asked: Set<Pin> = []
  private var queue: [Pin] = []
  private var current: (number: UInt64, pin: Pin)?
  private var isWithdrawn = false
  private var number: UInt64 = 0
  private var isWatched = false
  private var watchesRoom = false
  private var toldOfMore = false

  init(_ asker: Asker, _ pins: PinKeeper, _ tell: @escaping (SessionNotice) -> Void) {
    self.asker = asker
    self.pins = pins
    self.tell = tell
  }

  func watch(_ loop: borrowing EventLoop, token: UInt64) throws(SystemError) {
    try asker.withControl { (control) throws(SystemError) in
      try control.withRaw { (raw) throws(SystemError) in
        try loop.add(raw, token: token, interest: .readable)
      }
    }
    isWatched = true
  }

  /// What a listing has found to wait.
  func offer(_ waiting: [Pin]) {
    guard isWatched else { return }
    for pin in waiting where pin.key.kind != .launch && !asked.contains(pin) {
      guard asked.count < Self.most else {
        if !toldOfMore {
          toldOfMore = true
          tell(
            .warning(
              "more waits than is asked about one by one", hint: "cordon review \(pins.store.name)")
          )
        }
        return
      }
      asked.insert(pin)
      queue.append(pin)
    }
    askNext()
  }

  /// Somebody else may have decided: who is asked about nothing any more is let go.
  func checkCurrent() {
    guard let current, !isWithdrawn, !pins.isWaiting(current.pin) else { return }
    isWithdrawn = true
    send(.withdraw)
  }

  private func askNext() {
    while current == nil, isWatched, !queue.isEmpty {
      let pin = queue.removeFirst()
      guard let review = pins.review(of: pin) else { continue }
      number += 1
      current = (number, pin)
      isWithdrawn = false
      pins.recordAsked(pin, by: .program)
      let text = review.whole(width: 80).map { $0.text + "\n" }.joined()
      send(
        .ask(
          number: number,
          arguments: [pins.store.name, pin.key.reference, pin.digest.hex],
          text: Self.cut(pins.shownWithoutSecrets(text))))
    }
  }

  /// Far more than anybody reads, and less than a frame.
  private static let longestText = 4 << 20

  private static func cut(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    guard bytes.count > longestText else { return bytes }
    return Array(bytes.prefix(longestText)) + Array("\n[cut: \(bytes.count) bytes in all]\n".utf8)
  }

  private func send(_ order: AskerOrder?) {
    do throws(SystemError) {
      try asker.withControl { (control) throws(SystemError) in
        try outbox.send(order?.frame() ?? [], to: control)
      }
    } catch {
      // Its end comes as an event of its own.
    }
  }

  /// Its socket can be read, or written.
  func handle(
    _ event: EventLoop.Event, _ loop: borrowing EventLoop
  ) throws(SystemError) {
    guard isWatched else { return }
    if event.writable { send(nil) }
    while let frame = asker.withControl({ inbox.next(from: $0) }) {
      do throws(FrameError) {
        take(try AskerReport(frame))
      } catch {
        inbox.giveUp(error)
      }
    }
    askNext()
    if !inbox.isOpen {
      isWatched = false
      try asker.withControl { (control) throws(SystemError) in
        try control.withRaw { (raw) throws(SystemError) in try loop.remove(raw) }
      }
      tell(
        .warning(
          "nobody is asked any more: what starts approval.program has ended",
          hint: "cordon review \(pins.store.name)"))
    }
  }

  /// Watches for room where something is left to send.
  func rewatch(_ loop: borrowing EventLoop, token: UInt64) throws(SystemError) {
    guard isWatched, watchesRoom == outbox.isEmpty else { return }
    watchesRoom = !outbox.isEmpty
    try asker.withControl { (control) throws(SystemError) in
      try control.withRaw { (raw) throws(SystemError) in
        try loop.modify(
          raw, token: token, interest: watchesRoom ? [.readable, .writable] : .readable)
      }
    }
  }

  private func take(_ report: AskerReport) {
    guard let current, current.number == report.number else { return }
    self.current = nil
    let pin = current.pin
    switch report.answer {
    case .approve(let digest), .reject(let digest):
      guard digest == pin.digest else {
        pins.recordAnswer(pin, "another-digest", by: .program)
        return undecided("it names another digest than the one that it was asked about")
      }
      let approves = report.answer == .approve(digest)
      pins.recordAnswer(pin, approves ? "approve" : "reject", by: .program)
      pins.decide(approving: approves, pin, by: .program, program: asker.path)
    case .later:
      pins.recordAnswer(pin, "later", by: .program)
    case .none(let reason):
      pins.recordAnswer(pin, "none", by: .program)
      if !isWithdrawn { undecided(reason) }
    case .failed(let step, let subject, let errno):
      pins.recordAnswer(pin, "failed", by: .program)
      let error = SystemError(step: step, subject: subject, errno: Errno(errno))
      tell(
        .warning(
          "approval.program was not started: \(pins.shown("\(error)"))",
          hint: AskingProgram.hint(step: step)))
    }
  }

  private func undecided(_ reason: String) {
    tell(
      .warning(
        "approval.program decided nothing: \(reason)", hint: "cordon review \(pins.store.name)"))
  }
}
