extension Filter {
  /// What the witness of a verbose launch does: take notifications, look at a path, answer, report.
  ///
  /// It opens nothing: whether a path is there is asked by name. Anything else is a witness that
  /// someone took over, and ends it; calls that wait for an answer then fail with ENOSYS.
  public static let witness = Filter(
    "witness", fallback: .killProcess,
    groups: [
      Group(
        "notifications: receive, answer, ask whether one is still waited for",
        .match(
          argument: 1, mask: .max, cases: [.init(Notification.requests, .allow)],
          rest: .action(.killProcess)), "ioctl"),
      Group("paths in the server's memory", .allow, "process_vm_readv"),
      Group("whether a path is there, as the server sees it", .allow, "faccessat2 readlinkat"),
      Group("the filter's listener, and reports", .allow, "recvmsg sendto write"),
      Group("waiting", .allow, "poll ppoll"),
      Group("descriptors", .allow, "close"),
    ] + runtime)

  /// SECCOMP_IOCTL_NOTIF_*: <linux/seccomp.h>
  private enum Notification {
    static let requests: [UInt32] = [
      0xC050_2100,  // RECV
      0xC018_2101,  // SEND
      0x4008_2102,  // ID_VALID
      0x4008_2104,  // SET_FLAGS
    ]
  }
}
