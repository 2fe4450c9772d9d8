// Writes a filter of the usual kind for bubblewrap's --seccomp: everything that has a name is
// allowed, but for what a server has no business with.
#include <errno.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *denied[] = {
    "acct", "add_key", "bpf", "chroot", "delete_module", "finit_module", "fsconfig", "fsmount",
    "fsopen", "fspick", "init_module", "io_uring_enter", "io_uring_register", "io_uring_setup",
    "iopl", "ioperm", "kexec_file_load", "kexec_load", "keyctl", "mount", "mount_setattr",
    "move_mount", "name_to_handle_at", "open_by_handle_at", "open_tree", "perf_event_open",
    "pivot_root", "process_vm_readv", "process_vm_writev", "ptrace", "quotactl", "reboot",
    "request_key", "setns", "settimeofday", "swapoff", "swapon", "syslog", "umount2", "unshare",
    "userfaultfd"};

static int is_denied(const char *name) {
  for (size_t index = 0; index < sizeof denied / sizeof *denied; index++)
    if (!strcmp(name, denied[index])) return 1;
  return 0;
}

int main(void) {
  scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
  if (!filter || seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2)) return 1;
  for (int number = 0; number < 460; number++) {
    char *name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, number);
    if (name && !is_denied(name)) seccomp_rule_add(filter, SCMP_ACT_ALLOW, number, 0);
    free(name);
  }
  return seccomp_export_bpf(filter, STDOUT_FILENO) ? 1 : 0;
}
