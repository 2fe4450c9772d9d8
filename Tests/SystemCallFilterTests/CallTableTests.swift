import FilterCompiler
import SystemCallFilter
import Testing

/// Every system call that has a name, with the answer that a server must get: written down apart from
/// the filter's own groups, so that a call which changes sides by oversight is seen.
@Suite struct CallTableTests {
  static let refused = words(
    """
    ptrace process_vm_readv process_vm_writev process_madvise process_mrelease kcmp pidfd_getfd
    unshare setns mount umount2 pivot_root chroot
    open_by_handle_at name_to_handle_at fanotify_init fanotify_mark
    bpf perf_event_open userfaultfd keyctl add_key request_key
    kexec_load kexec_file_load init_module finit_module delete_module create_module query_module
    get_kernel_syms
    iopl ioperm modify_ldt
    syslog acct quotactl quotactl_fd swapon swapoff reboot vhangup
    settimeofday clock_settime adjtimex clock_adjtime sethostname setdomainname
    mbind set_mempolicy set_mempolicy_home_node get_mempolicy migrate_pages move_pages
    memfd_secret remap_file_pages lookup_dcookie nfsservctl uselib ustat sysfs _sysctl
    """)

  static let absent = words(
    """
    clone3 io_uring_setup io_uring_enter io_uring_register
    io_setup io_destroy io_submit io_cancel io_getevents io_pgetevents
    fsopen fsconfig fsmount fspick open_tree open_tree_attr move_mount mount_setattr
    statmount listmount lsm_get_self_attr lsm_set_self_attr lsm_list_modules
    file_getattr file_setattr map_shadow_stack tee vmsplice
    afs_syscall epoll_ctl_old epoll_wait_old get_thread_area getpmsg putpmsg security
    set_thread_area tuxcall vserver
    """)

  /// As between descriptors that do not support it.
  static let unsupported = words("sendfile splice")

  static let byArguments = words(
    """
    clone socket socketpair setsockopt ioctl fcntl prctl prlimit64 personality mknod mknodat seccomp
    """)

  /// Allowed by default and not there under `strict`.
  static let notStrict = words(
    """
    alarm cachestat capset chown creat epoll_create epoll_pwait2 eventfd execveat
    fallocate fchmodat2 fchownat fgetxattr flistxattr fork fremovexattr fstatfs futex_requeue
    futex_wait futex_waitv futex_wake futimesat get_robust_list getcpu getdents getitimer getpgid
    getpgrp getresgid getresuid getrlimit gettimeofday getxattr getxattrat ioprio_get ioprio_set
    kill landlock_add_rule landlock_create_ruleset landlock_restrict_self lchown lgetxattr
    listxattrat llistxattr lremovexattr lsetxattr membarrier mincore mlock mlock2 mlockall
    mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedsend mq_unlink mseal msgctl msgget
    msgrcv msgsnd msync munlock munlockall openat2 pause pipe pkey_free preadv preadv2 pwritev
    pwritev2 readahead readv recvmmsg removexattr removexattrat rt_sigpending rt_sigqueueinfo
    rt_sigsuspend rt_sigtimedwait rt_tgsigqueueinfo sched_get_priority_max sched_get_priority_min
    sched_getattr sched_rr_get_interval sched_setaffinity sched_setattr sched_setparam
    sched_setscheduler select semctl semget semop semtimedop sendmmsg sendmsg setfsgid setfsuid
    setgid setgroups setregid setresgid setresuid setreuid setrlimit setsid setuid setxattr
    setxattrat shmat shmctl shmdt shmget signalfd signalfd4 sync sync_file_range syncfs time
    timer_create timer_delete timer_getoverrun timer_gettime timer_settime timerfd_gettime times
    tkill utime utimes
    """)

  static func words(_ text: String) -> Set<String> {
    Set(text.split(whereSeparator: \.isWhitespace).map(String.init))
  }

  private func verdict(_ name: String, _ machine: FilterMachine, _ architecture: Architecture)
    throws -> FilterMachine.Verdict
  {
    let number = try #require(SystemCallNames.number(of: name, on: architecture))
    let token = try #require(CompilationTests.tokens[architecture])
    return machine.verdict(
      architecture: token, number: number, arguments: [UInt64](repeating: 0, count: 6))
  }

  @Test(arguments: Architecture.allCases)
  func everyCallHasItsAnswer(_ architecture: Architecture) throws {
    let standard = FilterMachine(words: try Filter.server.compile(for: architecture))
    let strict = FilterMachine(words: try Filter.strict.compile(for: architecture))
    let names = SystemCallNames.all(on: architecture)
    #expect(names.count > 300, "\(names.count) names")
    for name in names {
      let inDefault = try verdict(name, standard, architecture)
      let inStrict = try verdict(name, strict, architecture)
      if Self.refused.contains(name) {
        #expect(inDefault == .errno(1) && inStrict == .errno(1), "\(name)")
      } else if Self.absent.contains(name) {
        #expect(inDefault == .errno(38) && inStrict == .errno(38), "\(name)")
      } else if Self.unsupported.contains(name) {
        #expect(inDefault == .errno(22) && inStrict == .errno(22), "\(name)")
      } else if !Self.byArguments.contains(name) {
        #expect(inDefault == .allow, "\(name)")
        #expect(inStrict == (Self.notStrict.contains(name) ? .errno(38) : .allow), "\(name)")
      }
    }
  }

  /// A call that the tables name and nobody decided upon would fall back unseen.
  @Test(arguments: Architecture.allCases)
  func everyCallIsDecidedByName(_ architecture: Architecture) {
    let decided = Set(Filter.server.groups.flatMap(\.calls))
    let undecided = SystemCallNames.all(on: architecture).filter { !decided.contains($0) }
    #expect(undecided.isEmpty)
  }

  @Test func strictAllowsNothingBeyondTheDefault() {
    for call in Set(Architecture.allCases.flatMap { SystemCallNames.all(on: $0) }) {
      let strict = Filter.strict.decision(for: call)
      #expect(
        strict == Filter.server.decision(for: call) || strict == .action(.errno(38)), "\(call)")
    }
  }

  @Test func theStrictListNamesCallsThatTheDefaultHas() {
    let kept = Set(Filter.strict.groups.flatMap(\.calls))
    for call in Filter.strictCalls { #expect(kept.contains(call), "\(call)") }
    #expect(Filter.strictCalls.count < 150)
  }
}
