/// Under whose UID the server runs.
public enum Identity: String, CaseIterable, Sendable {
  /// A UID of the server's own.
  case separate
  /// The caller's UID, isolated by the namespaces alone.
  case caller
}

/// The server's HOME.
public enum HomeKind: String, CaseIterable, Sendable {
  /// Kept between runs, this server's own.
  case `private`
  /// Empty each run.
  case temporary
}

/// The system-call filter that a profile starts from.
public enum SystemCallBase: String, CaseIterable, Sendable {
  case `default`
  /// What language runtimes were measured to need for a server on a pipe, and no more.
  case strict
}

/// What happens to definitions that are seen for the first time.
public enum FirstUse: String, CaseIterable, Sendable {
  case ask, trust
}

/// Whether the host is told that something waits for a person.
public enum Notice: String, CaseIterable, Sendable {
  case show, none
}

/// What becomes of a command that starts a package by its name (`uvx`, `npx`).
public enum PackageRule: String, CaseIterable, Sendable {
  /// What an earlier call outside has installed is started; nothing is fetched.
  case installed
  /// The tool itself runs inside, and fetches what it starts.
  case fetch
}

/// What the audit log keeps of a call's arguments.
public enum AuditArguments: String, CaseIterable, Sendable {
  case omit, digest
}
