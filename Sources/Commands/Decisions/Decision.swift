import Glibc
import Kernel
import Manifest

/// What is decided about an item.
enum Decision: String, Sendable {
  case approve, reject

  var past: String {
    switch self {
    case .approve: "approved"
    case .reject: "rejected"
    }
  }

  /// One decision, in the record.
  func apply(
    to pin: Pin, in record: inout ServerRecord, by origin: DecisionOrigin
  ) throws(DecisionError) -> DecisionOutcome {
    switch self {
    case .approve: try record.approve(pin.key, digest: pin.digest, by: origin)
    case .reject: try record.reject(pin.key, digest: pin.digest, by: origin)
    }
  }
}

extension DecisionOrigin {
  /// This process's user, now.
  static func person(by command: String) -> DecisionOrigin {
    DecisionOrigin(who: "uid \(getuid())", how: command, at: Clock.timestamp())
  }
}

/// Decisions that were taken, in their order.
struct Decided: Equatable {
  struct Entry: Equatable {
    let pin: Pin
    /// False where it had been decided that way before.
    let isChange: Bool
  }

  var entries: [Entry] = []
  /// Approvals and rejections of another program under the same name, which are gone.
  var dropped = 0
  /// What still waits.
  var waiting = 0
}
