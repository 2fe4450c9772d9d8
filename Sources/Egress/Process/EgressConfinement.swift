import CLinux
import Confinement
import Control
import Glibc
import Kernel
import SystemCallFilter

/// What the egress process takes from itself before it reads its first hostile byte.
enum EgressConfinement {
  /// Bytes of address space: what it holds of a thousand connections is far less.
  private static let space: UInt64 = 1 << 30
  /// The socket inside and the one outside, and a pipe's two ends in each direction. While it is
  /// being connected there are no pipes, but an attempt at each of a few addresses.
  static let descriptorsOfConnection = max(2 + 2 * 2, 1 + Dialer.mostUnderWay)
  /// The standard three, epoll, netlink, and what asks servers of names; and who asks for names
  /// over TCP, and the pipes that are kept.
  private static let otherDescriptors =
    64 + EgressLoop.mostQuestioners + 2 * PipePool.mostSpare

  /// Makes room for so many connections as descriptors may be had here, and never for more than the
  /// configuration says.
  static func makeRoom(for configuration: inout EgressConfiguration) throws(SystemError) {
    var soft: UInt64 = 0
    var hard: UInt64 = 0
    try check("egress: limit", "open files") {
      unsafe clinux_get_rlimit(clinux_rlimit_nofile, &soft, &hard)
    }
    let others = otherDescriptors + configuration.layout.sockets.count
    let wanted = others + descriptorsOfConnection * max(1, configuration.limits.connections)
    let room = min(Int(clamping: hard), wanted)
    guard room >= others + descriptorsOfConnection else {
      throw SystemError(step: "egress: limit", subject: "open files", errno: Errno(EMFILE))
    }
    configuration.limits.connections = (room - others) / descriptorsOfConnection
    try check("egress: limit", "open files") {
      clinux_set_rlimit(clinux_rlimit_nofile, UInt64(room), UInt64(room))
    }
  }

  /// - Throws: the step that failed; nothing hostile may be read then.
  static func enter(_ configuration: EgressConfiguration) throws(SystemError) {
    let landlock = Landlock.ofThisKernel()
    if landlock == nil && configuration.requiresLandlock {
      throw SystemError(step: "egress: landlock", subject: "version", errno: Errno(ENOSYS))
    }
    let confinement = SelfConfinement(
      of: "egress",
      limits: [
        .init("core", clinux_rlimit_core, 0), .init("processes", clinux_rlimit_nproc, 0),
        .init("locked memory", clinux_rlimit_memlock, 0),
        .init("file size", clinux_rlimit_fsize, 0),
        .init("address space", clinux_rlimit_as, space),
      ],
      paths: paths(), scopes: [.abstractSockets, .signals],
      tcp: .connecting(to: ports(configuration.rules)), landlock: landlock)
    try confinement.enter { () throws(SystemError) in try FilterProgram.egress.install() }
  }

  /// Nil where a rule grants every port.
  static func ports(_ rules: [EgressRule]) -> Set<UInt16>? {
    var ports: Set<UInt16> = [53]
    for rule in rules {
      guard let port = rule.port else { return nil }
      ports.insert(port)
    }
    return ports
  }

  /// How this machine resolves names: directories, since the files are replaced and not written. The
  /// resolver library takes what its queries are numbered by from the kernel's random source.
  private static func paths() -> [PathRule] {
    var paths = [PathRule("/etc", .readFile)]
    paths += resolverPaths().map { PathRule($0, .readFile) }
    if Files.exists("/dev/urandom") { paths.append(PathRule("/dev/urandom", .readFile)) }
    return paths
  }

  /// Where the usual writers of `resolv.conf` keep it. One may be there that the link in `/etc` leads to
  /// only later, when a network comes or changes.
  static let usualDirectories = [
    "/run/systemd/resolve", "/run/NetworkManager", "/run/resolvconf",
  ]

  /// What of the resolver's configuration is not below `/etc`: the usual directories, and the one that
  /// the link leads to, also where its file is not there yet.
  static func resolverPaths(
    _ link: String = "/etc/resolv.conf", usual: [String] = usualDirectories
  ) -> [String] {
    var paths = usual.filter(Files.exists)
    let file: String
    do throws(SystemError) {
      file = try destination(of: link)
    } catch {
      // It leads nowhere: then the resolver asks a server of this machine's.
      return paths
    }
    let directory = Files.parent(of: file)
    let isBelow = (directory + "/").utf8.starts(with: "/etc/".utf8)
    // All of `/run` or `/tmp` is more than one file may bring: it alone then, as it is now.
    let isWide = directory.utf8.lastIndex(of: UInt8(ascii: "/")) == directory.startIndex
    let path = isWide ? file : directory
    if !isBelow, Files.exists(path), !paths.contains(where: { $0.utf8.elementsEqual(path.utf8) }) {
      paths.append(path)
    }
    return paths
  }

  /// Where a link leads, free of links but for a last part that is not there.
  private static func destination(of link: String) throws(SystemError) -> String {
    if Files.exists(link) { return try Files.realPath(link) }
    let target = try Files.readLink(link)
    let path =
      target.utf8.first == UInt8(ascii: "/") ? target : Files.parent(of: link) + "/" + target
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
    return try Files.realPath(Files.parent(of: path)) + path[slash...]
  }
}
