import Glibc

extension Filter {
  /// What the supervisor does once both parts run: wait, keep the approvals and the log, end the
  /// sandbox.
  ///
  /// Which files it reaches is Landlock's business. Signals go through descriptors that it holds of
  /// its two children, and to nobody else. What it has no use for fails with EPERM, so that a step
  /// that was overlooked is told and not deadly; what only someone who took it over would try ends it.
  public static let supervisor = Filter(
    "supervisor", fallback: .errno(EPERM),
    groups: [
      Group(
        "programs, other processes and the kernel itself: nothing that an oversight would do",
        .action(.killProcess),
        """
        execve execveat ptrace process_vm_readv process_vm_writev process_madvise pidfd_getfd
        pidfd_open kill tkill rt_sigqueueinfo rt_tgsigqueueinfo kcmp
        mount umount2 pivot_root chroot unshare setns open_tree move_mount fsopen fsconfig fsmount
        fspick mount_setattr open_by_handle_at name_to_handle_at
        bpf perf_event_open userfaultfd keyctl add_key request_key init_module finit_module
        delete_module kexec_load kexec_file_load io_uring_setup io_uring_enter io_uring_register
        socket socketpair connect bind listen accept accept4
        """),
      Group(
        "messages and files that are open", .allow,
        """
        read readv recvfrom recvmsg sendmsg sendto write writev lseek fsync fdatasync flock
        shutdown
        """),
      Group("waiting", .allow, "epoll_ctl epoll_pwait epoll_pwait2 epoll_wait poll ppoll"),
      Group("ending its children", .allow, "pidfd_send_signal wait4 waitid"),
      Group(
        "the approvals, and what a session leaves to be cleared away", .allow,
        """
        open openat openat2 close fstat newfstatat stat lstat statx getdents64 mkdir mkdirat rename
        renameat renameat2 rmdir unlink unlinkat
        """),
      Group("flags of descriptors", flagsOfDescriptors(otherwise: .fail(EPERM)), "fcntl"),
      Group("whose they are", .allow, "getegid geteuid getgid getuid"),
    ] + runtime)
}
