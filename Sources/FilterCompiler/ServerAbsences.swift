import Glibc

extension Filter {
  /// Calls that libraries try first and replace where the kernel lacks them. The fallback would say
  /// the same; they stand here so that nobody adds them by oversight.
  static let serverAbsent: [Group] = [
    // EPERM would stop every program that starts a thread through a recent C library.
    Group(
      "clone with its flags in memory, out of a filter's sight", .fail(ENOSYS), "clone3",
      opens: .grave("children in namespaces of their own, with flags that no filter can read")),
    // Pages of the page cache in a pipe or a packet: the primitive of Dirty Pipe (CVE-2022-0847) and
    // its successors. EINVAL is the kernel's word for descriptors between which it cannot move pages;
    // whoever calls these reads and writes then. At ENOSYS, which no kernel says any more, Node's
    // fs.copyFile from one file system to another, Go's io.Copy from one connection to another and
    // Java's FileChannel.transferTo fail; at EPERM Java's Files.copy too.
    Group("moving pages between descriptors", .fail(EINVAL), "sendfile splice", opens: pages),
    Group("moving pages into pipes and between them", .fail(ENOSYS), "tee vmsplice", opens: pages),
    // CVE-2022-29582, CVE-2023-2598. A ring opens sockets and files without a system call.
    Group(
      "rings, whose operations no filter sees", .fail(ENOSYS),
      "io_uring_enter io_uring_register io_uring_setup",
      opens: .grave("operations that go round the filter, sockets of any family among them")),
    Group(
      "asynchronous reads and writes of old", .fail(ENOSYS),
      "io_cancel io_destroy io_getevents io_pgetevents io_setup io_submit",
      opens: .plain("an old interface of asynchronous reads and writes")),
    // CVE-2022-0185 again, and CVE-2021-41133: filters that knew only mount let it in.
    Group(
      "the new mount interface", .fail(ENOSYS),
      """
      fsconfig fsmount fsopen fspick mount_setattr move_mount open_tree open_tree_attr
      """,
      opens: .grave("mounts, behind which the code of every file system lies")),
    Group(
      "lists of mounts", .fail(ENOSYS), "listmount statmount",
      opens: .plain("the mounts of the sandbox, with the places that they come from")),
    Group(
      "security modules' attributes, and attributes of files", .fail(ENOSYS),
      """
      file_getattr file_setattr lsm_get_self_attr lsm_list_modules lsm_set_self_attr
      """,
      opens: .plain("attributes of security modules and of files")),
    Group(
      "shadow stacks", .fail(ENOSYS), "map_shadow_stack",
      opens: .plain("shadow stacks of the server's own")),
    // Numbers that are taken and calls that are not there, on a 64-bit kernel.
    Group(
      "names without a call behind them", .fail(ENOSYS),
      """
      afs_syscall epoll_ctl_old epoll_wait_old get_thread_area getpmsg putpmsg security
      set_thread_area tuxcall vserver
      """,
      opens: .plain("nothing: no kernel for this architecture has it")),
  ]

  private static let pages = Opening.plain(
    "pages of files in pipes and packets, where faults let others be overwritten")
}
