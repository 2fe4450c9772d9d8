import FilterCompiler
import Glibc
import SystemCallFilter
import Testing

/// Calls whose arguments decide, on both architectures, each also with bits above the 32 that the
/// kernel reads: no call must get by because of them (CVE-2019-7303, CVE-2019-10063).
@Suite struct ArgumentTableTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let call: String
    let arguments: [UInt64]
    /// 0 for allowed.
    let errno: Int32
    let note: String

    init(_ call: String, _ arguments: [UInt64], _ errno: Int32, _ note: String = "") {
      self.call = call
      self.arguments = arguments
      self.errno = errno
      self.note = note
    }

    var testDescription: String { "\(call)\(arguments) \(note)" }
  }

  static let families: [Row] = (0..<48).map { (family: UInt64) in
    switch family {
    case 1, 2, 10, 16: Row("socket", [family, 1, 0], 0, "family")
    default: Row("socket", [family, 1, 0], EAFNOSUPPORT, "family")
    }
  }

  static let netlink: [Row] = (0..<32).map { (number: UInt64) in
    Row("socket", [16, 3, number], number == 0 ? 0 : EPROTONOSUPPORT, "netlink protocol")
  }

  static let internet: [Row] = [2, 10].flatMap { (family: UInt64) in
    [
      Row("socket", [family, 1, 0], 0), Row("socket", [family, 1, 6], 0),
      Row("socket", [family, 2, 0], 0), Row("socket", [family, 2, 17], 0),
      Row("socket", [family, 0x80801, 6], 0, "close-on-exec, non-blocking"),
      Row("socket", [family, 1, 132], EPROTONOSUPPORT, "SCTP"),
      Row("socket", [family, 1, 262], EPROTONOSUPPORT, "multipath TCP"),
      Row("socket", [family, 1, 17], EPROTONOSUPPORT, "a stream of UDP"),
      Row("socket", [family, 2, 1], EPROTONOSUPPORT, "ICMP"),
      Row("socket", [family, 2, 58], EPROTONOSUPPORT, "ICMPv6"),
      Row("socket", [family, 2, 136], EPROTONOSUPPORT, "UDP-Lite"),
      Row("socket", [family, 2, 115], EPROTONOSUPPORT, "L2TP"),
      Row("socket", [family, 3, 1], EPERM, "raw"), Row("socket", [family, 3, 255], EPERM, "raw"),
      Row("socket", [family, 0x80803, 1], EPERM, "raw with flags"),
      Row("socket", [family, 5, 132], ESOCKTNOSUPPORT, "SCTP in order"),
      Row("socket", [family, 6, 33], ESOCKTNOSUPPORT, "DCCP"),
      Row("socket", [family, 10, 3], ESOCKTNOSUPPORT, "AF_PACKET by its old name"),
    ]
  }

  static let pairs: [Row] = (0..<48).map { (family: UInt64) in
    Row("socketpair", [family, 1, 0], family == 1 ? 0 : EAFNOSUPPORT)
  }

  static let clone: [Row] =
    [
      Row("clone", [17], 0, "fork"), Row("clone", [0x3D0F00], 0, "thread of the GNU C library"),
      Row("clone", [0x7D0F00], 0, "thread of musl"), Row("clone", [0x4111], 0, "vfork"),
      Row("clone", [0x1011], 0, "CLONE_PIDFD"), Row("clone", [0x5111], 0, "Go's children"),
    ]
    + ([0x2_0000, 0x200_0000, 0x400_0000, 0x800_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000]
    as [UInt64]).flatMap { flag in
      [Row("clone", [flag | 17], EPERM), Row("clone", [flag | 0x3D0F00], EPERM)]
    }

  static let controls: [Row] =
    ([
      0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451, 0x5452, 0x540F, 0x8910, 0x8912, 0x8913,
      0x8927, 0x8933, 0x4004_9409, 0x4020_940D, 0x802C_542A,
    ] as [UInt64]).map { Row("ioctl", [0, $0], 0) }
    + ([0x5412, 0x541C, 0x541D, 0x5423] as [UInt64]).map {
      Row("ioctl", [0, $0], EPERM, "a terminal's takeover")
    }
    + [
      Row("ioctl", [0, 0x4B33], ENOTTY, "KDSKBENT"),
      Row("ioctl", [0, 0x4B4E], ENOTTY, "KDSKBSENT"),
      Row("ioctl", [0, 0x540E], ENOTTY, "TIOCSCTTY"),
      Row("ioctl", [0, 0x89E0], ENOTTY, "SIOCUNIXFILE"),
      Row("ioctl", [0, 0x8914], ENOTTY, "SIOCSIFFLAGS"),
      Row("ioctl", [0, 0x8946], ENOTTY, "SIOCETHTOOL"),
      Row("ioctl", [0, 0x4008_6602], ENOTTY, "FS_IOC_SETFLAGS"),
      Row("ioctl", [0, 0xC018_9436], ENOTTY, "FIDEDUPERANGE"),
      Row("ioctl", [0, 0xB701], ENOTTY, "NS_GET_USERNS"),
      Row("ioctl", [0, 0xAE01], ENOTTY, "KVM_CREATE_VM"),
      Row("ioctl", [0, 0], ENOTTY), Row("ioctl", [0, 0xFFFF_FFFF], ENOTTY),
    ]

  static let attributes: [Row] =
    (0..<90).map { (option: UInt64) -> Row in
      switch option {
      case 1, 2, 3, 4, 7, 13, 15, 16, 21, 22, 23, 25, 27, 29, 30, 36...42, 50...52, 54...56, 60, 61,
        63...66:
        Row("prctl", [option], 0)
      case 8, 24, 28, 35, 47, 53: Row("prctl", [option], EPERM)
      default: Row("prctl", [option], EINVAL)
      }
    }
    + [
      Row("prctl", [0x5356_4D41], 0, "PR_SET_VMA"),
      Row("prctl", [0x5961_6D61, 1], EINVAL, "PR_SET_PTRACER"),
      Row("prctl", [47, 1], 0, "PR_CAP_AMBIENT_IS_SET"),
      Row("prctl", [47, 2], EPERM, "PR_CAP_AMBIENT_RAISE"),
      Row("prctl", [53, 0, 4], 0, "speculation off"),
      Row("prctl", [53, 0, 2], EPERM, "speculation on"),
    ]

  static let domains: [Row] =
    ([0, 8, 0x2_0000, 0x2_0008, 0xFFFF_FFFF] as [UInt64]).map { Row("personality", [$0], 0) }
    + (18..<28).map { Row("personality", [1 << UInt64($0)], EPERM) }
    + [Row("personality", [1], EPERM, "STICKY_TIMEOUTS"), Row("personality", [6], EPERM)]

  static let nodes: [Row] = [("mknod", 1), ("mknodat", 2)].flatMap { (call, position) in
    ([
      (0, 0), (0o100644, 0), (0o010644, 0), (0o060644, EPERM), (0o020644, EPERM), (0o140644, EPERM),
    ]
      as [(UInt64, Int32)]).map { (mode, errno) in
        Row(call, [UInt64](repeating: 0, count: position) + [mode], errno)
      }
  }

  static let filters: [Row] = [
    Row("seccomp", [0, 0], 0), Row("seccomp", [2, 0], 0), Row("seccomp", [3, 0], 0),
    Row("seccomp", [1, 0], 0), Row("seccomp", [1, 1], 0, "all threads"),
    Row("seccomp", [1, 8], EPERM, "listener"), Row("seccomp", [1, 8 | 32], EPERM, "listener"),
    Row("seccomp", [4, 0], EINVAL),
  ]

  static let options: [Row] = [
    Row("setsockopt", [0, 1, 2], 0, "SO_REUSEADDR"),
    Row("setsockopt", [0, 6, 1], 0, "TCP_NODELAY"),
    Row("setsockopt", [0, 41, 26], 0, "IPV6_V6ONLY"), Row("setsockopt", [0, 0, 10], 0),
    Row("setsockopt", [0, 41, 66], 0, "IPV6_RECVTCLASS"),
    Row("setsockopt", [0, 1, 60], EOPNOTSUPP, "SO_ZEROCOPY"),
    Row("setsockopt", [0, 1, 26], EPERM), Row("setsockopt", [0, 1, 50], EPERM),
    Row("setsockopt", [0, 1, 51], EPERM), Row("setsockopt", [0, 1, 52], EPERM),
    Row("setsockopt", [0, 6, 31], ENOENT, "TCP_ULP"),
    Row("setsockopt", [0, 0, 64], EPERM, "IPT_SO_SET_REPLACE"),
    Row("setsockopt", [0, 41, 64], EPERM, "IP6T_SO_SET_REPLACE"),
    Row("setsockopt", [0, 0, 96], EPERM, "ARPT_SO_SET_REPLACE"),
    Row("setsockopt", [0, 0, 128], EPERM, "EBT_SO_SET_ENTRIES"),
  ]

  static let limits: [Row] = [
    Row("prlimit64", [0, 7], 0), Row("prlimit64", [1, 7], EPERM, "PID 1's"),
  ]

  static let descriptors: [Row] =
    ((0..<17).map { Row("fcntl", [0, $0], 0) } as [Row])
    + ([1024, 1025, 1026, 1030, 1031, 1033, 1036] as [UInt64]).map {
      Row("fcntl", [0, $0], $0 == 1024 ? EPERM : 0, "F_LINUX_SPECIFIC_BASE and up")
    }

  static let tables: [[Row]] = [
    families, netlink, internet, pairs, clone, controls, attributes, domains, nodes, filters,
    options, limits, descriptors,
  ]

  @Test(arguments: [Filter.server, .strict], Architecture.allCases)
  func everyRow(_ filter: Filter, _ architecture: Architecture) throws {
    let machine = FilterMachine(words: try filter.compile(for: architecture))
    let token = try #require(CompilationTests.tokens[architecture])
    for row in Self.tables.flatMap({ $0 }) {
      guard let number = SystemCallNames.number(of: row.call, on: architecture) else { continue }
      let isGone =
        filter.name == "strict" && CallTableTests.byArguments.contains(row.call)
        && !Filter.strictCalls.contains(row.call)
      let errno = isGone ? ENOSYS : row.errno
      let expected: FilterMachine.Verdict = errno == 0 ? .allow : .errno(UInt32(errno))
      let padding = [UInt64](repeating: 0, count: 6 - row.arguments.count)
      for upper: UInt64 in [0, 1 << 32, 0xFFFF_FFFF << 32] {
        let arguments = row.arguments.map { $0 | upper } + padding
        let answer = machine.verdict(architecture: token, number: number, arguments: arguments)
        #expect(answer == expected, "\(row.testDescription), upper bits \(upper >> 32)")
      }
    }
  }
}
