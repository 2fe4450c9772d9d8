/// The names of values that the filter looks at: <linux/socket.h>, <linux/sched.h>,
/// <asm-generic/ioctls.h>, <linux/prctl.h> and others. For people only: nothing is decided by them.
enum ArgumentNames {
  /// - Parameter first: the first argument that the filter looked at, where there was one before.
  static func word(
    for value: UInt32, call: String, argument: Int, first: UInt32?
  ) -> String? {
    switch (call, argument) {
    case ("socket", 2) where first == 16: netlinkProtocols[value] ?? "protocol \(value)"
    case ("socket", 0), ("socketpair", 0): families[value]
    case ("socket", 1): socketTypes[value]
    case ("socket", 2): "protocol \(value)"
    case ("clone", 0): flags(value, namespaces)
    case ("ioctl", 1): requests[value]
    case ("fcntl", 1): value == 1024 ? "F_SETLEASE" : nil
    case ("prlimit64", 0): "process \(value)"
    case ("prctl", 0): processOptions[value]
    case ("prctl", 1): "\(value)"
    case ("seccomp", 0): seccompOperations[value]
    case ("seccomp", 1): flags(value, seccompFlags)
    case ("setsockopt", 1): levels[value]
    case ("setsockopt", 2): "option \(value)"
    case ("mknod", 1), ("mknodat", 2): fileKinds[value]
    default: nil
    }
  }

  /// The names of the bits that are set; what is left over in hexadecimal.
  private static func flags(_ value: UInt32, _ names: [(UInt32, String)]) -> String {
    var rest = value
    var words: [String] = []
    for (bit, name) in names where value & bit != 0 {
      words.append(name)
      rest &= ~bit
    }
    if rest != 0 || words.isEmpty { words.append("0x\(String(rest, radix: 16))") }
    return words.joined(separator: "|")
  }

  private static let families: [UInt32: String] = [
    0: "AF_UNSPEC", 1: "AF_UNIX", 2: "AF_INET", 3: "AF_AX25", 4: "AF_IPX", 5: "AF_APPLETALK",
    8: "AF_ATMPVC", 9: "AF_X25", 10: "AF_INET6", 15: "AF_KEY", 16: "AF_NETLINK", 17: "AF_PACKET",
    20: "AF_ATMSVC", 21: "AF_RDS", 24: "AF_PPPOX", 26: "AF_LLC", 27: "AF_IB", 28: "AF_MPLS",
    29: "AF_CAN", 30: "AF_TIPC", 31: "AF_BLUETOOTH", 33: "AF_RXRPC", 36: "AF_IEEE802154",
    37: "AF_CAIF", 38: "AF_ALG", 39: "AF_NFC", 40: "AF_VSOCK", 41: "AF_KCM", 42: "AF_QIPCRTR",
    43: "AF_SMC", 44: "AF_XDP", 45: "AF_MCTP",
  ]

  private static let socketTypes: [UInt32: String] = [
    1: "SOCK_STREAM", 2: "SOCK_DGRAM", 3: "SOCK_RAW", 4: "SOCK_RDM", 5: "SOCK_SEQPACKET",
    6: "SOCK_DCCP", 10: "SOCK_PACKET",
  ]

  private static let netlinkProtocols: [UInt32: String] = [
    2: "NETLINK_USERSOCK", 4: "NETLINK_SOCK_DIAG", 6: "NETLINK_XFRM", 7: "NETLINK_SELINUX",
    8: "NETLINK_ISCSI", 9: "NETLINK_AUDIT", 10: "NETLINK_FIB_LOOKUP", 11: "NETLINK_CONNECTOR",
    12: "NETLINK_NETFILTER", 14: "NETLINK_DNRTMSG", 15: "NETLINK_KOBJECT_UEVENT",
    16: "NETLINK_GENERIC", 18: "NETLINK_SCSITRANSPORT", 19: "NETLINK_ECRYPTFS", 20: "NETLINK_RDMA",
    21: "NETLINK_CRYPTO", 22: "NETLINK_SMC",
  ]

  private static let namespaces: [(UInt32, String)] = [
    (0x0002_0000, "CLONE_NEWNS"), (0x0200_0000, "CLONE_NEWCGROUP"), (0x0400_0000, "CLONE_NEWUTS"),
    (0x0800_0000, "CLONE_NEWIPC"), (0x1000_0000, "CLONE_NEWUSER"), (0x2000_0000, "CLONE_NEWPID"),
    (0x4000_0000, "CLONE_NEWNET"),
  ]

  private static let requests: [UInt32: String] = [
    0x5412: "TIOCSTI", 0x541C: "TIOCLINUX", 0x541D: "TIOCCONS", 0x5423: "TIOCSETD",
    0x540E: "TIOCSCTTY", 0x5420: "TIOCPKT", 0x8004_5430: "TIOCGPTN", 0x5441: "TIOCGPTPEER",
    0x8914: "SIOCSIFFLAGS", 0x8916: "SIOCSIFADDR", 0x890B: "SIOCADDRT", 0x8946: "SIOCETHTOOL",
    0x4004_6602: "FS_IOC_SETFLAGS", 0xC01C_64A2: "DRM_IOCTL_MODE_ADDFB",
  ]

  private static let processOptions: [UInt32: String] = [
    8: "PR_SET_KEEPCAPS", 9: "PR_GET_FPEMU", 22: "PR_SET_SECCOMP", 24: "PR_CAPBSET_DROP",
    26: "PR_SET_TSC", 28: "PR_SET_SECUREBITS", 31: "PR_TASK_PERF_EVENTS_DISABLE", 33: "PR_MCE_KILL",
    35: "PR_SET_MM", 47: "PR_CAP_AMBIENT", 59: "PR_SET_SYSCALL_USER_DISPATCH",
    62: "PR_SCHED_CORE", 67: "PR_SET_MEMORY_MERGE", 0x5961_6D61: "PR_SET_PTRACER",
  ]

  private static let seccompOperations: [UInt32: String] = [
    0: "SECCOMP_SET_MODE_STRICT", 1: "SECCOMP_SET_MODE_FILTER", 2: "SECCOMP_GET_ACTION_AVAIL",
    3: "SECCOMP_GET_NOTIF_SIZES",
  ]

  private static let seccompFlags: [(UInt32, String)] = [(8, "SECCOMP_FILTER_FLAG_NEW_LISTENER")]

  private static let levels: [UInt32: String] = [
    0: "IPPROTO_IP", 1: "SOL_SOCKET", 6: "IPPROTO_TCP", 17: "IPPROTO_UDP", 41: "IPPROTO_IPV6",
  ]

  private static let fileKinds: [UInt32: String] = [
    0x2000: "S_IFCHR", 0x6000: "S_IFBLK", 0xC000: "S_IFSOCK",
  ]
}
