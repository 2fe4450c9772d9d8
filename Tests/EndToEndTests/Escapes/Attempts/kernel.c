// Interfaces of the kernel that have a history, or change the machine. Arguments are wrong on purpose
// where the call would otherwise do something: the answer that only who may do it gets is enough.
#include "attempts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/fanotify.h>
#include <linux/perf_event.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/quota.h>
#include <sys/reboot.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#ifndef SYS_memfd_secret
#define SYS_memfd_secret 447
#endif

static long ring(void) {
  char parameters[120] = {0};
  return syscall(SYS_io_uring_setup, 4, parameters);
}
static long ring_enter(void) { return beyond(syscall(SYS_io_uring_enter, -1, 0, 0, 0, 0, 0), EBADF); }
static long ring_register(void) {
  // Newer kernels take -1 for a ring that is registered already.
  return beyond(beyond(syscall(SYS_io_uring_register, -1, 0, NULL, 0), EBADF), EINVAL);
}
static long asynchronous(void) {
  unsigned long context = 0;
  return syscall(SYS_io_setup, 1, &context);
}

static long bpf_map(void) {
  union bpf_attr attributes = {
      .map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1};
  return syscall(SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof attributes);
}
static long bpf_program(void) {
  struct bpf_insn code[] = {{.code = 0xb7}, {.code = 0x95}};  // r0 = 0; exit
  union bpf_attr attributes = {
      .prog_type = BPF_PROG_TYPE_SOCKET_FILTER, .insns = (uint64_t)(uintptr_t)code, .insn_cnt = 2,
      .license = (uint64_t)(uintptr_t) "GPL"};
  return syscall(SYS_bpf, BPF_PROG_LOAD, &attributes, sizeof attributes);
}
static long perf(void) {
  struct perf_event_attr attributes = {
      .type = PERF_TYPE_SOFTWARE, .size = sizeof attributes, .config = PERF_COUNT_SW_TASK_CLOCK,
      .exclude_kernel = 1, .exclude_hv = 1};
  return syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0);
}
static long faults(void) { return syscall(SYS_userfaultfd, 1 | O_CLOEXEC); }  // user mode only
static long faults_device(void) { return opens("/dev/userfaultfd", O_RDWR); }

static long join_keyring(void) { return syscall(SYS_keyctl, 1, NULL); }
static long user_keyring(void) { return syscall(SYS_keyctl, 0, -4, 1); }
static long add_key(void) {
  return syscall(SYS_add_key, "user", "attempt", "x", 1, -2);  // the process's own keyring
}
static long request_key(void) {
  return beyond(syscall(SYS_request_key, "user", "attempt", NULL, 0), ENOKEY);
}

static long secret_memory(void) { return syscall(SYS_memfd_secret, 0); }

static long other_kernel(void) {
  return beyond(syscall(SYS_kexec_load, 0, 0, NULL, ~0UL), EINVAL);
}
static long other_kernel_file(void) {
#ifdef SYS_kexec_file_load
  return beyond(syscall(SYS_kexec_file_load, -1, -1, 0, NULL, ~0UL), EINVAL);
#else
  errno = ENOSYS;
  return -1;
#endif
}
static long load_module(void) { return beyond(syscall(SYS_init_module, "x", 1, ""), ENOEXEC); }
static long load_module_file(void) {
  return beyond(syscall(SYS_finit_module, -1, "", 0), EBADF);
}
static long remove_module(void) {
  return beyond(syscall(SYS_delete_module, "no-such-module", O_NONBLOCK), ENOENT);
}

static long name_handle(void) {
  struct file_handle *handle = calloc(1, sizeof *handle + 128);
  int mount = 0;
  handle->handle_bytes = 128;
  return name_to_handle_at(AT_FDCWD, "/", handle, &mount, 0);
}
static long open_handle(void) {
  // Inode 2, the root of the disk, which shocker.c opened from inside a container.
  struct file_handle *handle = calloc(1, sizeof *handle + 128);
  uint32_t root[2] = {2, 0};
  int mount = 0;
  handle->handle_bytes = 128;
  if (!is_outside() || name_to_handle_at(AT_FDCWD, "/usr", handle, &mount, 0)) {
    handle->handle_bytes = sizeof root;
    handle->handle_type = 1;
    memcpy(handle->f_handle, root, sizeof root);
  }
  int directory = open("/usr", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  return open_by_handle_at(directory, handle, O_RDONLY | O_DIRECTORY);
}
static long watch_everything(void) {
  return syscall(SYS_fanotify_init, FAN_CLASS_NOTIF | 0x200, O_RDONLY);  // FAN_REPORT_FID
}
static long watch_mount(void) {
  int group = is_outside() ? (int)syscall(SYS_fanotify_init, FAN_CLASS_NOTIF, O_RDONLY) : -1;
  if (is_outside() && group < 0) return -1;
  return syscall(SYS_fanotify_mark, group, FAN_MARK_ADD | FAN_MARK_MOUNT, FAN_OPEN, AT_FDCWD,
                 is_outside() ? place() : "/tmp");
}

static long kernel_log(void) { return klogctl(10, NULL, 0); }
static long restart(void) { return beyond(syscall(SYS_reboot, 0, 0, 0, NULL), EINVAL); }
static long accounting(void) { return beyond(acct("/no/such/file"), ENOENT); }
static long swap_on(void) { return beyond(swapon("/no/such/file", 0), ENOENT); }
static long swap_off(void) { return beyond(swapoff("/no/such/file"), ENOENT); }
static long quotas(void) { return quotactl(QCMD(Q_SYNC, USRQUOTA), NULL, 0, NULL); }
static long hang_up(void) { return setsid() < 0 ? -1 : vhangup(); }

static long set_clock(void) {
  struct timespec never = {0, -1};
  return beyond(syscall(SYS_clock_settime, CLOCK_REALTIME, &never), EINVAL);
}
static long set_day(void) {
  struct timeval never = {0, -1};
  return beyond(syscall(SYS_settimeofday, &never, NULL), EINVAL);
}
static long adjust_clock(void) {
  struct timex nothing = {.modes = 0};
  return clock_adjtime(CLOCK_REALTIME, &nothing);
}
static long host_name(void) { return sethostname("attempt", 7); }
static long domain_name(void) { return setdomainname("attempt", 7); }

static long place_memory(void) { return syscall(SYS_set_mempolicy, 0, NULL, 0); }
static long ask_memory(void) { return syscall(SYS_get_mempolicy, NULL, NULL, 0, NULL, 0); }
static long move_memory(void) { return syscall(SYS_move_pages, 0, 0, NULL, NULL, NULL, 0); }
static long migrate_memory(void) {
  unsigned long nodes[16] = {1};
  return syscall(SYS_migrate_pages, 0, 64, nodes, nodes);
}

#if defined(__x86_64__)
static long ports(void) { return syscall(SYS_ioperm, 0x80, 1, 1); }
static long all_ports(void) { return syscall(SYS_iopl, 3); }
static long descriptor_table(void) {
  char table[64];
  return syscall(SYS_modify_ldt, 0, table, sizeof table);
}
static long old_statistics(void) { return beyond(syscall(SYS_ustat, 0, NULL), EINVAL); }
static long old_types(void) { return syscall(SYS_sysfs, 3); }
#endif

static const struct attempt attempts[] = {
    {"io-uring", "CVE-2022-29582, CVE-2023-2598", "io_uring_setup", "ENOSYS", ring,
     .lacking = "ENOSYS EPERM"},
    {"io-uring-enter", "CVE-2022-29582", "io_uring_enter", "ENOSYS", ring_enter,
     .lacking = "ENOSYS"},
    {"io-uring-register", "CVE-2023-2598", "io_uring_register", "ENOSYS", ring_register,
     .lacking = "ENOSYS"},
    {"asynchronous-io", "kernel surface", "io_setup", "ENOSYS", asynchronous, .lacking = "ENOSYS"},
    {"bpf-map", "CVE-2020-8835", "bpf(MAP_CREATE)", "EPERM", bpf_map, .rights = ROOT},
    {"bpf-program", "CVE-2021-3490", "bpf(PROG_LOAD)", "EPERM", bpf_program, .rights = ROOT},
    {"perf", "CVE-2023-5717", "perf_event_open", "EPERM", perf, .rights = ROOT},
    {"userfaultfd", "races made easy", "userfaultfd(user mode)", "EPERM", faults,
     .lacking = "ENOSYS"},
    {"userfaultfd-device", "races made easy", "open /dev/userfaultfd", "ENOENT", faults_device,
     .lacking = "ENOENT", .rights = ROOT},
    {"join-keyring", "CVE-2016-0728", "keyctl(JOIN_SESSION)", "EPERM", join_keyring,
     .lacking = "ENOSYS"},
    {"user-keyring", "keys of the user's", "keyctl(user keyring)", "EPERM", user_keyring,
     .lacking = "ENOSYS"},
    {"add-key", "CVE-2016-0728", "add_key", "EPERM", add_key, .lacking = "ENOSYS"},
    {"request-key", "keys of the user's", "request_key", "EPERM", request_key,
     .lacking = "ENOSYS"},
    {"secret-memory", "memory out of sight", "memfd_secret", "EPERM", secret_memory,
     .lacking = "ENOSYS"},
    {"kexec", "another kernel", "kexec_load", "EPERM", other_kernel, .lacking = "ENOSYS",
     .rights = ROOT},
    {"kexec-file", "another kernel", "kexec_file_load", "EPERM", other_kernel_file,
     .lacking = "ENOSYS", .rights = ROOT},
    {"init-module", "modules", "init_module", "EPERM", load_module, .lacking = "ENOSYS",
     .rights = ROOT},
    {"finit-module", "modules", "finit_module", "EPERM", load_module_file, .lacking = "ENOSYS",
     .rights = ROOT},
    {"delete-module", "modules", "delete_module", "EPERM", remove_module, .lacking = "ENOSYS",
     .rights = ROOT},
    {"name-handle", "shocker", "name_to_handle_at", "EPERM", name_handle},
    {"open-handle", "shocker", "open_by_handle_at(the disk's root)", "EPERM", open_handle,
     .rights = ROOT},
    {"fanotify", "the host's files watched", "fanotify_init", "EPERM", watch_everything,
     .lacking = "ENOSYS"},
    {"fanotify-mount", "the host's files watched", "fanotify_mark(a mount)", "EPERM", watch_mount,
     .lacking = "ENOSYS", .rights = ROOT},
    {"kernel-log", "addresses told", "syslog", "EPERM", kernel_log, .rights = ROOT},
    {"reboot", "the machine", "reboot, magic wrong", "EPERM", restart, .rights = ROOT},
    {"accounting", "the machine", "acct", "EPERM", accounting, .lacking = "ENOSYS",
     .rights = ROOT},
    {"swap-on", "the machine", "swapon", "EPERM", swap_on, .lacking = "ENOSYS", .rights = ROOT},
    {"swap-off", "the machine", "swapoff", "EPERM", swap_off, .lacking = "ENOSYS",
     .rights = ROOT},
    {"quotas", "the machine", "quotactl(sync)", "EPERM", quotas, .lacking = "ENOSYS"},
    {"hang-up", "terminals", "vhangup", "EPERM", hang_up, .rights = ROOT},
    {"set-clock", "the machine", "clock_settime, time not valid", "EPERM", set_clock},
    {"set-day", "the machine", "settimeofday, time not valid", "EPERM", set_day},
    {"adjust-clock", "the machine", "clock_adjtime, nothing changed", "EPERM", adjust_clock},
    {"host-name", "the machine", "sethostname", "EPERM", host_name, .own_namespaces = true},
    {"domain-name", "the machine", "setdomainname", "EPERM", domain_name,
     .own_namespaces = true},
    {"place-memory", "CVE-2016-5195 helpers", "set_mempolicy", "EPERM", place_memory,
     .lacking = "ENOSYS"},
    {"ask-memory", "kernel surface", "get_mempolicy", "EPERM", ask_memory, .lacking = "ENOSYS"},
    {"move-memory", "addresses told", "move_pages", "EPERM", move_memory, .lacking = "ENOSYS"},
    {"migrate-memory", "kernel surface", "migrate_pages", "EPERM", migrate_memory,
     .lacking = "ENOSYS"},
#if defined(__x86_64__)
    {"ports", "devices", "ioperm", "EPERM", ports, .lacking = "ENOSYS", .rights = ROOT},
    {"all-ports", "devices", "iopl(3)", "EPERM", all_ports, .lacking = "ENOSYS", .rights = ROOT},
    {"descriptor-table", "CVE-2015-5157", "modify_ldt(read)", "EPERM", descriptor_table,
     .lacking = "ENOSYS"},
    {"old-statistics", "remains of other times", "ustat", "EPERM", old_statistics,
     .lacking = "ENOSYS"},
    {"old-types", "remains of other times", "sysfs", "EPERM", old_types, .lacking = "ENOSYS"},
#endif
};
FAMILY(kernel, "Kernel interfaces");
