/// What is asked for: a command line, and the surroundings in which its user means it.
public struct CommandRequest: Sendable {
  public var command: String
  public var arguments: [String]
  /// The caller's PATH. Relative and empty entries are not searched: nothing is read from the working
  /// directory that its user did not name.
  public var searchPath: String
  /// From the password database, not from HOME.
  public var home: String
  /// What a relative path in the command line is relative to.
  public var workingDirectory: String
  /// Of the caller's environment: the variables that version managers and caches go by
  /// (`CommandRequest.variables`).
  public var environment: [String: String]

  /// Whether a tool that fetches packages runs inside itself.
  public var fetchesPackages = false

  /// The variables that the finder looks at.
  public static let variables = [
    "NVM_DIR", "PYENV_ROOT", "PYENV_VERSION", "UV_CACHE_DIR", "UV_TOOL_DIR", "XDG_CACHE_HOME",
    "XDG_DATA_HOME", "npm_config_cache",
  ]

  public init(
    command: String, arguments: [String], searchPath: String, home: String,
    workingDirectory: String, environment: [String: String] = [:]
  ) {
    self.command = command
    self.arguments = arguments
    self.searchPath = searchPath
    self.home = home
    self.workingDirectory = workingDirectory
    self.environment = environment
  }

  /// An absolute path from a variable, or the default below the home directory.
  func directory(_ variable: String, or relative: String) -> String {
    if let value = environment[variable], Path.isAbsolute(value) { return Path.normalized(value) }
    return Path.join(home, relative)
  }

  func absolute(_ path: String) -> String {
    Path.normalized(Path.isAbsolute(path) ? path : Path.join(workingDirectory, path))
  }
}
