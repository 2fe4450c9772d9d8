// A namespace of one's own is where most of the kernel's attack surface opens: whoever is root in a
// user namespace may mount, configure networks and load rules.
#include "attempts.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80
#endif

static long collected(long pid) {
  if (pid == 0) _exit(0);
  if (pid > 0) waitpid((pid_t)pid, NULL, 0);
  return pid;
}

static long clones(unsigned long flags) {
  return collected(syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0));
}

static long unshare_user(void) { return unshare(CLONE_NEWUSER); }
static long unshare_mount(void) { return unshare(CLONE_NEWUSER | CLONE_NEWNS); }
static long unshare_network(void) { return unshare(CLONE_NEWUSER | CLONE_NEWNET); }
static long unshare_process(void) { return unshare(CLONE_NEWUSER | CLONE_NEWPID); }
static long unshare_ipc(void) { return unshare(CLONE_NEWUSER | CLONE_NEWIPC); }
static long unshare_names(void) { return unshare(CLONE_NEWUSER | CLONE_NEWUTS); }
static long unshare_cgroup(void) { return unshare(CLONE_NEWUSER | CLONE_NEWCGROUP); }
static long unshare_time(void) { return unshare(CLONE_NEWUSER | CLONE_NEWTIME); }
static long unshare_files(void) { return unshare(CLONE_FILES | CLONE_FS | CLONE_SYSVSEM); }

static long clone_user(void) { return clones(CLONE_NEWUSER); }
static long clone_network(void) { return clones(CLONE_NEWUSER | CLONE_NEWNET); }
// The kernel takes the lower half of the flags only; a filter that compares all of them is passed.
static long clone_upper(void) { return clones(CLONE_NEWUSER | 1UL << 32); }

static long clone3_user(void) {
  uint64_t arguments[11] = {CLONE_NEWUSER, 0, 0, 0, SIGCHLD};
  return collected(syscall(SYS_clone3, arguments, sizeof arguments));
}
static long clone3_plain(void) {
  uint64_t arguments[11] = {0, 0, 0, 0, SIGCHLD};
  return collected(syscall(SYS_clone3, arguments, sizeof arguments));
}

static long enters(int descriptor, int kind) {
  return descriptor < 0 ? -1 : setns(descriptor, kind);
}

static long setns_own(void) {
  return enters(open("/proc/self/ns/uts", O_RDONLY | O_CLOEXEC), CLONE_NEWUTS);
}
static long setns_process(void) {
  return enters((int)syscall(SYS_pidfd_open, getpid(), 0), CLONE_NEWUTS | CLONE_NEWIPC);
}

static long keeper_user(void) { return opens(of_keeper("ns/user"), O_RDONLY); }
static long keeper_mount(void) { return opens(of_keeper("ns/mnt"), O_RDONLY); }
static long keeper_network(void) { return opens(of_keeper("ns/net"), O_RDONLY); }
static long keeper_process(void) { return opens(of_keeper("ns/pid"), O_RDONLY); }

static long raise_limit(void) {
  // A limit belongs to a user namespace; outside there is one of its own to raise it in.
  if (is_outside() && unshare(CLONE_NEWUSER)) return -1;
  return opens("/proc/sys/user/max_user_namespaces", O_WRONLY);
}

static long write_map(void) {
  // Outside the map of a new user namespace is there to be written once.
  if (is_outside() && unshare(CLONE_NEWUSER)) return -1;
  int descriptor = open("/proc/self/uid_map", O_WRONLY | O_CLOEXEC);
  if (descriptor < 0) return -1;
  const char *line = is_outside() ? given("map") : "0 0 1";
  return write(descriptor, line, strlen(line));
}

// /proc shows nobody what he may not trace. Where another process looked before, whom the kernel
// showed it, the name is known to the kernel's cache, and the answer is EPERM.
#define UNSEEN "ENOENT EPERM"

static const struct attempt attempts[] = {
    {"unshare-user", "CVE-2022-0185, CVE-2023-0386, CVE-2024-1086", "unshare(NEWUSER)", "EPERM",
     unshare_user},
    {"unshare-mount", "CVE-2021-3493", "unshare(NEWUSER|NEWNS)", "EPERM", unshare_mount},
    {"unshare-network", "CVE-2022-32250", "unshare(NEWUSER|NEWNET)", "EPERM", unshare_network},
    {"unshare-pid", "CVE-2022-0185", "unshare(NEWUSER|NEWPID)", "EPERM", unshare_process},
    {"unshare-ipc", "CVE-2022-0185", "unshare(NEWUSER|NEWIPC)", "EPERM", unshare_ipc},
    {"unshare-uts", "CVE-2022-0185", "unshare(NEWUSER|NEWUTS)", "EPERM", unshare_names},
    {"unshare-cgroup", "CVE-2022-0492", "unshare(NEWUSER|NEWCGROUP)", "EPERM", unshare_cgroup},
    {"unshare-time", "CVE-2022-0185", "unshare(NEWUSER|NEWTIME)", "EPERM", unshare_time,
     .lacking = "EINVAL"},
    {"unshare-files", "kernel surface", "unshare(FILES|FS|SYSVSEM)", "EPERM", unshare_files},
    {"clone-user", "CVE-2022-0185", "clone(NEWUSER)", "EPERM", clone_user},
    {"clone-network", "CVE-2022-32250", "clone(NEWUSER|NEWNET)", "EPERM", clone_network},
    {"clone-upper-bits", "CVE-2019-10063, upper halves", "clone(NEWUSER | 1<<32)", "EPERM",
     clone_upper},
    {"clone3-user", "CVE-2021-41133", "clone3(NEWUSER)", "ENOSYS", clone3_user},
    {"clone3-plain", "CVE-2021-41133", "clone3 whose flags no filter sees", "ENOSYS", clone3_plain},
    {"setns-own", "re-entry", "setns(own UTS namespace)", "EPERM", setns_own,
     .own_namespaces = true},
    {"setns-pidfd", "re-entry", "setns(pidfd, NEWUTS|NEWIPC)", "EPERM", setns_process,
     .own_namespaces = true},
    {"keeper-user-namespace", "re-entry", "open PID 1's ns/user", UNSEEN, keeper_user},
    {"keeper-mount-namespace", "re-entry", "open PID 1's ns/mnt", UNSEEN, keeper_mount},
    {"keeper-network-namespace", "re-entry", "open PID 1's ns/net", UNSEEN, keeper_network},
    {"keeper-pid-namespace", "re-entry", "open PID 1's ns/pid", UNSEEN, keeper_process},
    {"namespace-limit", "re-entry", "open max_user_namespaces to write", "ENOENT", raise_limit},
    {"write-uid-map", "CVE-2014-8989", "write /proc/self/uid_map", "EPERM EACCES", write_map},
};
FAMILY(namespaces, "Namespaces");
