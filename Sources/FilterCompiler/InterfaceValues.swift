// Values of the kernel's interface that filters compare with. All of them are in the generic headers
// and the same on every architecture that Cordon is built for; macros with casts and sizes are not
// imported from C, so they are written out.

/// `CLONE_NEW*` as clone(2) takes them: <linux/sched.h>. CLONE_NEWTIME shares its bit with the exit
/// signal and cannot be given to clone(2).
enum CloneFlag {
  static let namespaces: UInt32 = 0x7E02_0000
}

/// <linux/ioctl.h> and <asm-generic/ioctls.h>
enum IOControl {
  static let terminal: [UInt32] = [
    0x5401,  // TCGETS: isatty()
    0x5402, 0x5403, 0x5404,  // TCSETS, TCSETSW, TCSETSF
    0x5409, 0x540A, 0x540B,  // TCSBRK, TCXONC, TCFLSH
    0x540F, 0x5410,  // TIOCGPGRP, TIOCSPGRP
    0x5411,  // TIOCOUTQ
    0x5413, 0x5414,  // TIOCGWINSZ, TIOCSWINSZ
    0x5422,  // TIOCNOTTY
    0x5429,  // TIOCGSID
    0x8004_5430, 0x4004_5431,  // TIOCGPTN, TIOCSPTLCK: a private devpts, where there is one
    0x802C_542A, 0x402C_542B, 0x402C_542C, 0x402C_542D,  // TCGETS2, TCSETS2, TCSETSW2, TCSETSF2
  ]
  static let bytesWaiting: UInt32 = 0x541B  // FIONREAD
  static let bytesUnsent: UInt32 = 0x5411  // SIOCOUTQ
  static let descriptor: [UInt32] = [
    bytesWaiting,
    0x5421,  // FIONBIO
    0x5450, 0x5451,  // FIONCLEX, FIOCLEX
    0x5452,  // FIOASYNC
    0x5460,  // FIOQSIZE
  ]
  /// SIOCGIF*: what getifaddrs and if_nametoindex ask.
  static let interface: [UInt32] = [
    0x8905,  // SIOCATMARK
    0x8910,  // SIOCGIFNAME
    0x8912,  // SIOCGIFCONF
    0x8913,  // SIOCGIFFLAGS
    0x8915, 0x8917, 0x8919, 0x891B,  // SIOCGIFADDR, -DSTADDR, -BRDADDR, -NETMASK
    0x891D,  // SIOCGIFMETRIC
    0x8921,  // SIOCGIFMTU
    0x8927,  // SIOCGIFHWADDR
    0x8933,  // SIOCGIFINDEX
    0x8942,  // SIOCGIFTXQLEN
  ]
  static let file: [UInt32] = [
    0x4004_9409, 0x4020_940D,  // FICLONE, FICLONERANGE
    0x8008_6601,  // FS_IOC_GETFLAGS
  ]
  /// They put words into the terminal that the user types at next, or take it over: CVE-2017-5226,
  /// CVE-2019-10063, CVE-2023-28100.
  static let terminalTakeover: [UInt32] = [
    0x5412,  // TIOCSTI
    0x541C,  // TIOCLINUX
    0x541D,  // TIOCCONS
    0x5423,  // TIOCSETD
  ]
}

/// <linux/fcntl.h>
enum DescriptorControl {
  static let setLease: UInt32 = 1024  // F_SETLEASE
  static let setPipeSize: UInt32 = 1031  // F_SETPIPE_SZ
  static let getPipeSize: UInt32 = 1032  // F_GETPIPE_SZ
}

/// <asm-generic/fcntl.h>
enum OpenFlag {
  /// O_ACCMODE, O_CREAT, O_TRUNC and the bit of O_TMPFILE.
  static let changing: UInt32 = 0x3 | 0x40 | 0x200 | 0x40_0000
}

/// <linux/prctl.h>
enum ProcessControl {
  static let harmless: [UInt32] = [
    1, 2,  // PR_SET_PDEATHSIG, PR_GET_PDEATHSIG
    3, 4,  // PR_GET_DUMPABLE, PR_SET_DUMPABLE
    7,  // PR_GET_KEEPCAPS
    13,  // PR_GET_TIMING
    15, 16,  // PR_SET_NAME, PR_GET_NAME
    21, 22,  // PR_GET_SECCOMP, PR_SET_SECCOMP: a filter on top can only take away
    23,  // PR_CAPBSET_READ
    25,  // PR_GET_TSC
    27,  // PR_GET_SECUREBITS
    29, 30,  // PR_SET_TIMERSLACK, PR_GET_TIMERSLACK
    36, 37,  // PR_SET_CHILD_SUBREAPER, PR_GET_CHILD_SUBREAPER
    38, 39,  // PR_SET_NO_NEW_PRIVS, PR_GET_NO_NEW_PRIVS
    40,  // PR_GET_TID_ADDRESS
    41, 42,  // PR_SET_THP_DISABLE, PR_GET_THP_DISABLE
    50, 51, 63, 64,  // PR_SVE_SET_VL, PR_SVE_GET_VL, PR_SME_SET_VL, PR_SME_GET_VL
    52,  // PR_GET_SPECULATION_CTRL
    54, 60, 61,  // PR_PAC_RESET_KEYS, PR_PAC_SET_ENABLED_KEYS, PR_PAC_GET_ENABLED_KEYS
    55, 56,  // PR_SET_TAGGED_ADDR_CTRL, PR_GET_TAGGED_ADDR_CTRL
    65, 66,  // PR_SET_MDWE, PR_GET_MDWE
    0x5356_4D41,  // PR_SET_VMA: names for mappings
  ]
  static let ambientCapabilities: UInt32 = 47  // PR_CAP_AMBIENT
  static let ambientIsSet: UInt32 = 1  // PR_CAP_AMBIENT_IS_SET
  static let setSpeculation: UInt32 = 53  // PR_SET_SPECULATION_CTRL
  /// PR_SPEC_DISABLE, PR_SPEC_FORCE_DISABLE, PR_SPEC_DISABLE_NOEXEC
  static let speculationDisabled: [UInt32] = [4, 8, 16]
  static let privileged: [UInt32] = [
    8,  // PR_SET_KEEPCAPS
    24,  // PR_CAPBSET_DROP
    28,  // PR_SET_SECUREBITS
    35,  // PR_SET_MM
  ]
}

/// <linux/seccomp.h>
enum SeccompOperation {
  static let setModeFilter: UInt32 = 1
  /// SECCOMP_SET_MODE_STRICT, SECCOMP_GET_ACTION_AVAIL, SECCOMP_GET_NOTIF_SIZES
  static let harmless: [UInt32] = [0, 2, 3]
  static let newListener: UInt32 = 8  // SECCOMP_FILTER_FLAG_NEW_LISTENER
}

/// <linux/socket.h>, <linux/net.h>, <linux/in.h>
enum SocketValue {
  static let unix: UInt32 = 1
  static let internet: [UInt32] = [2, 10]  // AF_INET, AF_INET6
  static let netlink: UInt32 = 16
  static let netlinkRoute: UInt32 = 0  // NETLINK_ROUTE
  static let typeMask: UInt32 = 0xF  // without SOCK_CLOEXEC and SOCK_NONBLOCK
  static let stream: UInt32 = 1
  static let datagram: UInt32 = 2
  static let raw: UInt32 = 3
  static let anyProtocol: UInt32 = 0
  static let tcp: UInt32 = 6
  static let udp: UInt32 = 17
  static let levelSocket: UInt32 = 1  // SOL_SOCKET
  static let zeroCopy: UInt32 = 60  // SO_ZEROCOPY
  static let fastOpen: UInt32 = 0x2000_0000  // MSG_FASTOPEN
  /// SO_ATTACH_FILTER, SO_ATTACH_BPF, SO_ATTACH_REUSEPORT_CBPF, SO_ATTACH_REUSEPORT_EBPF
  static let programs: [UInt32] = [26, 50, 51, 52]
  static let upperLayerProtocol: UInt32 = 31  // TCP_ULP
  static let internetLevels: [UInt32] = [0, 41]  // SOL_IP, SOL_IPV6
  /// IPT_SO_SET_REPLACE and IPT_SO_SET_ADD_COUNTERS, the same two of arptables, of ebtables:
  /// <linux/netfilter_ipv4/ip_tables.h> and its neighbours. IPv6 has the first pair.
  static let packetTables: [UInt32] = [64, 65, 96, 97, 128, 129]
}

/// <linux/stat.h>
enum FileKind {
  static let mask: UInt32 = 0xF000  // S_IFMT
  static let regularOrFIFO: [UInt32] = [0, 0x8000, 0x1000]  // zero means regular too
}

/// <linux/mman.h>
enum MemoryProtection {
  static let execute: UInt32 = 4  // PROT_EXEC
}

/// <linux/personality.h>
enum Personality {
  /// PER_LINUX, PER_LINUX32, each also with UNAME26, and the question for the present one. Not among
  /// them: ADDR_NO_RANDOMIZE, READ_IMPLIES_EXEC and the like.
  static let harmless: [UInt32] = [0, 8, 0x2_0000, 0x2_0008, 0xFFFF_FFFF]
}
