import CLinux
import Glibc
import Kernel

/// What of this machine and this process explains why the kernel refused a step.
///
/// Read once something has failed, before the supervisor confines itself, and by `cordon doctor`.
/// Each fact that cannot be read is as if it were the usual one.
public struct MachineFacts: Equatable, Sendable {
  public var isRoot = false
  public var release = KernelRelease("6.12")
  /// `/proc` is mounted.
  public var hasProcesses = true
  /// `no_new_privs`, which a service with NoNewPrivileges=yes has: set-UID programs gain nothing.
  public var hasNoNewPrivileges = false
  /// A system call filter was there before Cordon: a container's or a service's.
  public var isFiltered = false
  /// Not the machine's own user namespace, or not all of its IDs.
  public var isInUserNamespace = false
  /// By the marks that engines leave; nil for none.
  public var container: String?
  /// Effective, as bits.
  public var capabilities = UInt64.max
  /// The limits of namespaces that are zero, as names of sysctls.
  public var exhausted: [String] = []
  /// `kernel.unprivileged_userns_clone` is 0, on kernels that have it.
  public var refusesUnprivilegedNamespaces = false
  /// `kernel.apparmor_restrict_unprivileged_userns` is 1.
  public var isRestrictedByAppArmor = false
  /// Whether `newuidmap` and `newgidmap` are set-UID or have capabilities of their own.
  public var areHelpersPrivileged = true
  /// This program's own file.
  public var executable = "/usr/bin/cordon"

  public init() {}

  /// Whether an engine's or a service manager's rules may stand in the way. (A call that does not
  /// exist is a filter's doing, or the kernel's age.)
  var isConfined: Bool { isFiltered || container != nil }

  func has(_ capability: Capability) -> Bool { capabilities & (1 << capability.rawValue) != 0 }

  /// Those that a launch by root needs (`linux/capability.h`).
  enum Capability: UInt64, CaseIterable {
    case chown = 0
    case setGID = 6
    case setUID = 7
    case systemAdministration = 21

    var name: String {
      switch self {
      case .chown: "CAP_CHOWN"
      case .setGID: "CAP_SETGID"
      case .setUID: "CAP_SETUID"
      case .systemAdministration: "CAP_SYS_ADMIN"
      }
    }
  }

  /// The names of those that root should have here and does not.
  public var missingCapabilities: [String] {
    isRoot ? Capability.allCases.filter { !has($0) }.map(\.name) : []
  }

  /// As this process found them when it first asked. Whoever confines itself asks before: it would
  /// see its own walls, and take them for the machine's.
  public static let here = gather()

  private static func gather() -> MachineFacts {
    var facts = MachineFacts()
    facts.isRoot = geteuid() == 0
    facts.release = .current()
    facts.hasProcesses = Files.exists("/proc/self/status")
    let status = fields(of: "/proc/self/status")
    facts.hasNoNewPrivileges = status["NoNewPrivs"] == "1"
    facts.isFiltered = status["Seccomp"] == "2"
    if let set = status["CapEff"], let bits = UInt64(set, radix: 16) { facts.capabilities = bits }
    let map = text("/proc/self/uid_map")?.split(whereSeparator: \.isWhitespace)
    facts.isInUserNamespace = map.map { $0 != ["0", "0", "4294967295"] } ?? false
    facts.container = container()
    for kind in ["user", "mnt", "pid", "net", "ipc", "uts", "cgroup"] {
      let name = "user.max_\(kind)_namespaces"
      if text("/proc/sys/user/max_\(kind)_namespaces") == "0" { facts.exhausted.append(name) }
    }
    facts.refusesUnprivilegedNamespaces =
      text("/proc/sys/kernel/unprivileged_userns_clone") == "0"
    facts.isRestrictedByAppArmor =
      text("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == "1"
    facts.areHelpersPrivileged = ["newuidmap", "newgidmap"].allSatisfy(isPrivileged)
    if let path = executablePath() { facts.executable = path }
    return facts
  }

  private static func container() -> String? {
    let marks = [("/.dockerenv", "Docker"), ("/run/.containerenv", "Podman")]
    return marks.first { Files.exists($0.0) }?.1 ?? text("/run/systemd/container")
  }

  /// A helper that is not there is another failure.
  private static func isPrivileged(_ helper: String) -> Bool {
    let path: String
    do throws(IdentityError) {
      path = try Identity.find(helper)
    } catch {
      return true
    }
    if unsafe clinux_has_file_capabilities(path) == 1 { return true }
    do throws(SystemError) {
      return try Files.status(path).mode & 0o4000 != 0
    } catch {
      return true
    }
  }

  private static func executablePath() -> String? {
    do throws(SystemError) {
      return try Files.readLink("/proc/self/exe")
    } catch {
      return nil
    }
  }

  private static func fields(of path: String) -> [String: String] {
    var fields: [String: String] = [:]
    for line in (text(path) ?? "").split(separator: "\n") {
      guard let colon = line.firstIndex(of: ":") else { continue }
      fields[String(line[..<colon])] = trimmed(line[line.index(after: colon)...])
    }
    return fields
  }

  /// Nil for what cannot be read, which explains nothing.
  private static func text(_ path: String) -> String? {
    do throws(SystemError) {
      return trimmed(String(decoding: try Files.read(path, limit: 65_536), as: UTF8.self)[...])
    } catch {
      return nil
    }
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text.drop { $0.isWhitespace }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
