import Glibc

extension Filter {
  /// Calls that are known and refused.
  static let serverRefused: [Group] = [
    Group(
      "other processes' memory and descriptors", .fail(EPERM),
      """
      kcmp pidfd_getfd process_madvise process_mrelease process_vm_readv process_vm_writev ptrace
      """),
    Group(
      "namespaces, mounts and roots", .fail(EPERM),
      "chroot mount pivot_root setns umount2 unshare"),
    Group(
      "files by handle and watching whole file systems: both go round the root that is shown",
      .fail(EPERM), "fanotify_init fanotify_mark name_to_handle_at open_by_handle_at"),
    Group(
      "programs and faults inside the kernel", .fail(EPERM), "bpf perf_event_open userfaultfd"),
    Group("keyrings, which are not namespaced", .fail(EPERM), "add_key keyctl request_key"),
    Group(
      "modules and other kernels", .fail(EPERM),
      """
      create_module delete_module finit_module get_kernel_syms init_module kexec_file_load
      kexec_load query_module
      """),
    Group("ports and descriptor tables of the processor", .fail(EPERM), "ioperm iopl modify_ldt"),
    Group(
      "the machine: log, accounting, quotas, swap, power", .fail(EPERM),
      "acct quotactl quotactl_fd reboot swapoff swapon syslog vhangup"),
    Group(
      "the machine's clock and names", .fail(EPERM),
      "adjtimex clock_adjtime clock_settime setdomainname sethostname settimeofday"),
    Group(
      "placement of memory on nodes", .fail(EPERM),
      """
      get_mempolicy mbind migrate_pages move_pages set_mempolicy set_mempolicy_home_node
      """),
    Group("memory that hides from everyone", .fail(EPERM), "memfd_secret"),
    Group(
      "remains of other times", .fail(EPERM),
      "_sysctl lookup_dcookie nfsservctl remap_file_pages sysfs uselib ustat"),
  ]

  /// Calls that libraries try first and replace where the kernel lacks them. The fallback would say
  /// the same; they stand here so that nobody adds them by oversight.
  static let serverAbsent: [Group] = [
    Group("clone with its flags in memory, out of a filter's sight", .fail(ENOSYS), "clone3"),
    // Pages of the page cache in a pipe or a packet: the primitive of Dirty Pipe (CVE-2022-0847) and
    // its successors. EPERM would break Java's Files.copy; ENOSYS makes everyone read and write.
    Group("moving pages between descriptors", .fail(ENOSYS), "sendfile splice tee vmsplice"),
    Group(
      "asynchronous rings, whose operations no filter sees", .fail(ENOSYS),
      """
      io_cancel io_destroy io_getevents io_pgetevents io_setup io_submit io_uring_enter
      io_uring_register io_uring_setup
      """),
    Group(
      "the new mount interface", .fail(ENOSYS),
      """
      fsconfig fsmount fsopen fspick listmount mount_setattr move_mount open_tree open_tree_attr
      statmount
      """),
    Group(
      "security modules' attributes, and attributes of files", .fail(ENOSYS),
      """
      file_getattr file_setattr lsm_get_self_attr lsm_list_modules lsm_set_self_attr
      """),
    Group("shadow stacks", .fail(ENOSYS), "map_shadow_stack"),
  ]
}
