import Glibc

extension Filter {
  /// What the relay does once it is confined: move bytes between descriptors that it already has.
  ///
  /// No exec, no open, no fork, no socket, no signal to anyone. Anything else is a relay that someone
  /// took over, and ends it. (abort() ends by SIGSYS instead of SIGABRT: tgkill to itself alone cannot
  /// be said before the process exists.)
  public static let relay = Filter(
    "relay", fallback: .killProcess,
    groups: [
      Group(
        "bytes", .allow, "preadv2 pwritev2 read readv recvfrom recvmsg sendmsg sendto write writev"),
      Group(
        "waiting", .allow,
        """
        epoll_create1 epoll_ctl epoll_pwait epoll_pwait2 epoll_wait poll ppoll timerfd_create
        timerfd_gettime timerfd_settime
        """),
      Group("ending a connection", .allow, "close shutdown"),
      Group("flags of descriptors", descriptorFlags, "fcntl"),
      Group(
        "how many bytes wait",
        .match(
          argument: 1, mask: .max, cases: [.init([IOControl.bytesWaiting], .allow)],
          rest: .action(.killProcess)), "ioctl"),
      Group("an error that a socket holds", .allow, "getsockopt"),
    ] + runtime)

  /// What PID 1 of a sandbox does: collect the dead, pass signals on, report, end.
  public static let initProcess = Filter(
    "initProcess", fallback: .killProcess,
    groups: [
      Group("messages and signals as data", .allow, "read readv recvmsg sendmsg write writev"),
      Group(
        "waiting", .allow,
        """
        epoll_ctl epoll_pwait epoll_pwait2 epoll_wait poll ppoll timerfd_settime wait4 waitid
        """),
      Group("ending processes", .allow, "kill pidfd_send_signal"),
      Group("how full a file system is", .allow, "fstatfs"),
      Group("descriptors", .allow, "close close_range"),
      Group("flags of descriptors", descriptorFlags, "fcntl"),
    ] + runtime)

  /// What the Swift runtime and the C library need whatever a program does.
  static let runtime: [Group] = [
    Group("which fails only here: what shows that the filter is there", .fail(EPERM), "getppid"),
    Group("memory", .allow, "brk madvise mremap munmap"),
    // New code cannot be mapped, nor made from data.
    Group(
      "memory that cannot be executed",
      .match(
        argument: 2, mask: MemoryProtection.execute, cases: [.init([0], .allow)],
        rest: .action(.killProcess)), "mmap mprotect"),
    Group("time", .allow, "clock_gettime clock_nanosleep gettimeofday nanosleep time"),
    Group("hash seeds", .allow, "getrandom"),
    Group("locks, of which one thread has no contention", .allow, "futex sched_yield"),
    Group("which process", .allow, "getpid gettid"),
    Group(
      "returning from signals and from interruption", .allow,
      "restart_syscall rt_sigaction rt_sigprocmask rt_sigreturn"),
    Group("the end", .allow, "exit exit_group"),
  ]

  /// F_GETFD, F_SETFD, F_GETFL, F_SETFL: not the commands that copy descriptors, lock or send signals.
  static let descriptorFlags = flagsOfDescriptors(otherwise: .action(.killProcess))

  static func flagsOfDescriptors(otherwise rest: Decision) -> Decision {
    .match(argument: 1, mask: .max, cases: [.init([1, 2, 3, 4], .allow)], rest: rest)
  }
}
