import Control
import SystemCallFilter

/// A step in words: its name, which errors carry, and its subject.
extension Step {
  public var name: String {
    switch self {
    case .becomeStage: "become-stage"
    case .makeMountsPrivate: "private-mounts"
    case .forbidUserNamespaces: "forbid-user-namespaces"
    case .openSource: "open-source"
    case .newRoot: "new-root"
    case .directory: "directory"
    case .symbolicLink: "symbolic-link"
    case .file: "file"
    case .bind: "bind"
    case .cover: "cover"
    case .temporary: "tmpfs"
    case .processes: "proc"
    case .makeReadOnly: "read-only"
    case .own: "own"
    case .pivot: "pivot-root"
    case .hostName: "host-name"
    case .loopback: "loopback"
    case .egress: "egress"
    case .session: "session"
    case .limit: "limit"
    case .fileModeMask: "umask"
    case .dropBoundingSet: "drop-bounding-set"
    case .lockSecureBits: "lock-securebits"
    case .clearGroups: "clear-groups"
    case .takeIdentity: "take-identity"
    case .dropCapabilities: "drop-capabilities"
    case .noNewPrivileges: "no-new-privileges"
    case .workingDirectory: "working-directory"
    case .closeDescriptors: "close-descriptors"
    case .landlock: "landlock"
    case .filterSystemCalls: "seccomp"
    case .verify: "verify"
    case .execute: "execute"
    }
  }

  /// What the step acts on, for people. Contents of generated files are not part of it.
  public func subject(in plan: Plan) -> String {
    switch self {
    case .becomeStage(let uid, let clearingGroups):
      "uid \(uid)\(clearingGroups ? ", no supplementary groups" : ""), not dumpable"
    case .makeMountsPrivate, .pivot: "/"
    case .forbidUserNamespaces: "/proc/sys/user/max_user_namespaces = 0"
    case .openSource(let source): source.summary
    case .newRoot(let bytes): "tmpfs \(bytes >> 10) KiB"
    case .directory(let path, let mode): "\(path) \(String(mode, radix: 8))"
    case .symbolicLink(let path, let target): "\(path) -> \(target)"
    case .file(let path, _): "\(path) (generated)"
    case .bind(let index, let path, _): plan.bindSubject(index, path)
    case .cover(let cover): cover.summary
    case .temporary(let system): system.summary
    case .processes(let path): "\(path) subset=pid hidepid=ptraceable"
    case .makeReadOnly(let path), .own(let path), .workingDirectory(let path): path
    case .hostName(let name): name
    case .loopback: "lo"
    case .egress(let layout): layout.summary
    case .session: "setsid, keyring, signals, scheduling"
    case .limit(let limit, let soft, let hard):
      soft == hard ? "\(limit.rawValue) \(soft)" : "\(limit.rawValue) \(soft)..\(hard)"
    case .fileModeMask(let mask): "0\(String(mask, radix: 8))"
    case .dropBoundingSet, .dropCapabilities: "all"
    case .lockSecureBits: "noroot, no-setuid-fixup, no-cap-ambient-raise"
    case .clearGroups: "supplementary groups"
    case .takeIdentity(let uid, let gid): "uid \(uid) gid \(gid)"
    case .noNewPrivileges: "prctl"
    case .closeDescriptors: "3 and above"
    case .landlock(let version, let rules): "version \(version): \(PathRules.summary(rules))"
    case .filterSystemCalls(let base, let allow, let deny):
      ([base.title] + allow.map { "+\($0)" } + deny.map { "-\($0)" }).joined(separator: " ")
    case .verify(let expectation):
      "uid \(expectation.uid), no capabilities, denied calls, lo only, root entries"
    case .execute: plan.program.summary
    }
  }
}

extension Source {
  var summary: String {
    var words = [path, readOnly ? "read-only" : "read-write", "nosuid"]
    words.append(devices ? "devices" : "nodev")
    if noExecute { words.append("noexec") }
    if let mappedOwner { words.append("id-mapped from \(mappedOwner.uid):\(mappedOwner.gid)") }
    return words.joined(separator: " ")
  }
}

extension EgressLayout {
  var summary: String {
    let ports = Set(sockets.filter { $0.purpose == .destination }.map(\.port)).sorted()
    var words = ["\(names.count) names", "\(sockets.count) sockets"]
    if !ports.isEmpty { words.append("ports " + ports.map(String.init).joined(separator: " ")) }
    words.append(requiresRedirection ? "every other port" : "other ports told where possible")
    return words.joined(separator: ", ")
  }
}

extension Cover {
  var summary: String {
    switch kind {
    case .readOnly: "\(path) read-only"
    case .pinned: "\(path) held in its place"
    case .hidden: "\(path) hidden"
    }
  }
}

extension TemporaryFileSystem {
  fileprivate var summary: String {
    "\(path) \(bytes >> 10) KiB \(String(mode, radix: 8)) nosuid nodev"
      + (noExecute ? " noexec" : "")
  }
}

extension ServerProgram {
  fileprivate var summary: String {
    // JSON-like quoting shows where an argument begins and ends.
    ([executable] + arguments.dropFirst()).map { "\"\($0)\"" }.joined(separator: " ")
  }
}

extension Plan {
  /// The sources in the order in which `bind` counts them.
  public var sources: [Source] {
    steps.compactMap { if case .openSource(let source) = $0 { source } else { nil } }
  }

  fileprivate func bindSubject(_ index: Int, _ path: String) -> String {
    let sources = sources
    guard sources.indices.contains(index) else { return "\(path) from source \(index)" }
    return sources[index].path == path ? path : "\(path) from \(sources[index].path)"
  }
}
