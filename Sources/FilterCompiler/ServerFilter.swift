import Glibc

extension Filter {
  /// What a server may ask of the kernel.
  ///
  /// Derived from the union of published container profiles, less what a server on a pipe has no use
  /// for; twelve language runtimes were run under it. A call that nothing names fails with ENOSYS, as
  /// it would on an older kernel: libraries know how to go on without it.
  public static let server = Filter(
    "server", fallback: .errno(ENOSYS),
    groups: serverAllowed + serverByArguments + serverRefused + serverAbsent)

  /// Calls that are allowed whatever their arguments.
  static let serverAllowed: [Group] = [
    Group(
      "memory", .allow,
      """
      brk madvise membarrier memfd_create mincore mlock mlock2 mlockall mmap mprotect mremap mseal
      msync munlock munlockall munmap pkey_alloc pkey_free pkey_mprotect
      """),
    Group(
      "descriptors: read, write, copy, wait", .allow,
      """
      close close_range copy_file_range dup dup2 dup3 epoll_create epoll_create1 epoll_ctl
      epoll_pwait epoll_pwait2 epoll_wait eventfd eventfd2 flock lseek pipe pipe2 poll ppoll
      pread64 preadv preadv2 pselect6 pwrite64 pwritev pwritev2 read readahead readv select write
      writev
      """),
    Group(
      "files and directories by name", .allow,
      """
      access chdir chmod chown creat faccessat faccessat2 fchdir fchmod fchmodat fchmodat2 fchown
      fchownat futimesat getcwd getdents getdents64 lchown link linkat lstat mkdir mkdirat
      newfstatat open openat openat2 readlink readlinkat rename renameat renameat2 rmdir stat statx
      symlink symlinkat umask unlink unlinkat utime utimensat utimes
      """),
    Group(
      "open files and file systems", .allow,
      """
      cachestat fadvise64 fallocate fdatasync fstat fstatfs fsync ftruncate statfs sync
      sync_file_range syncfs truncate
      """),
    Group(
      "extended attributes", .allow,
      """
      fgetxattr flistxattr fremovexattr fsetxattr getxattr getxattrat lgetxattr listxattr
      listxattrat llistxattr lremovexattr lsetxattr removexattr removexattrat setxattr setxattrat
      """),
    Group(
      "changes in directories", .allow,
      "inotify_add_watch inotify_init inotify_init1 inotify_rm_watch"),
    Group(
      "processes and threads; clone is decided by its flags", .allow,
      """
      arch_prctl execve execveat exit exit_group fork get_robust_list getpgid getpgrp getpid
      getppid getsid gettid kill pidfd_open pidfd_send_signal restart_syscall rseq set_robust_list
      set_tid_address setpgid setsid tgkill tkill vfork wait4 waitid
      """),
    Group(
      "waiting for each other", .allow,
      "futex futex_requeue futex_wait futex_waitv futex_wake"),
    Group(
      "signals", .allow,
      """
      pause rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend
      rt_sigtimedwait rt_tgsigqueueinfo sigaltstack signalfd signalfd4
      """),
    Group(
      "scheduling and priorities", .allow,
      """
      getcpu getpriority ioprio_get ioprio_set sched_get_priority_max sched_get_priority_min
      sched_getaffinity sched_getattr sched_getparam sched_getscheduler sched_rr_get_interval
      sched_setaffinity sched_setattr sched_setparam sched_setscheduler sched_yield setpriority
      """),
    Group(
      "time: reading clocks, sleeping, timers of its own", .allow,
      """
      alarm clock_getres clock_gettime clock_nanosleep getitimer gettimeofday nanosleep setitimer
      time timer_create timer_delete timer_getoverrun timer_gettime timer_settime timerfd_create
      timerfd_gettime timerfd_settime times
      """),
    Group(
      "identities: without capabilities there is only one to take", .allow,
      """
      capget capset getegid geteuid getgid getgroups getresgid getresuid getuid setfsgid setfsuid
      setgid setgroups setregid setresgid setresuid setreuid setuid
      """),
    Group(
      "limits and facts about the machine", .allow,
      "getrandom getrlimit getrusage setrlimit sysinfo uname"),
    Group(
      "sockets that exist; socket, socketpair and setsockopt are decided by their arguments",
      .allow,
      """
      accept accept4 bind connect getpeername getsockname getsockopt listen recvfrom recvmmsg
      recvmsg sendmmsg sendmsg sendto shutdown
      """),
    Group(
      "queues, semaphores and shared memory of its own IPC namespace", .allow,
      """
      mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedsend mq_unlink msgctl msgget msgrcv
      msgsnd semctl semget semop semtimedop shmat shmctl shmdt shmget
      """),
    Group(
      "confining itself further", .allow,
      "landlock_add_rule landlock_create_ruleset landlock_restrict_self"),
  ]
}
