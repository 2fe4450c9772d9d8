import Profile

/// Why a command ended early: the status, one sentence and, where there is one, the way out.
public struct CommandError: Error, Equatable, Sendable {
  public let exitCode: ExitCode
  /// Lower case, without a final period; printed after `cordon: error: `.
  public let message: String
  /// What the reader can do about it; printed after `hint: `.
  public let hint: String?

  public init(_ exitCode: ExitCode, _ message: String, hint: String? = nil) {
    self.exitCode = exitCode
    self.message = message
    self.hint = hint
  }
}

extension CommandError {
  /// A profile or a definition that can't be used, with the code that it names.
  init(profileFailure error: ProfileError) {
    self.init(
      ExitCode(rawValue: error.exitCode) ?? .configuration, error.description, hint: error.hint)
  }
}
