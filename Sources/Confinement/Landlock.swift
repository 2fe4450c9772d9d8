import CLinux
import Glibc
public import Kernel

/// The kernel's own access control for a process that wants less of it: a second wall, which stands
/// also where a mount or a descriptor leads somewhere else than was thought.
///
/// Needs no privilege. What was opened before stays open; what is restricted stays so for good, and
/// for every child.
public struct Landlock: Equatable, Sendable {
  /// The version of the interface, from 1 (Linux 5.13) on.
  public let version: Int

  public init(version: Int) {
    self.version = version
  }

  /// What the running kernel has; nil for none, whether it was not built in or not switched on.
  public static func ofThisKernel() -> Landlock? {
    let version = Int(clinux_landlock_version())
    return version > 0 ? Landlock(version: version) : nil
  }

  /// The first version under which a program can move files between directories (Linux 5.19).
  /// Before it that is forbidden always, which no program expects.
  public static let usableForPrograms = 2

  /// What lies outside a restricted process's own tree of processes.
  public struct Scopes: OptionSet, Sendable {
    public let rawValue: UInt64
    public init(rawValue: UInt64) { self.rawValue = rawValue }
    /// Connecting to abstract Unix sockets of others.
    public static let abstractSockets = Scopes(rawValue: 1)
    /// Signals to others.
    public static let signals = Scopes(rawValue: 2)
  }

  /// What a process may do with TCP, from version 4 on (Linux 6.7).
  public enum TCP: Hashable, Sendable {
    case unrestricted
    /// Neither bind nor connect.
    case denied
    /// Connect, to these ports alone; nil for every port. Bind not.
    case connecting(to: Set<UInt16>?)
  }

  /// Restricts this thread, and what it starts, to these rules: every right that the kernel knows
  /// is denied but for them. `no_new_privs` must be set.
  ///
  /// - Parameters:
  ///   - rules: of paths that are there. A right that this version does not know is left out of a
  ///     rule, and is not denied either.
  ///   - followsLinks: whether a rule's path may lead through symbolic links.
  ///   - tcp: what is left of binding and connecting TCP sockets.
  /// - Throws: for a rule's path that cannot be opened, for a right that its kind of file cannot
  ///   have, and for a kernel that refuses.
  public func restrict(
    to rules: [PathRule], followsLinks: Bool, scopes: Scopes, tcp: TCP
  ) throws(SystemError) {
    let known = PathRights.known(to: version)
    let network = version >= 4 ? tcp.handled : 0
    let scoped = version >= 6 ? scopes.rawValue : 0
    let ruleset = OwnedDescriptor(
      owning: try check("landlock", "rules of version \(version)") {
        clinux_landlock_create(known.rawValue, network, scoped)
      })
    for rule in rules {
      let rights = rule.rights.intersection(known)
      if rights.isEmpty { continue }
      try add(rights, rule.path, followsLinks, to: ruleset)
    }
    if network != 0, case .connecting(let ports?) = tcp {
      for port in ports { try allow(port, in: ruleset) }
    }
    try ruleset.withRaw { (raw) throws(SystemError) in
      // From version 7 on denials are told to the audit system; trying one's own wall is none.
      _ = try check("landlock", "restrict") { clinux_landlock_restrict(raw, version >= 7 ? 1 : 0) }
    }
  }

  private func allow(
    _ port: UInt16, in ruleset: borrowing OwnedDescriptor
  ) throws(SystemError) {
    try ruleset.withRaw { (raw) throws(SystemError) in
      _ = try check("landlock", "port \(port)") {
        clinux_landlock_allow_port(raw, TCP.connect, port)
      }
    }
  }

  private func add(
    _ rights: PathRights, _ path: String, _ followsLinks: Bool,
    to ruleset: borrowing OwnedDescriptor
  ) throws(SystemError) {
    let opened = OwnedDescriptor(
      owning: try check("landlock", path) {
        unsafe clinux_open_beneath(
          AT_FDCWD, path, clinux_o_path, followsLinks ? 0 : clinux_without_links)
      })
    try ruleset.withRaw { (ruleset) throws(SystemError) in
      try opened.withRaw { (raw) throws(SystemError) in
        _ = try check("landlock", path) { clinux_landlock_allow(ruleset, raw, rights.rawValue) }
      }
    }
  }
}

extension Landlock.TCP {
  /// `LANDLOCK_ACCESS_NET_*`.
  fileprivate static let bind: UInt64 = 1
  fileprivate static let connect: UInt64 = 2

  /// What the rules decide; the rest is as without them.
  fileprivate var handled: UInt64 {
    switch self {
    case .unrestricted: 0
    case .denied, .connecting(to: .some): Self.bind | Self.connect
    case .connecting(to: nil): Self.bind
    }
  }
}
