import CLinux
import Glibc
public import Kernel

/// What one of Cordon's own processes takes from itself once it needs no more, and how it makes sure
/// that it is gone: what must fail is tried before anything hostile is read.
///
/// In this order: limits, not dumpable, capabilities, `no_new_privs`, Landlock, the system call
/// filter. The process has one thread.
public struct SelfConfinement: Sendable {
  /// The process's part, for errors.
  public let part: String
  /// Kept where the process has it.
  public let capabilities: [Privileges.Capability]
  /// Limits of `setrlimit(2)`: the resource's number, and the value for both, soft and hard.
  public let limits: [Limit]
  /// What stays within reach by name.
  public let paths: [PathRule]
  /// What the process must not reach outside its own; signals stay where it has to send some.
  public let scopes: Landlock.Scopes
  /// What is left of TCP.
  public let tcp: Landlock.TCP
  /// Nil only where the kernel has none and that was accepted by name.
  public let landlock: Landlock?

  public struct Limit: Sendable {
    public let name: String
    public let resource: Int32
    public let value: UInt64

    public init(_ name: String, _ resource: Int32, _ value: UInt64) {
      self.name = name
      self.resource = resource
      self.value = value
    }
  }

  public init(
    of part: String, keeping capabilities: [Privileges.Capability] = [], limits: [Limit] = [],
    paths: [PathRule] = [], scopes: Landlock.Scopes, tcp: Landlock.TCP = .denied,
    landlock: Landlock?
  ) {
    self.part = part
    self.capabilities = capabilities
    self.limits = limits
    self.paths = paths
    self.scopes = scopes
    self.tcp = tcp
    self.landlock = landlock
  }

  /// - Parameter installFilter: installs the process's filter, under which `getppid` fails.
  /// - Throws: the step that failed, or that was found to be without effect. The process must end
  ///   then.
  public func enter(
    installing installFilter: () throws(SystemError) -> Void
  ) throws(SystemError) {
    for limit in limits {
      try check("\(part): limit", limit.name) {
        clinux_set_rlimit(limit.resource, limit.value, limit.value)
      }
    }
    let kept = try Privileges.giveUpAll(but: capabilities)
    try check("\(part): prctl", "PR_SET_NO_NEW_PRIVS") { clinux_no_new_privileges() }
    try restrictPaths()
    try Privileges.verify(only: kept)
    // After the last change of identity or capabilities, which may make a process dumpable again.
    try check("\(part): prctl", "PR_SET_DUMPABLE") { clinux_not_dumpable() }
    try require(clinux_dumpable() == 0, "still dumpable")
    try installFilter()
    try verifyFilter()
  }

  private func restrictPaths() throws(SystemError) {
    guard let landlock else { return }
    // The proof must be able to fail: before the wall everybody can open this.
    try check("\(part): landlock", "/dev/null") { Self.open("/dev/null") }
    try landlock.restrict(to: paths, followsLinks: true, scopes: scopes, tcp: tcp)
    try mustFail("open /dev/null", EACCES) { Self.open("/dev/null") }
    try verifyTCP(landlock)
    for rule in paths where rule.rights.contains(.readDirectory) {
      try check("\(part): landlock", rule.path) { Self.open(rule.path) }
    }
  }

  /// Only what may connect has a socket call left at all: elsewhere the filter is the wall.
  private func verifyTCP(_ landlock: Landlock) throws(SystemError) {
    guard landlock.version >= 4, case .connecting(let ports) = tcp else { return }
    try mustFail("bind a TCP socket", EACCES) { clinux_tcp_probe(0) }
    if let ports, !ports.contains(0) {
      try mustFail("connect to port 0", EACCES) { clinux_tcp_probe(1) }
    }
  }

  /// `getppid` has no reason to fail but a filter's.
  private func verifyFilter() throws(SystemError) {
    try mustFail("getppid", EPERM) { clinux_parent_process() }
  }

  private func mustFail(
    _ subject: String, _ expected: Int32, _ call: () -> Int32
  ) throws(SystemError) {
    let result = call()
    let errno = Errno.current
    try require(result == -1, "\(subject) succeeded")
    try require(errno.code == expected, "\(subject) failed with \(errno.name)")
  }

  private func require(_ holds: Bool, _ subject: String) throws(SystemError) {
    guard holds else {
      throw SystemError(step: "\(part): verify", subject: subject, errno: Errno(0))
    }
  }

  /// Opens a path and closes it again; −1 and errno where it cannot be opened.
  private static func open(_ path: String) -> Int32 {
    let raw = unsafe clinux_open(path, O_RDONLY, 0)
    if raw >= 0 { close(raw) }
    return min(raw, 0)
  }
}
