import Glibc

extension Filter {
  /// Calls that are known and refused.
  static let serverRefused: [Group] = [
    // Tracing was the way from one process of a user's to another's rights (CVE-2019-13272), and into
    // the helpers of other sandboxes (CVE-2016-9962, CVE-2026-41163).
    Group(
      "other processes' memory and descriptors", .fail(EPERM),
      """
      kcmp pidfd_getfd process_madvise process_mrelease process_vm_readv process_vm_writev ptrace
      """,
      opens: .plain("the memory, registers and descriptors of the server's own processes")),
    // All that a user namespace lays open begins with one of these: CVE-2022-0185, CVE-2023-0386.
    Group(
      "namespaces, mounts and roots", .fail(EPERM),
      "chroot mount pivot_root setns umount2 unshare",
      opens: .grave("namespaces and mounts, behind which most of the kernel's code lies")),
    // A handle names a file without a path (the "shocker" exploit of 2014).
    Group(
      "files by handle and watching whole file systems: both go round the root that is shown",
      .fail(EPERM), "fanotify_init fanotify_mark name_to_handle_at open_by_handle_at",
      opens: .grave("files outside of the root that the server is shown")),
    // CVE-2020-8835 and CVE-2021-3490; a page fault that user code holds up turns a race in the kernel
    // into a certainty.
    Group(
      "programs and faults inside the kernel", .fail(EPERM), "bpf perf_event_open userfaultfd",
      opens: .grave("programs, probes and fault handlers inside the kernel")),
    // CVE-2016-0728; and request_key starts a program of the host's.
    Group(
      "keyrings, which are not namespaced", .fail(EPERM), "add_key keyctl request_key",
      opens: .grave("the kernel's keyrings, which no namespace separates")),
    Group(
      "modules and other kernels", .fail(EPERM),
      """
      create_module delete_module finit_module get_kernel_syms init_module kexec_file_load
      kexec_load query_module
      """,
      opens: .grave("other code for the kernel; its missing capabilities alone stand against it")),
    // Segments of a process's own making: CVE-2014-9322.
    Group(
      "ports and descriptor tables of the processor", .fail(EPERM), "ioperm iopl modify_ldt",
      opens: .grave("the processor's ports and descriptor tables")),
    Group(
      "the machine: log, accounting, quotas, swap, power", .fail(EPERM),
      "acct quotactl quotactl_fd reboot swapoff swapon syslog vhangup",
      opens: .grave("controls of the machine; its missing capabilities alone stand against it")),
    Group(
      "the machine's clock and names", .fail(EPERM),
      "adjtimex clock_adjtime clock_settime setdomainname sethostname settimeofday",
      opens: .plain("reading the clock's state; setting it takes a capability that no server has")),
    // Where another program's memory lies (CVE-2017-14140), for no use to a server.
    Group(
      "placement of memory on nodes", .fail(EPERM),
      """
      get_mempolicy mbind migrate_pages move_pages set_mempolicy set_mempolicy_home_node
      """,
      opens: .plain("where the kernel places the server's memory")),
    Group(
      "memory that hides from everyone", .fail(EPERM), "memfd_secret",
      opens: .plain("memory that neither the kernel nor a person who looks into it can read")),
    Group(
      "remains of other times", .fail(EPERM),
      "_sysctl lookup_dcookie nfsservctl remap_file_pages sysfs uselib ustat",
      opens: .plain("old calls that hardly anyone uses or tests")),
  ]
}
