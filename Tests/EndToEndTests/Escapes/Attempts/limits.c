// Limits raised, and precedence taken. What each limit does when it is reached: exhaustion.c.
#include "attempts.h"

#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static long raises(int which, rlim_t value) {
  struct rlimit limit = {value, value};
  return setrlimit((__rlimit_resource_t)which, &limit);
}
static long raise_core(void) { return raises(RLIMIT_CORE, RLIM_INFINITY); }
static long raise_files(void) { return raises(RLIMIT_NOFILE, 4096); }
static long raise_processes(void) { return raises(RLIMIT_NPROC, 4096); }
static long raise_queues(void) { return raises(RLIMIT_MSGQUEUE, 65536); }
static long raise_locked(void) { return raises(RLIMIT_MEMLOCK, 1 << 20); }
static long raise_signals(void) { return raises(RLIMIT_SIGPENDING, 8192); }
static long raise_priority(void) { return raises(RLIMIT_RTPRIO, 1); }
static long raise_nice(void) { return raises(RLIMIT_NICE, 40); }

static long spare_me(void) {
  int descriptor = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  return descriptor < 0 ? -1 : write(descriptor, "-1000", 5);
}
static long real_time(void) {
  struct sched_param one = {.sched_priority = 1};
  return sched_setscheduler(0, SCHED_FIFO, &one);
}
static long deadline(void) {
  struct {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
  } attributes = {.size = 48, .policy = 6, .runtime = 1000000, .deadline = 100000000,
                  .period = 100000000};
  return syscall(SYS_sched_setattr, 0, &attributes, 0);
}
static long first_in_line(void) { return setpriority(PRIO_PROCESS, 0, -10); }
static long first_at_disk(void) {
  return syscall(SYS_ioprio_set, 1, 0, 1 << 13);  // the real-time class
}

static long lock_memory(void) {
  size_t size = 1 << 20;
  void *memory =
      mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return memory == MAP_FAILED ? -1 : mlock(memory, size);
}
static long make_queue(void) {
  mqd_t queue = mq_open("/attempt", O_CREAT | O_RDWR, 0600, NULL);
  if (queue >= 0) mq_unlink("/attempt");
  return queue;
}
static long many_timers(void) {
  for (int i = 0; i < 2000; i++) {
    timer_t timer;
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
    if (syscall(SYS_timer_create, CLOCK_MONOTONIC, &event, &timer)) return note("%d", i), -1;
  }
  return 0;
}
static long many_watchers(void) {
  for (int i = 0; i < 64; i++)
    if (inotify_init1(IN_CLOEXEC) < 0) return note("%d", i), -1;
  return 0;
}
static long many_descriptors(void) {
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  for (int i = 0; i < 3000; i++)
    if (dup(2) < 0) return note("%d", i), -1;
  return 0;
}
static long many_in_flight(void) {
  int ends[2], taken[250];
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends)) return -1;
  union {
    struct cmsghdr header;
    char space[CMSG_SPACE(sizeof taken)];
  } control = {.header = {.cmsg_len = CMSG_LEN(sizeof taken), .cmsg_level = SOL_SOCKET,
                          .cmsg_type = SCM_RIGHTS}};
  for (int i = 0; i < 250; i++) taken[i] = ends[0];
  memcpy(CMSG_DATA(&control.header), taken, sizeof taken);
  struct iovec text = {"x", 1};
  struct msghdr message = {.msg_iov = &text, .msg_iovlen = 1, .msg_control = &control,
                           .msg_controllen = sizeof control.space};
  for (int i = 0; i < 10; i++)
    if (sendmsg(ends[1], &message, MSG_DONTWAIT) < 0) return note("%d", i * 250), -1;
  return 0;
}
static long large_pipe(void) {
  int ends[2];
  return pipe2(ends, O_CLOEXEC) ? -1 : fcntl(ends[0], F_SETPIPE_SZ, 2 << 20);
}

static const struct attempt attempts[] = {
    {"raise-core", "secrets on disk", "setrlimit(CORE)", "EPERM", raise_core,
     .rights = RESOURCE},
    {"raise-files", "exhaustion", "setrlimit(NOFILE)", "EPERM", raise_files},
    {"raise-processes", "exhaustion", "setrlimit(NPROC)", "EPERM", raise_processes},
    {"raise-queues", "exhaustion", "setrlimit(MSGQUEUE)", "EPERM", raise_queues},
    {"raise-locked", "exhaustion", "setrlimit(MEMLOCK)", "EPERM", raise_locked},
    {"raise-signals", "exhaustion", "setrlimit(SIGPENDING)", "EPERM", raise_signals},
    {"raise-priority", "precedence", "setrlimit(RTPRIO)", "EPERM", raise_priority,
     .rights = RESOURCE},
    {"raise-nice", "precedence", "setrlimit(NICE)", "EPERM", raise_nice, .rights = RESOURCE},
    {"spare-me", "exhaustion", "oom_score_adj -1000", "EACCES", spare_me, .rights = RESOURCE},
    {"real-time", "precedence", "SCHED_FIFO", "EPERM", real_time, .rights = ROOT},
    {"deadline", "precedence", "SCHED_DEADLINE", "EPERM", deadline, .rights = ROOT},
    {"first-in-line", "precedence", "nice -10", "EACCES", first_in_line, .rights = ROOT},
    {"first-at-disk", "precedence", "I/O class real-time", "EPERM", first_at_disk,
     .rights = ROOT, .lacking = "ENOSYS"},
    {"lock-memory", "exhaustion", "mlock(1 MiB)", "ENOMEM", lock_memory},
    {"make-queue", "exhaustion", "mq_open(O_CREAT)", "EMFILE", make_queue},
    {"many-timers", "exhaustion", "2000 timers", "EAGAIN", many_timers},
    {"many-watchers", "exhaustion", "64 inotify instances", "EMFILE", many_watchers},
    {"many-descriptors", "exhaustion", "3000 descriptors", "EMFILE", many_descriptors},
    {"many-in-flight", "exhaustion", "2500 descriptors in messages", "ETOOMANYREFS",
     many_in_flight},
    {"large-pipe", "exhaustion", "a pipe of 2 MiB", "EPERM", large_pipe, .rights = RESOURCE},
};
FAMILY(limits, "Limits");
