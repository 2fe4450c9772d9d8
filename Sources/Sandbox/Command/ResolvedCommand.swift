/// A command as it will run inside, and what must be shown there for it to run.
public struct ResolvedCommand: Hashable, Sendable {
  /// The path to execute. Never a version manager's shim, `uvx` or `npx`: what they would have started.
  public let executable: String
  /// The whole argv, the executable's path first.
  public let arguments: [String]
  /// What is shown read-only, each at its own path, directories before what lies in them.
  public let grants: [CommandGrant]
  /// The granted paths that their mode keeps from everyone but their owner: a server with an identity
  /// of its own cannot read them unless their owner is mapped to it.
  public let ownerOnly: [String]
  /// Directories to put in front of the PATH inside: `#!/usr/bin/env NAME` finds NAME there.
  public let searchPath: [String]
  /// The files whose digests make the launch what it is, in the order in which they run.
  public let launchFiles: [LaunchFile]
  /// A sentence for each piece of code that is fetched anew, or whose version nothing fixes.
  public let unpinned: [String]
  /// How the command was found: a line for each decision.
  public let notes: [String]
  /// What may be missing inside, with the option that would add it.
  public let warnings: [String]
}

/// Something of the machine that is shown read-only inside, at its own path.
public struct CommandGrant: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    case file
    /// With everything below it.
    case directory
    /// A symbolic link, to be made inside with this target as written.
    case link(target: String)
  }

  public let path: String
  public let kind: Kind
  public let reason: String

  public init(path: String, kind: Kind, reason: String) {
    self.path = path
    self.kind = kind
    self.reason = reason
  }
}

/// A file that decides what runs.
public struct LaunchFile: Hashable, Sendable {
  public enum Role: String, Hashable, Sendable {
    /// What is executed: a program or a script.
    case executable
    /// What runs a script.
    case interpreter
    /// The file that an interpreter's arguments name.
    case entry
  }

  public let role: Role
  /// Without symbolic links.
  public let path: String

  public init(role: Role, path: String) {
    self.role = role
    self.path = path
  }
}
