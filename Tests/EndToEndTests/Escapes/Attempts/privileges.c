// Privileges to be won: programs that give them, capabilities, identities.
#include "attempts.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// Runs a program that tells its effective UID and permitted capabilities: "UID SET".
static long gains(const char *name) {
  char path[512], answer[64] = "";
  snprintf(path, sizeof path, "%s/%s", given("prepared"), name);
  int ends[2];
  if (pipe2(ends, O_CLOEXEC)) return -1;
  uid_t before = 0;
  pid_t child = fork();
  if (child == 0) {
    // Root would gain nothing outside.
    if (is_outside() && geteuid() == 0 && (setgroups(0, NULL) || setuid(65534))) _exit(1);
    dup2(ends[1], 1);
    execl(path, path, NULL);
    dprintf(ends[1], "errno %d", errno);
    _exit(1);
  }
  close(ends[1]);
  ssize_t size = read(ends[0], answer, sizeof answer - 1);
  waitpid(child, NULL, 0);
  if (size <= 0) return -1;
  int error = 0;
  if (sscanf(answer, "errno %d", &error) == 1) {
    errno = error;
    return -1;
  }
  unsigned uid = 0;
  unsigned long long set = 0;
  if (sscanf(answer, "%u %llx", &uid, &set) != 2) return -1;
  before = is_outside() && geteuid() == 0 ? 65534 : geteuid();
  note("uid %u, capabilities %llx", uid, set);
  return uid != before || set != 0 ? 0 : NOTHING;
}
static long setuid_program(void) { return gains("setuid"); }
static long capable_program(void) { return gains("capable"); }

static long field(const char *name, int base) {
  FILE *file = fopen("/proc/self/status", "re");
  if (!file) return -1;
  char line[256];
  while (fgets(line, sizeof line, file))
    if (!strncmp(line, name, strlen(name)) && line[strlen(name)] == ':')
      return (long)strtoull(line + strlen(name) + 1, NULL, base);
  errno = ENODATA;
  return -1;
}
static long capabilities_left(void) {
  static const char *const sets[] = {"CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"};
  long any = 0;
  for (int i = 0; i < 5; i++) {
    long set = field(sets[i], 16);
    if (set == -1) return -1;
    any |= set;
  }
  return any ? 0 : NOTHING;
}
static long privileges_left(void) { return field("NoNewPrivs", 10) == 1 ? NOTHING : 0; }
static long unfiltered(void) { return field("Seccomp", 10) == 2 ? NOTHING : 0; }

static long become_root(void) { return setuid(0); }
static long become_root_group(void) { return setgid(0); }
static long become_root_files(void) { return setfsuid(0), setfsuid(-1) == 0 ? 0 : NOTHING; }
static long take_groups(void) { return setgroups(1, (gid_t[]){0}); }
static long drop_groups(void) { return setgroups(0, NULL); }
static long give_to_root(void) {
  const char *path = at_place("given");
  close(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  return chown(path, 0, 0);
}

static long raise_all(void) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct data[2] = {{1u << CAP_NET_RAW, 1u << CAP_NET_RAW, 0}};
  return syscall(SYS_capset, &header, data);
}
static long raise_inheritable(void) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  unsigned bit = is_outside() ? 1u << CAP_NET_RAW : 0;
  struct __user_cap_data_struct data[2] = {{bit, bit, 1u << CAP_NET_RAW}};
  return syscall(SYS_capset, &header, data);
}
static long raise_ambient(void) {
  if (is_outside() && raise_inheritable()) return -1;
  return prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_RAW, 0, 0);
}
static long pretend(void) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends)) return -1;
  union {
    struct cmsghdr header;
    char space[CMSG_SPACE(sizeof(struct ucred))];
  } control = {.header = {.cmsg_len = CMSG_LEN(sizeof(struct ucred)), .cmsg_level = SOL_SOCKET,
                          .cmsg_type = SCM_CREDENTIALS}};
  struct ucred someone = {.pid = 1, .uid = getuid(), .gid = getgid()};
  memcpy(CMSG_DATA(&control.header), &someone, sizeof someone);
  struct iovec text = {"x", 1};
  struct msghdr message = {.msg_iov = &text, .msg_iovlen = 1, .msg_control = &control,
                           .msg_controllen = sizeof control.space};
  return sendmsg(ends[0], &message, 0);
}

static const struct attempt attempts[] = {
    {"setuid-program", "CVE-2021-4034, CVE-2025-32463", "run a set-UID root program", "nothing",
     setuid_program},
    {"capable-program", "file capabilities", "run a program with CAP_NET_RAW", "nothing",
     capable_program},
    {"capabilities-left", "capabilities", "any bit of the five sets", "nothing",
     capabilities_left},
    {"privileges-left", "no_new_privs", "NoNewPrivs not set", "nothing", privileges_left},
    {"unfiltered", "seccomp", "no system call filter", "nothing", unfiltered},
    {"become-root", "identity", "setuid(0)", "EPERM EINVAL", become_root,
     .own_namespaces = true},
    {"become-root-group", "identity", "setgid(0)", "EPERM EINVAL", become_root_group,
     .rights = ROOT},
    {"become-root-files", "identity", "setfsuid(0)", "nothing", become_root_files,
     .own_namespaces = true},
    {"take-groups", "CVE-2014-8989", "setgroups(root's)", "EPERM", take_groups, .rights = ROOT},
    {"drop-groups", "CVE-2014-8989", "setgroups(none)", "EPERM", drop_groups, .rights = ROOT},
    {"give-to-root", "identity", "chown(a file of its own, 0)", "EPERM EINVAL", give_to_root,
     .own_namespaces = true},
    {"raise-permitted", "capabilities", "capset(NET_RAW)", "EPERM", raise_all,
     .own_namespaces = true},
    {"raise-inheritable", "capabilities", "capset(inheritable NET_RAW)", "EPERM",
     raise_inheritable, .own_namespaces = true},
    {"raise-ambient", "capabilities", "prctl(CAP_AMBIENT_RAISE)", "EPERM", raise_ambient,
     .own_namespaces = true},
    {"pretend", "identity forged", "SCM_CREDENTIALS of PID 1", "EPERM", pretend, .rights = ROOT},
};
FAMILY(privileges, "Privileges");
