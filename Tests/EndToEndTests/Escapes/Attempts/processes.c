// Other processes: tracing them, reading and writing them, taking their descriptors, signalling and
// slowing them down. The keeper is PID 1 of the sandbox, the victim a process of the host's.
#include "attempts.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t victim(void) { return (pid_t)given_number("victim"); }

static long seize_keeper(void) {
  int pid = keeper();
  return pid < 0 ? -1 : ptrace(PTRACE_SEIZE, pid, 0, 0);
}
static long seize_child(void) {
  int child = waiting_child();
  long value = ptrace(PTRACE_SEIZE, child, 0, 0);
  int error = errno;
  end_child(child);
  errno = error;
  return value;
}
static long be_traced(void) { return ptrace(PTRACE_TRACEME, 0, 0, 0); }

static long read_memory(pid_t pid) {
  char byte;
  struct iovec here = {&byte, 1}, there = {(void *)(uintptr_t)&read_memory, 1};
  return process_vm_readv(pid, &here, 1, &there, 1, 0);
}
static long read_keeper(void) {
  int pid = keeper();
  return pid < 0 ? -1 : beyond(read_memory(pid), EFAULT);
}
static long write_child(void) {
  static char byte = 1;
  int child = waiting_child();
  struct iovec here = {&byte, 1}, there = {&byte, 1};
  long value = process_vm_writev(child, &here, 1, &there, 1, 0);
  int error = errno;
  end_child(child);
  errno = error;
  return value;
}

static long take_descriptor(pid_t pid) {
  int process = (int)syscall(SYS_pidfd_open, pid, 0);
  return process < 0 ? -1 : syscall(SYS_pidfd_getfd, process, 1, 0);
}
static long descriptor_of_keeper(void) {
  int pid = keeper();
  return pid < 0 ? -1 : take_descriptor(pid);
}
static long descriptor_of_child(void) {
  int child = waiting_child();
  long value = take_descriptor(child);
  int error = errno;
  end_child(child);
  errno = error;
  return value;
}
static long compare(void) {
  return syscall(SYS_kcmp, getpid(), getppid(), 2, 0, 0);  // KCMP_FILES
}
static long advise(void) {
  int process = (int)syscall(SYS_pidfd_open, getpid(), 0);
  struct iovec page = {NULL, 0};
  return syscall(SYS_process_madvise, process, &page, 0, 20, 0);  // MADV_COLD
}

static long keeper_memory(void) { return opens(of_keeper("mem"), O_RDWR); }
static long keeper_root(void) { return opens(of_keeper("root/etc"), O_RDONLY); }
static long keeper_directory(void) { return opens(of_keeper("cwd/."), O_RDONLY); }
static long keeper_environment(void) { return opens(of_keeper("environ"), O_RDONLY); }
static long keeper_descriptors(void) { return opens(of_keeper("fd"), O_RDONLY | O_DIRECTORY); }
static long keeper_maps(void) { return opens(of_keeper("maps"), O_RDONLY); }
static long keeper_program(void) { return opens(of_keeper("exe"), O_RDONLY); }
static long keeper_stack(void) { return opens(of_keeper("syscall"), O_RDONLY); }
static long keeper_directory_as_pidfd(void) {
  int process = open(of_keeper(""), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  return process < 0 ? -1 : syscall(SYS_pidfd_send_signal, process, 0, NULL, 0);
}
// Where PID 1 has the same UID and Landlock does not keep signals in, they are taken and come to
// nothing: the kernel lets no process end or stop the first one of its own PID namespace.
static long came_to_nothing(long value) {
  if (value != 0 || is_outside()) return value;
  if (kill(1, SIGSTOP) || kill(1, SIGKILL)) return -1;
  usleep(20000);
  note("taken, and without effect");
  return kill(1, 0) == 0 ? NOTHING : 0;
}
static long signal_keeper(void) {
  int pid = keeper();
  return pid < 0 ? -1 : came_to_nothing(kill(pid, 0));
}
static long signal_keeper_pidfd(void) {
  int pid = keeper();
  int process = pid < 0 ? -1 : (int)syscall(SYS_pidfd_open, pid, 0);
  if (process < 0) return -1;
  return came_to_nothing(syscall(SYS_pidfd_send_signal, process, 0, NULL, 0));
}
static long slow_keeper(void) {
  int pid = keeper();
  return pid < 0 ? -1 : setpriority(PRIO_PROCESS, (id_t)pid, 1);
}
static long pin_keeper(void) {
  cpu_set_t now;
  int pid = keeper();
  if (pid < 0 || sched_getaffinity(pid, sizeof now, &now) < 0) return -1;
  return sched_setaffinity(pid, sizeof now, &now);
}
static long disk_keeper(void) {
  int pid = keeper();
  return pid < 0 ? -1 : syscall(SYS_ioprio_set, 1, pid, 2 << 13 | 5);  // best effort, 5
}
static long keeper_limits(void) {
  int pid = keeper();
  if (pid < 0) return -1;
  struct rlimit now;
  if (prlimit(pid, RLIMIT_CORE, NULL, &now)) return -1;
  return prlimit(pid, RLIMIT_CORE, &now, NULL);
}

static long signal_victim(void) { return kill(victim(), 0); }
static long signal_thread(void) { return syscall(SYS_tgkill, victim(), victim(), 0); }
static long queue_signal(void) {
  return sigqueue(victim(), 0, (union sigval){.sival_int = 0});
}
static long watch_victim(void) { return syscall(SYS_pidfd_open, victim(), 0); }
static long see_victim(void) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/status", victim());
  return opens(path, O_RDONLY);
}
static long limit_victim(void) {
  struct rlimit now;
  if (prlimit(victim(), RLIMIT_NOFILE, NULL, &now)) return -1;
  return prlimit(victim(), RLIMIT_NOFILE, &now, NULL);
}
static long slow_victim(void) { return setpriority(PRIO_PROCESS, (id_t)victim(), 1); }
static long pin_victim(void) {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(0, &one);
  return sched_setaffinity(victim(), sizeof one, &one);
}
static long idle_victim(void) {
  struct sched_param none = {0};
  return sched_setscheduler(victim(), SCHED_BATCH, &none);
}
static long disk_victim(void) {
  return syscall(SYS_ioprio_set, 1, victim(), 2 << 13 | 5);  // best effort, 5
}
static long async_victim(void) {
  int ends[2];
  if (pipe(ends)) return -1;
  return fcntl(ends[0], F_SETOWN, victim());
}

// Which processes exist at all, whether or not they may be signalled; signal 0 sends nothing.
static long other_processes(void) {
  int found = 0;
  for (pid_t pid = 1; pid < 65536; pid++) {
    if (pid == getpid() || pid == getppid()) continue;
    if (kill(pid, 0) == 0 || errno == EPERM) found++;
  }
  note("%d others", found);
  return found > 8 ? 0 : NOTHING;
}
static long listed_processes(void) {
  DIR *directory = opendir("/proc");
  if (!directory) return -1;
  int found = 0;
  for (struct dirent *each; (each = readdir(directory));)
    found += isdigit((unsigned char)each->d_name[0]) != 0;
  note("%d listed", found);
  return found > 8 ? 0 : NOTHING;
}

// /proc shows nobody what he may not trace. Where another process looked before, whom the kernel
// showed it, the name is known to the kernel's cache, and the answer is EPERM.
#define UNSEEN "ENOENT EPERM"

static const struct attempt attempts[] = {
    {"trace-keeper", "CVE-2019-13272, CVE-2026-41163", "PTRACE_SEIZE PID 1", "EPERM",
     seize_keeper},
    {"trace-child", "ptrace", "PTRACE_SEIZE a child", "EPERM", seize_child},
    {"be-traced", "CVE-2019-13272", "PTRACE_TRACEME", "EPERM", be_traced},
    {"read-keeper", "CVE-2016-9962", "process_vm_readv PID 1", "EPERM", read_keeper},
    {"write-child", "process memory", "process_vm_writev a child", "EPERM", write_child,
     .lacking = "ENOSYS"},
    {"take-keepers-descriptor", "CVE-2016-9962", "pidfd_getfd PID 1", "EPERM",
     descriptor_of_keeper},
    {"take-childs-descriptor", "descriptors", "pidfd_getfd a child", "EPERM",
     descriptor_of_child},
    {"compare-processes", "kernel pointers told apart", "kcmp", "EPERM", compare,
     .lacking = "ENOSYS"},
    {"advise-process", "process memory", "process_madvise", "EPERM", advise, .lacking = "ENOSYS"},
    {"keeper-memory", "CVE-2016-9962", "open PID 1's mem to write", UNSEEN, keeper_memory},
    {"keeper-root", "CVE-2016-9962", "open PID 1's root/etc", UNSEEN, keeper_root},
    {"keeper-cwd", "CVE-2024-21626", "open PID 1's cwd", UNSEEN, keeper_directory},
    {"keeper-environ", "bubblewrap #725", "open PID 1's environ", UNSEEN, keeper_environment},
    {"keeper-fd", "CVE-2016-9962", "open PID 1's fd/", UNSEEN, keeper_descriptors},
    {"keeper-maps", "addresses told", "open PID 1's maps", UNSEEN, keeper_maps},
    {"keeper-exe", "CVE-2019-5736", "open PID 1's exe", UNSEEN, keeper_program},
    {"keeper-syscall", "addresses told", "open PID 1's syscall", UNSEEN, keeper_stack},
    {"keeper-as-pidfd", "signals", "pidfd_send_signal by /proc/1", UNSEEN,
     keeper_directory_as_pidfd},
    {"keeper-limits", "PID 1's limits", "prlimit PID 1", "EPERM", keeper_limits},
    {"signal-keeper", "signals", "kill PID 1", "EPERM nothing", signal_keeper},
    {"signal-keeper-pidfd", "signals", "pidfd_send_signal PID 1", "EPERM nothing",
     signal_keeper_pidfd},
    {"slow-keeper", "PID 1 hindered", "setpriority PID 1", "EPERM", slow_keeper},
    {"pin-keeper", "PID 1 hindered", "sched_setaffinity PID 1", "EPERM", pin_keeper},
    {"ioprio-keeper", "PID 1 hindered", "ioprio_set PID 1", "EPERM", disk_keeper,
     .lacking = "ENOSYS"},
    {"signal-host", "signals", "kill(a host's process)", "ESRCH", signal_victim},
    {"signal-host-thread", "signals", "tgkill(a host's process)", "ESRCH", signal_thread},
    {"queue-host-signal", "signals", "rt_sigqueueinfo(a host's process)", "ESRCH", queue_signal},
    {"async-host-signal", "signals", "F_SETOWN a host's process", "ESRCH", async_victim},
    {"watch-host", "processes seen", "pidfd_open(a host's process)", "ESRCH", watch_victim},
    {"see-host", "processes seen", "open a host's process's status", "ENOENT", see_victim},
    {"limit-host", "other processes hindered", "prlimit(a host's process)", "EPERM",
     limit_victim},
    {"slow-host", "other processes hindered", "setpriority(a host's process)", "ESRCH",
     slow_victim},
    {"pin-host", "other processes hindered", "sched_setaffinity(a host's process)", "ESRCH",
     pin_victim},
    {"idle-host", "other processes hindered", "sched_setscheduler(a host's process)", "ESRCH",
     idle_victim},
    {"ioprio-host", "other processes hindered", "ioprio_set(a host's process)", "ESRCH",
     disk_victim, .lacking = "ENOSYS"},
    {"other-processes", "processes seen", "processes that answer to their number", "nothing",
     other_processes},
    {"listed-processes", "processes seen", "processes that /proc lists", "nothing",
     listed_processes},
};
FAMILY(processes, "Other processes");
