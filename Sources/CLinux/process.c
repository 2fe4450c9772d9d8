// Everything between clone and exec stands in this file. The child runs on a copy of its parent's
// memory, so it calls nothing but system calls until it is another program.
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// group: a cgroup of version 2 to be born in, −1 for the parent's. Moving a process that exists
// takes a lock over all of the machine's processes, and with it milliseconds.
static pid_t clone_with(uint64_t flags, int group, int *pidfd) {
  if (group >= 0) flags |= CLONE_INTO_CGROUP;
  struct clone_args arguments = {
      .flags = flags | CLONE_PIDFD | CLONE_CLEAR_SIGHAND,
      .pidfd = (uint64_t)(uintptr_t)pidfd,
      .exit_signal = SIGCHLD,
      .cgroup = group >= 0 ? (uint64_t)group : 0,
  };
  return (pid_t)syscall(SYS_clone3, &arguments, sizeof arguments);
}

__attribute__((noreturn)) static void fail(int report, int32_t step) {
  int32_t words[2] = {errno, step};
  // Nobody is left to tell where this write fails: the parent sees the end of file and the status.
  ssize_t written = write(report, words, sizeof words);
  (void)written;
  _exit(70);
}

static void wait_at(int gate, int report) {
  char byte;
  ssize_t count;
  do count = read(gate, &byte, 1);
  while (count < 0 && errno == EINTR);
  if (count == 0) _exit(70);  // the parent is gone, or gave up
  if (count < 0) fail(report, CLINUX_STEP_GATE);
}

// "0" is whoever writes it, and needs no lock over all processes as another's number does (20 µs
// against 5 to 12 ms). The kernel asks for the rights of who opened the file: the parent.
static void enter_groups(const struct clinux_launch *launch, int report) {
  for (size_t i = 0; i < launch->task_count; i++)
    if (write(launch->tasks[i], "0", 1) != 1) fail(report, CLINUX_STEP_CGROUP);
  if (launch->task_count == 0 && launch->group < 0) return;
  if (syscall(SYS_unshare, CLONE_NEWCGROUP) != 0) fail(report, CLINUX_STEP_CGROUP_NAMESPACE);
}

// Without this the exec drops what clone gave in the new user namespace: nobody has a UID there yet.
// Ambient capabilities outlive an exec whatever the UID, and so nobody waits for the maps.
static int raise_ambient(void) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct sets[2];
  if (syscall(SYS_capget, &header, sets) != 0) return -1;
  sets[0].inheritable = sets[0].permitted;
  sets[1].inheritable = sets[1].permitted;
  if (syscall(SYS_capset, &header, sets) != 0) return -1;
  for (int capability = 0; capability < 64; capability++) {
    if (!(sets[capability / 32].permitted & (1u << (capability % 32)))) continue;
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0) != 0) return -1;
  }
  return 0;
}

// Puts descriptors[i] at i, and nothing where that is −1. First all of them above the targets, so that none is overwritten.
static int place(const int *descriptors, size_t count, int *executable, int *report) {
  int above = (int)count + 3;
  int moved[64];
  if (count > 64) {
    errno = EMFILE;
    return -1;
  }
  if ((*report = fcntl(*report, F_DUPFD_CLOEXEC, above)) < 0) return -1;
  if ((*executable = fcntl(*executable, F_DUPFD_CLOEXEC, above)) < 0) return -1;
  for (size_t i = 0; i < count; i++) {
    moved[i] = descriptors[i] < 0 ? -1 : fcntl(descriptors[i], F_DUPFD_CLOEXEC, above);
    if (descriptors[i] >= 0 && moved[i] < 0) return -1;
  }
  for (size_t i = 0; i < count; i++) {
    if (moved[i] < 0)
      close((int)i);
    else if (dup2(moved[i], (int)i) < 0)
      return -1;
  }
  // Whatever the parent inherited without close-on-exec ends here too.
  return (int)syscall(SYS_close_range, (unsigned)count, ~0u, CLOSE_RANGE_CLOEXEC);
}

__attribute__((noreturn)) static void become(const struct clinux_launch *launch) {
  int report = launch->report, executable = launch->executable;
  enter_groups(launch, report);
  if (launch->gate >= 0) {
    close(launch->gate_writer);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) fail(report, CLINUX_STEP_DEATH_SIGNAL);
    wait_at(launch->gate, report);
  }
  if (launch->clear_groups && syscall(SYS_setgroups, 0, (void *)0) != 0) fail(report, CLINUX_STEP_GROUPS);
  if (launch->gid >= 0 &&
      syscall(SYS_setresgid, (gid_t)launch->gid, (gid_t)launch->gid, (gid_t)launch->gid) != 0)
    fail(report, CLINUX_STEP_GID);
  if (launch->uid >= 0 &&
      syscall(SYS_setresuid, (uid_t)launch->uid, (uid_t)launch->uid, (uid_t)launch->uid) != 0)
    fail(report, CLINUX_STEP_UID);
  if (launch->raise_ambient && raise_ambient() != 0) fail(report, CLINUX_STEP_AMBIENT);
  // A change of UID clears it.
  if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) fail(report, CLINUX_STEP_DEATH_SIGNAL);
  if (place(launch->descriptors, launch->descriptor_count, &executable, &report) != 0)
    fail(report, CLINUX_STEP_DESCRIPTORS);
  sigset_t none;
  sigemptyset(&none);
  if (sigprocmask(SIG_SETMASK, &none, 0) != 0) fail(report, CLINUX_STEP_SIGNALS);
  static const char *const no_environment[] = {0};
  syscall(SYS_execveat, executable, "", launch->arguments, no_environment, AT_EMPTY_PATH);
  fail(report, CLINUX_STEP_EXEC);
}

pid_t clinux_start(const struct clinux_launch *launch, int *pidfd) {
  uint64_t namespaces = launch->namespaces;
  // Made too early, the namespace would show the way from the parent's group to the child's.
  if (launch->task_count != 0 || launch->group >= 0) namespaces &= ~(uint64_t)CLONE_NEWCGROUP;
  pid_t pid = clone_with(namespaces, launch->group, pidfd);
  if (pid == 0) become(launch);
  return pid;
}

// A child that only holds a user namespace open until its gate closes: what an id-mapped mount
// takes its map from.
pid_t clinux_namespace_holder(uint64_t namespaces, int gate, int *pidfd) {
  pid_t pid = clone_with(namespaces, -1, pidfd);
  if (pid == 0) {
    // Nothing else of the parent's: above all not the gate's write end, nor a control socket.
    if (dup2(gate, 0) < 0 || syscall(SYS_close_range, 1u, ~0u, 0u) != 0) _exit(70);
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    char byte;
    while (read(0, &byte, 1) < 0 && errno == EINTR) {
    }
    _exit(0);
  }
  return pid;
}

pid_t clinux_fork(void) { return fork(); }

int clinux_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

int clinux_pidfd_signal(int pidfd, int signal) {
  return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, (void *)0, 0);
}

pid_t clinux_wait(pid_t pid, int *status, int *signalled, int no_hang) {
  int raw = 0;
  pid_t ended = waitpid(pid, &raw, no_hang ? WNOHANG : 0);
  if (ended > 0) {
    *signalled = WIFSIGNALED(raw);
    *status = *signalled ? WTERMSIG(raw) : WEXITSTATUS(raw);
  }
  return ended;
}

int clinux_parent_death_signal(int signal) { return prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0); }
int clinux_not_dumpable(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }
int clinux_no_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); }

// setfsuid and setfsgid never fail but by doing nothing: the second call of each tells.
int clinux_take_file_identity(uint32_t uid, uint32_t gid) {
  syscall(SYS_setfsgid, (gid_t)gid);
  syscall(SYS_setfsuid, (uid_t)uid);
  if (syscall(SYS_setfsgid, (gid_t)-1) == (long)gid && syscall(SYS_setfsuid, (uid_t)-1) == (long)uid)
    return 0;
  errno = EPERM;
  return -1;
}

int clinux_execve(
    const char *path, const char *const *arguments, const char *const *environment) {
  return execve(path, (char *const *)arguments, (char *const *)environment);
}
