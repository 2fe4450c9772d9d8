import Glibc

extension Filter {
  /// Calls whose arguments decide.
  static let serverByArguments: [Group] = [
    // A thread or a child, but none in a namespace of its own: what guards most of the kernel's
    // attack surface is that nobody is root in a user namespace (CVE-2022-0185, CVE-2024-1086).
    // clone3 has its flags in memory, which a filter cannot read: it is absent (ENOSYS) below.
    Group(
      "threads and children", .allow([0], of: 0, mask: CloneFlag.namespaces, otherwise: EPERM),
      "clone"),
    Group("sockets: local, TCP, UDP, and the list of interfaces", socket, "socket"),
    Group(
      "pairs of local sockets",
      .allow([SocketValue.unix], of: 0, otherwise: EAFNOSUPPORT), "socketpair"),
    Group("options of sockets", socketOption, "setsockopt"),
    Group("controls of terminals, descriptors and interfaces", inputOutputControl, "ioctl"),
    Group("a process's attributes", processControl, "prctl"),
    Group(
      "execution domains, without those that undo hardening",
      .allow(Personality.harmless, of: 0, otherwise: EPERM), "personality"),
    // A device node would be a way to the machine's disks where the mount allows devices.
    Group(
      "FIFOs and plain files",
      .allow(FileKind.regularOrFIFO, of: 1, mask: FileKind.mask, otherwise: EPERM), "mknod"),
    Group(
      "FIFOs and plain files, below a directory",
      .allow(FileKind.regularOrFIFO, of: 2, mask: FileKind.mask, otherwise: EPERM), "mknodat"),
    Group("a filter on top of this one", seccomp, "seccomp"),
  ]

  private static let socket = Decision.match(
    argument: 0, mask: .max,
    cases: [
      .init([SocketValue.unix], .allow),
      .init(SocketValue.internet, internetSocket),
      // getifaddrs asks NETLINK_ROUTE. The others (XFRM, netfilter, audit) are where the bugs were:
      // CVE-2023-32233.
      .init(
        [SocketValue.netlink],
        .allow([SocketValue.netlinkRoute], of: 2, otherwise: EPROTONOSUPPORT)),
    ],
    // An allowlist: AF_VSOCK is not namespaced and any UID can open it; AF_ALG, AF_PACKET, AF_RXRPC
    // and more have their own history (CVE-2016-8655, CVE-2020-14386, CVE-2021-26708).
    rest: .fail(EAFNOSUPPORT))

  private static let internetSocket = Decision.match(
    argument: 1, mask: SocketValue.typeMask,
    cases: [
      .init(
        [SocketValue.stream],
        .allow(
          [SocketValue.anyProtocol, SocketValue.tcp], of: 2, otherwise: EPROTONOSUPPORT)),
      .init(
        [SocketValue.datagram],
        .allow(
          [SocketValue.anyProtocol, SocketValue.udp], of: 2, otherwise: EPROTONOSUPPORT)),
      .init([SocketValue.raw], .fail(EPERM)),
    ],
    rest: .fail(ESOCKTNOSUPPORT))

  private static let socketOption = Decision.match(
    argument: 1, mask: .max,
    cases: [
      // Zero-copy sends keep references to pages whose file can change below them.
      .init(
        [SocketValue.levelSocket],
        .match(
          argument: 2, mask: .max,
          cases: [
            .init([SocketValue.zeroCopy], .fail(EOPNOTSUPP)),
            // Code for the kernel to run on each packet, which capture tools alone want.
            .init(SocketValue.programs, .fail(EPERM)),
          ], rest: .allow)),
      // Upper-layer protocols (kernel TLS and others) are modules that load on demand; TLS libraries
      // go on without them. ENOENT is the kernel's word for one that it lacks.
      .init(
        [SocketValue.tcp],
        .match(
          argument: 2, mask: .max,
          cases: [.init([SocketValue.upperLayerProtocol], .fail(ENOENT))], rest: .allow)),
    ],
    rest: .allow)

  private static let inputOutputControl = Decision.match(
    argument: 1, mask: .max,
    cases: [
      .init(
        IOControl.terminal + IOControl.descriptor + IOControl.interface + IOControl.file, .allow),
      .init(IOControl.terminalTakeover, .fail(EPERM)),
    ],
    // What a device says that does not know the request: every program is prepared for it.
    rest: .fail(ENOTTY))

  private static let processControl = Decision.match(
    argument: 0, mask: .max,
    cases: [
      .init(ProcessControl.harmless, .allow),
      .init(
        [ProcessControl.ambientCapabilities],
        .allow([ProcessControl.ambientIsSet], of: 1, otherwise: EPERM)),
      .init(ProcessControl.privileged, .fail(EPERM)),
    ],
    // The kernel's answer to an option that it does not know. PR_SET_PTRACER is among these.
    rest: .fail(EINVAL))

  private static let seccomp = Decision.match(
    argument: 0, mask: .max,
    cases: [
      .init(SeccompOperation.harmless, .allow),
      // With a listener a server would see, and answer, its children's calls by itself.
      .init(
        [SeccompOperation.setModeFilter],
        .match(
          argument: 1, mask: SeccompOperation.newListener, cases: [.init([0], .allow)],
          rest: .fail(EPERM))),
    ],
    rest: .fail(EINVAL))
}
