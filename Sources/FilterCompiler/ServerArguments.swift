import Glibc

extension Filter {
  /// Calls whose arguments decide.
  static let serverByArguments: [Group] = [
    // A thread or a child, but none in a namespace of its own: what guards most of the kernel's
    // attack surface is that nobody is root in a user namespace (CVE-2022-0185, CVE-2024-1086).
    // clone3 has its flags in memory, which a filter cannot read: it is absent (ENOSYS).
    Group(
      "threads and children", .allow([0], of: 0, mask: CloneFlag.namespaces, otherwise: EPERM),
      "clone", opens: .grave("children in namespaces of their own")),
    Group(
      "sockets: local, TCP, UDP, and the list of interfaces", socket, "socket",
      opens: .grave("sockets of every family: AF_VSOCK goes round the network namespace")),
    Group(
      "pairs of local sockets",
      .allow([SocketValue.unix], of: 0, otherwise: EAFNOSUPPORT), "socketpair",
      opens: .plain("pairs of sockets of every family, whose modules load on demand")),
    Group(
      "options of sockets", socketOption, "setsockopt",
      opens: .plain("programs for packets, upper-layer protocols and sends without a copy")),
    Group(
      "controls of terminals, descriptors and interfaces", inputOutputControl, "ioctl",
      opens: .plain("every request of every device and file system that the server is given")),
    Group(
      "a process's attributes", processControl, "prctl",
      opens: .plain("every attribute of a process, where it keeps its memory and who traces it")),
    Group(
      "execution domains, without those that undo hardening",
      .allow(Personality.harmless, of: 0, otherwise: EPERM), "personality",
      opens: .plain("memory at known places, and data that is executable")),
    // A device node would be a way to the machine's disks where the mount allows devices.
    Group(
      "FIFOs and plain files",
      .allow(FileKind.regularOrFIFO, of: 1, mask: FileKind.mask, otherwise: EPERM), "mknod",
      opens: devices),
    Group(
      "FIFOs and plain files, below a directory",
      .allow(FileKind.regularOrFIFO, of: 2, mask: FileKind.mask, otherwise: EPERM), "mknodat",
      opens: devices),
    // The next writer of a file waits for whoever holds a lease on it, for 45 seconds by default: also
    // where the server may only read the file, if it is or appears to be the server's.
    Group(
      "flags and locks of descriptors, without leases",
      .match(
        argument: 1, mask: .max, cases: [.init([DescriptorControl.setLease], .fail(EPERM))],
        rest: .allow), "fcntl",
      opens: .plain("leases on files, for which the host's programs wait")),
    // With the caller's identity PID 1 has the server's own UID.
    Group(
      "its own limits, no other process's", .allow([0], of: 0, otherwise: EPERM), "prlimit64",
      opens: .plain("the limits of other processes of its UID, PID 1 among them")),
    Group(
      "a filter on top of this one", seccomp, "seccomp",
      opens: .plain("a listener with which the server answers its children's calls itself")),
  ]

  private static let devices = Opening.plain(
    "device nodes; its missing capability and the mounts stand against it")

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
      // The tables of netfilter (CVE-2021-22555). The kernel says the same to whoever lacks
      // CAP_NET_ADMIN.
      .init(
        SocketValue.internetLevels,
        .match(
          argument: 2, mask: .max, cases: [.init(SocketValue.packetTables, .fail(EPERM))],
          rest: .allow)),
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
      // Mitigations of the processor's faults can be switched on, and not off.
      .init(
        [ProcessControl.setSpeculation],
        .allow(ProcessControl.speculationDisabled, of: 2, otherwise: EPERM)),
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
