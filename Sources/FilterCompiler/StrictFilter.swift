extension Filter {
  /// The least that language runtimes need to run a server on a pipe.
  ///
  /// `server`, less every call that none of twelve runtimes made while it did so: what is left is
  /// decided as there, what is gone fails with ENOSYS. A server with more to do (processes that it
  /// signals, FIFOs, shared memory) needs more.
  public static let strict = Filter(
    "strict", fallback: server.fallback,
    groups: (serverAllowed + serverByArguments).map { group in
      group.keeping { strictCalls.contains($0) }
    } + serverRefused + serverAbsent)

  /// The calls that `strict` keeps of those that `server` allows.
  public static let strictCalls = Set(
    (measured + generic + unseen).split(whereSeparator: \.isWhitespace).map(String.init))

  /// Traced on x86-64 under the load of a server on standard input and output: Node.js 20, 22 and 24,
  /// CPython 3.11 to 3.13, Go 1.27, OpenJDK 17 and 25, Swift 6.3, Rust, dash. What they try first and
  /// do without, sendfile and clone3 among it, is not here.
  private static let measured = """
    accept accept4 access arch_prctl bind brk capget chdir chmod clock_getres clock_gettime
    clock_nanosleep clone close close_range connect copy_file_range dup dup2 dup3 epoll_create1
    epoll_ctl epoll_pwait epoll_wait eventfd2 execve exit exit_group faccessat2 fadvise64 fchdir
    fchmod fchmodat fchown fcntl fdatasync flock fsetxattr fstat fsync ftruncate futex getcwd
    getdents64 getegid geteuid getgid getgroups getpeername getpid getppid getpriority getrandom
    getrusage getsockname getsockopt gettid getuid inotify_add_watch inotify_init inotify_init1
    inotify_rm_watch ioctl link listen listxattr lseek lstat madvise memfd_create mkdir mkdirat mmap
    mprotect mremap munmap nanosleep newfstatat open openat pidfd_open pidfd_send_signal pipe2
    pkey_alloc pkey_mprotect poll ppoll prctl pread64 prlimit64 pselect6 pwrite64 read readlink
    recvfrom recvmsg rename renameat rmdir rseq rt_sigaction rt_sigprocmask rt_sigreturn
    sched_getaffinity sched_getparam sched_getscheduler sched_yield sendto set_robust_list
    set_tid_address setitimer setpgid setpriority setsockopt shutdown sigaltstack socket socketpair
    stat statfs statx symlink symlinkat sysinfo tgkill timerfd_create timerfd_settime truncate umask
    uname unlink unlinkat utimensat vfork wait4 waitid write writev
    """

  /// What the C library calls in their place on an architecture without the older ones.
  private static let generic = " faccessat linkat readlinkat renameat2 "

  /// What a trace of such a load misses: the kernel itself puts restart_syscall in place of a call that
  /// a stop interrupted, and Cordon asks for the session a moment before it executes the server.
  private static let unseen = "getsid restart_syscall"
}
