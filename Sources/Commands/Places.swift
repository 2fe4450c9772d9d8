import Glibc
import Kernel

/// Where Cordon keeps its files: a value, so that nothing else asks the environment.
///
/// Nothing is ever read from the working directory, and `$HOME` does not count: whoever can set it
/// could bring another set of approvals.
public struct Places: Sendable, Equatable {
  /// `servers/NAME.jsonc` and `profiles/NAME.jsonc` are below it.
  public let configuration: String
  /// Approvals and servers' homes are below it.
  public let state: String
  /// The audit logs' directory.
  public let audit: String
  /// The administrator's bounds for all users. The administrator's own configuration has it beside
  /// the rest; nobody else chooses where it is.
  public let policy: String
  /// From the password database; nil where it does not know this user.
  public let home: String?
  /// This user's name there.
  public let account: String?

  public var servers: String { configuration + "/servers" }
  public var profiles: String { configuration + "/profiles" }
  public var approvals: String { state + "/approvals" }
  public var homes: String { state + "/homes" }
  public var locks: String { state + "/locks" }
  public var placeholders: String { state + "/placeholders" }

  public init(
    configuration: String, state: String, audit: String, home: String?, account: String? = nil,
    policy: String = "/etc/cordon/policy.jsonc"
  ) {
    self.configuration = configuration
    self.state = state
    self.audit = audit
    self.home = home
    self.policy = policy
    self.account = account
  }

  /// The definition of a server, whether or not there is one.
  public func definition(of name: String) -> String {
    "\(servers)/\(name).jsonc"
  }

  /// What whoever uses a name holds, and whoever removes it holds alone.
  public func lock(of name: String) -> String { "\(locks)/\(name).lock" }

  /// This process's places.
  public static func current(_ environment: Environment) throws(CommandError) -> Places {
    let uid = getuid()
    let entry: PasswordDatabase.Entry?
    do throws(SystemError) {
      entry = try PasswordDatabase.system().entry(uid: uid)
    } catch {
      throw CommandError(.configuration, "the password database can't be read: \(error)")
    }
    return try resolve(uid: uid, home: entry?.home, account: entry?.name, environment)
  }

  /// - Parameter home: the user's, from the password database.
  /// - Throws: `configuration` where a variable names no absolute path, or no directory follows
  ///   from the user at all.
  public static func resolve(
    uid: UInt32, home: String?, account: String? = nil, _ environment: Environment
  ) throws(CommandError) -> Places {
    let home = home.flatMap { $0.utf8.starts(with: "/".utf8) ? trimmed($0) : nil }
    let chosenState = try override("CORDON_STATE_HOME", environment)
    let configuration: String
    let state: String
    if uid == 0 {
      configuration = try override("CORDON_CONFIG_HOME", environment) ?? "/etc/cordon"
      state = chosenState ?? "/var/lib/cordon"
    } else {
      configuration = try directory(
        "CORDON_CONFIG_HOME", "XDG_CONFIG_HOME", home.map { $0 + "/.config" }, environment)
      state = try directory(
        "CORDON_STATE_HOME", "XDG_STATE_HOME", home.map { $0 + "/.local/state" }, environment)
    }
    // A state directory of its own takes the logs along: nothing of such a run goes elsewhere.
    let audit = uid == 0 && chosenState == nil ? "/var/log/cordon" : state + "/audit"
    return Places(
      configuration: configuration, state: state, audit: audit,
      home: home.map { $0.isEmpty ? "/" : $0 }, account: account,
      policy: uid == 0 ? configuration + "/policy.jsonc" : "/etc/cordon/policy.jsonc")
  }

  private static func directory(
    _ own: String, _ shared: String, _ fallback: String?, _ environment: Environment
  ) throws(CommandError) -> String {
    if let chosen = try override(own, environment) { return chosen }
    // A relative path in an XDG variable is to be ignored (XDG Base Directory Specification).
    if let base = environment.text(of: shared), base.utf8.starts(with: "/".utf8) {
      return trimmed(base) + "/cordon"
    }
    guard let fallback else {
      throw CommandError(
        .configuration, "the password database knows no home directory of this user",
        hint: "set \(own) to an absolute path")
    }
    return fallback + "/cordon"
  }

  private static func override(
    _ name: String, _ environment: Environment
  ) throws(CommandError) -> String? {
    guard let bytes = environment.bytes(of: name), !bytes.isEmpty else { return nil }
    guard let path = String(validating: bytes, as: UTF8.self), path.utf8.starts(with: "/".utf8)
    else {
      throw CommandError(.configuration, "\(name) is not an absolute path")
    }
    return trimmed(path)
  }

  private static func trimmed(_ path: String) -> String {
    var path = Substring(path)
    while path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/") { path.removeLast() }
    return path == "/" ? "" : String(path)
  }
}
