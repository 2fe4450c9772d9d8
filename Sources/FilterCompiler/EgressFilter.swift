import Glibc

extension Filter {
  /// What the egress process does once it is confined: take the sandbox's connections, ask for names,
  /// connect, and move bytes.
  ///
  /// No exec, no fork, no signal, no file that is written, no listening socket, and of the socket
  /// families the two of the internet alone. Where connections lead is Landlock's business and its own.
  /// An option of a socket that is not named fails; anything else is a process that someone took over,
  /// and ends it.
  public static let egress = Filter(
    "egress", fallback: .killProcess,
    groups: [
      Group(
        "bytes", .allow, "read readv pread64 recvfrom recvmmsg recvmsg splice write writev"),
      Group("messages that do not connect", sending(flags: 2), "sendmsg"),
      Group("datagrams and bytes that do not connect", sending(flags: 3), "sendmmsg sendto"),
      Group(
        "waiting", .allow,
        """
        epoll_create1 epoll_ctl epoll_pwait epoll_pwait2 epoll_wait poll ppoll timerfd_create
        timerfd_gettime timerfd_settime
        """),
      Group("TCP and UDP", internetSocket, "socket"),
      Group(
        "connections", .allow,
        "accept4 close connect getpeername getsockname getsockopt shutdown"),
      Group("options of sockets", socketOption, "setsockopt"),
      Group("pipes between two sockets", .allow, "pipe2"),
      Group("flags of descriptors, and how much a pipe holds", pipeControl, "fcntl"),
      Group(
        "how many bytes wait",
        .match(
          argument: 1, mask: .max,
          cases: [.init([IOControl.bytesWaiting, IOControl.bytesUnsent], .allow)],
          rest: .action(.killProcess)), "ioctl"),
      // Which ones is Landlock's business: what says how this machine resolves names.
      Group("files, to be read", readingOnly, "openat"),
      Group(
        "what is known of them", .allow,
        "fstat getdents64 lseek newfstatat readlink readlinkat stat lstat statx"),
      // A sort of the C library asks how much memory there is, the resolver what the machine is called.
      Group("the machine's name and memory", .allow, "sysinfo uname"),
      Group("whose it is", .allow, "getegid geteuid getgid getuid"),
    ] + runtime)

  private static let internetSocket = Decision.match(
    argument: 0, mask: .max,
    cases: [
      .init(
        SocketValue.internet,
        .match(
          argument: 1, mask: SocketValue.typeMask,
          cases: [
            .init(
              [SocketValue.stream],
              .match(
                argument: 2, mask: .max,
                cases: [.init([SocketValue.anyProtocol, SocketValue.tcp], .allow)],
                rest: .action(.killProcess))),
            .init(
              [SocketValue.datagram],
              .match(
                argument: 2, mask: .max,
                cases: [.init([SocketValue.anyProtocol, SocketValue.udp], .allow)],
                rest: .action(.killProcess))),
          ], rest: .action(.killProcess)))
    ], rest: .action(.killProcess))

  /// TCP Fast Open connects while it sends, which Landlock's list of ports is not asked about.
  ///
  /// - Parameter flags: which argument they are.
  private static func sending(flags: UInt32) -> Decision {
    .match(
      argument: flags, mask: SocketValue.fastOpen, cases: [.init([0], .allow)],
      rest: .action(.killProcess))
  }

  private static let socketOption = Decision.match(
    argument: 1, mask: .max,
    cases: [
      .init([SocketValue.levelSocket], options(ConnectionOption.ofSockets)),
      .init([SocketValue.tcp], options(ConnectionOption.ofTCP)),
      .init([0], options(ConnectionOption.ofIPv4)),
      .init([41], options(ConnectionOption.ofIPv6)),
    ], rest: .fail(EPERM))

  private static func options(_ names: [UInt32]) -> Decision {
    .allow(names, of: 2, otherwise: EPERM)
  }

  private static let pipeControl = Decision.match(
    argument: 1, mask: .max,
    cases: [
      .init([1, 2, 3, 4], .allow),
      .init([DescriptorControl.setPipeSize, DescriptorControl.getPipeSize], .allow),
    ], rest: .action(.killProcess))

  private static let readingOnly = Decision.match(
    argument: 2, mask: OpenFlag.changing, cases: [.init([0], .allow)],
    rest: .action(.killProcess))
}

/// <asm-generic/socket.h>, <linux/tcp.h>, <linux/in.h>, <linux/in6.h>
private enum ConnectionOption {
  static let ofSockets: [UInt32] = [
    2, 7, 8, 9,  // SO_REUSEADDR, SO_SNDBUF, SO_RCVBUF, SO_KEEPALIVE
    13,  // SO_LINGER
  ]
  static let ofTCP: [UInt32] = [
    1, 3, 4, 5, 6,  // TCP_NODELAY, TCP_CORK, TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT
    12, 18, 25,  // TCP_QUICKACK, TCP_USER_TIMEOUT, TCP_NOTSENT_LOWAT
  ]
  static let ofIPv4: [UInt32] = [8, 11]  // IP_PKTINFO, IP_RECVERR
  static let ofIPv6: [UInt32] = [25, 26, 49]  // IPV6_RECVERR, IPV6_V6ONLY, IPV6_RECVPKTINFO
}
