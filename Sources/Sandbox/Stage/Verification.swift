import CLinux
import Glibc
import Kernel

/// Looks from inside, a moment before the server starts, whether the sandbox is what the plan said.
///
/// What must fail is tried, not asked for; what must be so is read from the kernel.
struct Verification {
  let expectation: Expectation

  func run() throws(SystemError) {
    try verifyIdentity()
    try verifyStatus()
    try verifyDeniedCalls()
    try verifyNetwork()
    try verifyRoot()
    for cover in expectation.covers { try verify(cover) }
    try verifyControlGroups()
  }

  /// A check that found a thing not to be so: there is no errno to tell.
  func require(_ holds: Bool, _ subject: @autoclosure () -> String) throws(SystemError) {
    guard holds else { throw SystemError(step: "verify", subject: subject(), errno: Errno(0)) }
  }

  private func verifyIdentity() throws(SystemError) {
    let uids = (getuid(), geteuid())
    try require(uids == (expectation.uid, expectation.uid), "uid is \(uids)")
    let gids = (getgid(), getegid())
    try require(gids == (expectation.gid, expectation.gid), "gid is \(gids)")
    if expectation.noGroups {
      let groups = clinux_group_count()
      try require(groups == 0, "\(groups) supplementary groups are left")
    } else {
      // CVE-2014-8989: a server that could drop a group would pass a denial of that group.
      let word = try Files.read("/proc/self/setgroups", limit: 64)
      try require(word.starts(with: "deny".utf8), "setgroups is not denied")
    }
    try require(getsid(0) == getpid(), "the session is not its own")
  }

  private func verifyStatus() throws(SystemError) {
    let status = try Files.read("/proc/self/status", limit: 65_536)
    for set in ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"] {
      let value = Self.value(of: set, in: status)
      try require(
        !value.isEmpty && value.allSatisfy { $0 == UInt8(ascii: "0") }, "\(set) is \(text(value))")
    }
    let privileges = Self.value(of: "NoNewPrivs", in: status)
    try require(privileges == [UInt8(ascii: "1")], "NoNewPrivs is \(text(privileges))")
    let filter = Self.value(of: "Seccomp", in: status)
    try require(filter == [UInt8(ascii: "2")], "Seccomp is \(text(filter))")
  }

  /// What stands behind the name, the colon and the tabulator; empty where there is no such line.
  private static func value(of field: String, in status: [UInt8]) -> ArraySlice<UInt8> {
    var rest = status[...]
    while !rest.isEmpty {
      let line = rest.prefix { $0 != UInt8(ascii: "\n") }
      if line.starts(with: field.utf8), line.dropFirst(field.utf8.count).first == UInt8(ascii: ":")
      {
        return line.dropFirst(field.utf8.count + 1).drop { $0 == UInt8(ascii: "\t") }
      }
      rest = rest[line.endIndex...].dropFirst()
    }
    return []
  }

  private func text(_ value: ArraySlice<UInt8>) -> String {
    value.isEmpty ? "missing" : String(decoding: value, as: UTF8.self)
  }

  private func verifyDeniedCalls() throws(SystemError) {
    try mustFail("unshare", "(CLONE_NEWUSER)", EPERM) { clinux_unshare(clinux_user_namespace) }
    try mustFail("mount", " on /tmp", EPERM) { unsafe clinux_mount_probe("/tmp") }
    try mustFail("keyctl", "", EPERM) { clinux_join_session_keyring() }
    try mustFail("socket", "(AF_PACKET)", EAFNOSUPPORT) {
      socket(AF_PACKET, Int32(SOCK_RAW.rawValue), 0)
    }
    try mustFail("mkdir", " /cordon", EROFS) { unsafe mkdir("/cordon", 0o755) }
  }

  func mustFail(
    _ call: String, _ detail: String, _ expected: Int32, _ body: () -> Int32
  ) throws(SystemError) {
    if isChanged(call) { return }
    let result = body()
    let errno = Errno.current
    try require(result == -1, "\(call)\(detail) succeeded")
    guard errno.code == expected else {
      throw SystemError(step: "verify", subject: "\(call)\(detail) failed otherwise", errno: errno)
    }
  }

  func isChanged(_ call: String) -> Bool {
    expectation.changedCalls.contains { $0.utf8.elementsEqual(call.utf8) }
  }

  private func verifyNetwork() throws(SystemError) {
    // 192.0.2.0/24 is for documentation (RFC 5737). Connecting a datagram socket sends nothing.
    let raw = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    let errno = Errno.current
    // A profile that denies sockets leaves nothing to look with; one that allows more of them does.
    if raw < 0, isChanged("socket") { return }
    guard raw >= 0 else { throw SystemError(step: "socket", subject: "AF_INET", errno: errno) }
    defer { close(raw) }
    for interface in try NetworkInterface.all() {
      try require(interface.isExpected, "the network interface \(interface)")
    }
    if expectation.hasEgress {
      try verifyEgress()
    } else {
      try mustFail("connect", " to 192.0.2.1", ENETUNREACH) { clinux_connect_probe(raw) }
    }
  }

  /// Whatever cgroups there are, the server sees its own as the root of each, and nothing above.
  private func verifyControlGroups() throws(SystemError) {
    let bytes = try Files.read("/proc/self/cgroup", limit: 65_536)
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      let path = line.split(
        separator: UInt8(ascii: ":"), maxSplits: 2, omittingEmptySubsequences: false
      ).last
      try require(
        path?.elementsEqual("/".utf8) == true,
        "a cgroup is not the root of its namespace: \(String(decoding: line, as: UTF8.self))")
    }
  }

  private func verifyRoot() throws(SystemError) {
    let entries = try Files.list("/")
    try require(
      entries == expectation.rootEntries,
      "the root holds \(entries.joined(separator: " "))")
  }
}
