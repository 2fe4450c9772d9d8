public import Control
public import Kernel

/// How a session ended, and what a server that never answered left as a trace.
public struct SessionOutcome: Equatable, Sendable {
  public let end: SessionEnd
  /// Whether the server answered a handshake.
  public let serverSpoke: Bool
  public let lastWords: LastWords?
  /// A limit that hardly any server survives was reached, and has been told.
  public let hitLimit: Bool
}

/// How a session ended.
public enum SessionEnd: Equatable, Sendable {
  /// A step of the launch failed; nothing of the server ran.
  case notStarted(step: String, subject: String, errno: Errno)
  /// The program is not there inside.
  case programNotFound(String)
  case exited(status: Int32)
  case killed(signal: Int32)
  /// The host closed its end; the server's own status where it ended by itself.
  case hostClosed(serverStatus: Int32?)
  /// The supervisor itself was told to end.
  case interrupted(signal: Int32)
  /// A part of Cordon failed or ended before its time.
  case fault(String)

  /// The status of the contract: the server's own, 128 and the number for a signal, 0 after a
  /// teardown that the host began, 69 for a sandbox that cannot be had, 70 for a fault of ours.
  public var exitStatus: Int32 {
    switch self {
    case .notStarted: 69
    case .programNotFound: 127
    case .exited(let status): status
    case .killed(let signal), .interrupted(let signal): 128 + signal
    case .hostClosed: 0
    case .fault: 70
    }
  }
}

extension SessionEnd {
  /// Whether nothing of the server ever ran.
  var isRefusal: Bool {
    switch self {
    case .notStarted, .programNotFound: true
    case .exited, .killed, .hostClosed, .interrupted, .fault: false
    }
  }

  /// Whether the server ended by itself, and not well where the host had left before.
  var isServersOwn: Bool {
    switch self {
    case .exited, .killed: true
    case .hostClosed(let status): status.map { $0 != 0 } ?? false
    case .notStarted, .programNotFound, .interrupted, .fault: false
    }
  }

  /// The end in a few words, for messages and the audit log.
  public var summary: String {
    switch self {
    case .notStarted(let step, let subject, let errno):
      errno.code == 0 ? "\(step): \(subject)" : "\(step): \(subject): \(errno)"
    case .programNotFound(let path): "execute: \(path): not found inside the sandbox"
    case .exited(let status): "exit \(status)"
    case .killed(let signal): "signal \(signal)"
    case .hostClosed: "the host closed its end"
    case .interrupted(let signal): "signal \(signal)"
    case .fault(let reason): reason
    }
  }
}
