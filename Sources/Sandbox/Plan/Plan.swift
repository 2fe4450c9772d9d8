/// Everything the stage does and then runs, as a value: what `--dry-run` prints and tests compare.
public struct Plan: Equatable, Sendable {
  public var steps: [Step]
  public var program: ServerProgram
  /// The server's UID and GID as the sandbox knows them.
  public var insideUID: UInt32
  public var insideGID: UInt32
  /// Whether a witness answers for the filter, and tells what it refuses: `--verbose`.
  public var isWitnessed: Bool

  /// Whether the machine's Landlock stands behind the mounts, and behind Cordon's own parts.
  public var hasLandlock: Bool {
    steps.contains { if case .landlock = $0 { true } else { false } }
  }

  public init(
    steps: [Step], program: ServerProgram, insideUID: UInt32, insideGID: UInt32,
    isWitnessed: Bool = false
  ) {
    self.steps = steps
    self.program = program
    self.insideUID = insideUID
    self.insideGID = insideGID
    self.isWitnessed = isWitnessed
  }
}

/// What is executed inside, with its whole environment.
public struct ServerProgram: Equatable, Sendable {
  public struct Variable: Equatable, Sendable {
    public let name: String
    public let value: [UInt8]
    /// The value is a credential: it is never printed.
    public let isSecret: Bool

    public init(name: String, value: [UInt8], isSecret: Bool = false) {
      self.name = name
      self.value = value
      self.isSecret = isSecret
    }
  }

  public let executable: String
  /// `arguments[0]` included.
  public let arguments: [String]
  public let environment: [Variable]

  public init(executable: String, arguments: [String], environment: [Variable]) {
    self.executable = executable
    self.arguments = arguments
    self.environment = environment
  }
}
