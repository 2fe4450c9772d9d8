public import Profile

/// The options of `cordon run`, checked as far as a command line alone can be.
///
/// Paths, profiles' names and weaknesses are as typed: resolving them needs the machine, and is the
/// launch's business.
public struct RunOptions: Sendable, Equatable {
  public enum Target: Sendable, Equatable {
    /// A server that `servers/NAME.jsonc` defines.
    case defined(ServerName)
    /// A command given after `--`, an array from end to end; never empty.
    case adHoc(ServerName, command: [String])

    public var name: ServerName {
      switch self {
      case .defined(let name), .adHoc(let name, _): name
      }
    }
  }

  public enum Variable: Sendable, Equatable {
    /// The value that `cordon` itself has.
    case pass(name: String)
    case set(name: String, value: String)

    public var name: String {
      switch self {
      case .pass(let name), .set(let name, _): name
      }
    }
  }

  public struct Secret: Sendable, Equatable {
    /// The variable in the server's environment.
    public let name: String
    /// `env:VARIABLE` or `file:PATH`.
    public let source: String
  }

  public enum Identity: String, Sendable, CaseIterable { case separate, caller }
  public enum FirstUse: String, Sendable, CaseIterable { case ask, trust }

  public let target: Target
  /// Names or paths, in the order of the command line.
  public let profiles: [String]
  public let readOnly: [String]
  public let readWrite: [String]
  /// Destinations, `HOST:PORT`.
  public let allow: [String]
  public let variables: [Variable]
  public let secrets: [Secret]
  /// nil: as the profile says.
  public let identity: Identity?
  public let accept: [String]
  /// nil: as the profile says.
  public let firstUse: FirstUse?
  public let dryRun: Bool
  /// Of `--dry-run`.
  public let format: OutputFormat
  public let verbose: Bool

  public var name: ServerName { target.name }

  /// The options that change the profile, as they were typed, for the loader.
  public var profileOptions: ProfileOptions {
    var options = ProfileOptions()
    options.profiles = profiles
    options.readOnly = readOnly
    options.readWrite = readWrite
    options.allow = allow
    options.environment = variables.map { variable in
      switch variable {
      case .pass(let name): name
      case .set(let name, let value): "\(name)=\(value)"
      }
    }
    options.secrets = secrets.map { "\($0.name)=\($0.source)" }
    options.identity = identity?.rawValue
    options.accept = accept
    options.firstUse = firstUse?.rawValue
    return options
  }

  init(_ arguments: ParsedArguments) throws(CommandError) {
    target = try Self.target(arguments)
    profiles = try Self.texts("profile", arguments)
    readOnly = try Self.texts("read-only", arguments)
    readWrite = try Self.texts("read-write", arguments)
    allow = try Self.texts("allow", arguments)
    var variables: [Variable] = []
    for text in arguments.values("env") { variables.append(try Self.variable(text)) }
    var secrets: [Secret] = []
    for text in arguments.values("secret") { secrets.append(try Self.secret(text)) }
    try Self.checkUnique(variables.map(\.name) + secrets.map(\.name))
    self.variables = variables
    self.secrets = secrets
    identity = arguments.value("identity").flatMap(Identity.init)
    accept = try Self.texts("accept", arguments)
    firstUse = arguments.value("first-use").flatMap(FirstUse.init)
    dryRun = arguments.has("dry-run")
    format = arguments.format
    verbose = arguments.has("verbose")
    if arguments.has("format"), !dryRun {
      throw CommandError(
        .usage, "--format belongs to --dry-run", hint: "a running server's stdout is the protocol")
    }
  }
}
