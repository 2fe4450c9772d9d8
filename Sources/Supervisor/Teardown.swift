/// What ends a session, and when each measure is due. Pure: the session's loop asks it.
struct Teardown: Equatable {
  enum Cause: Equatable {
    /// Waits for the server to see its end of input.
    case hostClosed
    case signal(Int32)
    /// The server closed its output and lives on, though nobody can hear it any more.
    case outputClosed
    /// A part of Cordon failed: nobody speaks to the server any more.
    case fault(String)
  }

  enum Measure: Equatable {
    case terminateServer
    case killSandbox
  }

  /// Nanoseconds of patience with a server whose input has ended.
  static let grace: UInt64 = 2_000_000_000
  /// Between SIGTERM and the end, where the host is in no hurry.
  static let afterTerminate: UInt64 = 1_000_000_000
  /// The same where it is: a host that signals kills within 100 ms.
  static let afterSignal: UInt64 = 50_000_000

  let cause: Cause
  let begun: UInt64
  private var due: [(at: UInt64, measure: Measure)]

  init(_ cause: Cause, now: UInt64) {
    self.cause = cause
    begun = now
    switch cause {
    case .hostClosed, .outputClosed:
      due = [
        (now + Self.grace, .terminateServer),
        (now + Self.grace + Self.afterTerminate, .killSandbox),
      ]
    case .signal:
      due = [(now, .terminateServer), (now + Self.afterSignal, .killSandbox)]
    case .fault:
      due = [(now, .killSandbox)]
    }
  }

  /// When the next measure is due; nil once all have been taken.
  var next: UInt64? { due.first?.at }

  /// The measures whose time has come. Each is given once.
  mutating func take(now: UInt64) -> [Measure] {
    var measures: [Measure] = []
    while let first = due.first, first.at <= now {
      measures.append(first.measure)
      due.removeFirst()
    }
    return measures
  }

  static func == (left: Teardown, right: Teardown) -> Bool {
    left.cause == right.cause && left.due.map(\.at) == right.due.map(\.at)
  }
}
