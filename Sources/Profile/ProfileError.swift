/// Why a profile or a server's definition can't be used.
public struct ProfileError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Reason: String, Hashable, Sendable {
    case syntax, unknownKey, repeatedKey, missingKey, wrongType, impossibleValue
    case badSize, badDuration, badPath, badName, badVariable, steeringVariable, badSource
    case badDestination
    case notEnforced, programNotAllowed, exceedsPolicy
    case cycle, conflict, notGranted
    case noSuchProfile, noSuchServer, unreadable
  }

  public let reason: Reason
  /// Lower case, without position, safe for a terminal.
  public let message: String
  /// Absent where the error has no place, such as a file that does not exist.
  public let origin: Origin?
  /// What the reader can do, without the word `hint:`.
  public let hint: String?

  init(_ reason: Reason, _ message: String, at origin: Origin? = nil, hint: String? = nil) {
    self.reason = reason
    self.message = message
    self.origin = origin
    self.hint = hint
  }

  /// A source that is none may be the secret itself: its line is not shown.
  init(_ fault: ValueFault, at origin: Origin) {
    var origin = origin
    if fault.reason == .badSource, case .file(let position) = origin {
      origin = .file(position.withoutText)
    }
    self.init(fault.reason, fault.message, at: origin, hint: fault.hint)
  }

  /// 66 for a server that is not defined, 64 for a bad option, 78 for everything in a file.
  public var exitCode: Int32 {
    switch (reason, origin) {
    case (.noSuchServer, _): 66
    case (.notEnforced, _), (.noSuchProfile, _), (.unreadable, _): 78
    case (_, .option): 64
    default: 78
    }
  }

  /// Where it stands, `FILE:LINE:COLUMN`; nil where that is not a file.
  public var position: Position? {
    guard case .file(let position) = origin else { return nil }
    return position
  }

  /// What follows `cordon: error: `: position, message, and below them the line with a caret.
  public var description: String {
    switch origin {
    case .file(let position):
      "\(position.file):\(position.line):\(position.column): \(message)"
        + (position.excerpt.map { "\n  \($0.text)\n  \($0.caret)" } ?? "")
    case .option(let name): "\(name): \(message)"
    case .builtIn, nil: message
    }
  }
}

/// What is wrong with a value, before it is known where the value stands.
struct ValueFault: Error {
  let reason: ProfileError.Reason
  let message: String
  let hint: String?

  init(_ reason: ProfileError.Reason, _ message: String, hint: String? = nil) {
    self.reason = reason
    self.message = message
    self.hint = hint
  }
}
