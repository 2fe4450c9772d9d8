// Makes the attempts, each in a child of its own, and writes what came of each to stderr:
//
//   list                            attempt TAB name TAB family TAB class TAB what TAB expected TAB …
//   try inside|outside KEY=VALUE…   result TAB name TAB answer TAB words
//
// An answer is "through", an errno's name, a signal's name, "nothing" or "timeout".
#include "attempts.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern const struct family namespaces, mounts, processes, kernel, hardening, sockets, network, files,
    terminal, privileges, launcher, host_objects, ipc, limits, information, neighbours;

static const struct family *const families[] = {
    &namespaces, &mounts,   &processes,  &kernel,   &hardening,    &sockets, &network, &files,
    &terminal,   &privileges, &launcher, &host_objects, &ipc, &limits,  &information,
};

struct result {
  int kind;  // of the enum below
  int error;
  char words[160];
};
enum { UNFINISHED, THROUGH, REFUSED, EMPTY };

static struct result *result;
static char **parameters;
static bool outside;
static pid_t main_process;

const char *given(const char *key) {
  size_t length = strlen(key);
  for (char **each = parameters; each && *each; each++)
    if (!strncmp(*each, key, length) && (*each)[length] == '=') return *each + length + 1;
  dprintf(2, "error\tno parameter %s\n", key);
  _exit(64);
}

long given_number(const char *key) { return atol(given(key)); }

bool is_outside(void) { return outside; }

void note(const char *format, ...) {
  size_t used = strlen(result->words);
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(result->words + used, sizeof result->words - used, format, arguments);
  va_end(arguments);
}

int keeper(void) {
  if (outside) return (int)given_number("victim");
  if (main_process != 1) return 1;
  note("the program itself is PID 1");
  errno = ESRCH;
  return -1;
}

const char *of_keeper(const char *name) {
  static char path[128];
  int pid = keeper();
  // Where there is no keeper a PID that cannot be stands for it: no path of it exists.
  snprintf(path, sizeof path, "/proc/%d/%s", pid > 0 ? pid : 4194305, name);
  return path;
}

const char *place(void) { return outside ? given("scratch") : "/tmp"; }

const char *at_place(const char *name) {
  static char paths[4][512];
  static unsigned next;
  char *path = paths[next++ % 4];
  snprintf(path, sizeof paths[0], "%s/%s", place(), name);
  return path;
}

long beyond(long value, int error) {
  if (value != -1 || errno != error) return value;
  note("got to %s", strerrorname_np(error));
  return 0;
}

long opens(const char *path, int flags) {
  int descriptor = open(path, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (descriptor >= 0) close(descriptor);
  return descriptor;
}

int waiting_child(void) {
  pid_t pid = fork();
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    while (true) pause();
  }
  return pid;
}

void end_child(int pid) {
  if (pid <= 0) return;
  kill(pid, SIGKILL);
  waitpid(pid, NULL, 0);
}

void count(struct tally *tally, long value, int which) {
  int error = errno;
  if (value == NOTHING) return;
  if (value >= 0) {
    tally->through = 1;
    note("%s%d", *result->words ? " " : "", which);
  } else if (error != tally->usual) {
    if (!tally->other) tally->other = error;
    note("%s%d %s", *result->words ? " " : "", which, strerrorname_np(error));
  }
}

long outcome(const struct tally *tally) {
  if (tally->through) return 0;
  errno = tally->other ? tally->other : tally->usual;
  return -1;
}

static bool writes(const char *path, const char *text) {
  int descriptor = open(path, O_WRONLY | O_CLOEXEC);
  if (descriptor < 0) return false;
  bool done = write(descriptor, text, strlen(text)) == (ssize_t)strlen(text);
  close(descriptor);
  return done;
}

// Root of namespaces of its own, so that nothing which follows can touch the machine.
static void enter_own_namespaces(void) {
  int flags = CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP;
  char users[64], groups[64];
  snprintf(users, sizeof users, "0 %u 1", geteuid());
  snprintf(groups, sizeof groups, "0 %u 1", getegid());
  bool user = geteuid() != 0;
  if (unshare(flags | (user ? CLONE_NEWUSER : 0)) ||
      (user && (!writes("/proc/self/setgroups", "deny") || !writes("/proc/self/uid_map", users) ||
                !writes("/proc/self/gid_map", groups)))) {
    dprintf(2, "error\tcannot make namespaces: %s\n", strerror(errno));
    _exit(70);
  }
  if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
      mount("attempts", place(), "tmpfs", 0, "size=4m")) {
    dprintf(2, "error\tcannot mount on %s: %s\n", place(), strerror(errno));
    _exit(70);
  }
}

static void make(const struct attempt *attempt) {
  pid_t child = fork();
  if (child == 0) {
    signal(SIGALRM, SIG_DFL);
    struct rlimit no_core = {0, 0};
    getrlimit(RLIMIT_CORE, &no_core);
    no_core.rlim_cur = 0;
    setrlimit(RLIMIT_CORE, &no_core);
    alarm(4);
    if (outside && attempt->own_namespaces) enter_own_namespaces();
    errno = 0;
    long value = attempt->make();
    result->error = errno;
    result->kind = value == -1 ? REFUSED : value == NOTHING ? EMPTY : THROUGH;
    _exit(0);
  }
  int status = 0;
  while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  char answer[32] = "unfinished";
  if (child < 0) snprintf(answer, sizeof answer, "no child");
  if (WIFSIGNALED(status))
    snprintf(answer, sizeof answer, "SIG%s", sigabbrev_np(WTERMSIG(status)));
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM) strcpy(answer, "timeout");
  if (result->kind == THROUGH) strcpy(answer, "through");
  if (result->kind == EMPTY) strcpy(answer, "nothing");
  if (result->kind == REFUSED) {
    const char *name = strerrorname_np(result->error);
    snprintf(answer, sizeof answer, "%s", name ? name : "no errno");
  }
  for (char *each = result->words; *each; each++)
    if (*each == '\n' || *each == '\t') *each = ' ';
  dprintf(2, "result\t%s\t%s\t%s\n", attempt->name, answer, result->words);
}

static void make_all(const struct family *family) {
  for (size_t i = 0; i < family->count; i++) {
    memset(result, 0, sizeof *result);
    make(&family->attempts[i]);
  }
}

static void list(const struct family *family) {
  static const char *const rights[] = {"anyone", "root", "resource"};
  for (size_t i = 0; i < family->count; i++) {
    const struct attempt *each = &family->attempts[i];
    printf("attempt\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", each->name, family->title, each->class,
           each->what, each->expected, each->lacking ? each->lacking : "", rights[each->rights],
           each->granted ? each->granted : "");
  }
}

int main(int argc, char **argv) {
  const char *order = argc > 1 ? argv[1] : "";
  if (!strcmp(order, "host")) return be_careless_host(argc - 2, argv + 2);
  if (argc > 2) parameters = argv + 2;
  size_t count = sizeof families / sizeof *families;
  if (!strcmp(order, "list")) {
    for (size_t i = 0; i < count; i++) list(families[i]);
    list(&neighbours);
    return 0;
  }
  result = mmap(NULL, sizeof *result, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (result == MAP_FAILED) return 70;
  main_process = getpid();
  if (!strcmp(order, "victim")) return be_victim();
  if (!strcmp(order, "settle")) return be_neighbour();
  if (!strcmp(order, "exhaust")) return exhaust(given("what"));
  if (!strcmp(order, "outlive")) return outlive(given("how"));
  outside = !strcmp(given("where"), "outside");
  if (!strcmp(order, "try"))
    for (size_t i = 0; i < count; i++) make_all(families[i]);
  else if (!strcmp(order, "visit"))
    make_all(&neighbours);
  else
    return 64;
  dprintf(2, "end\n");
  return 0;
}
