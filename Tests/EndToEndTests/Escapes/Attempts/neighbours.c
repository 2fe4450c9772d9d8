// Two servers beside each other. One settles: it leaves things everywhere it can and listens. The
// other visits: it knows all names and numbers and looks for them.
#include "attempts.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

static const char *left(const char *directory) {
  static char path[600];
  snprintf(path, sizeof path, "%s/%s", directory, given("mark"));
  return path;
}
static socklen_t name_in(struct sockaddr_un *address) {
  address->sun_family = AF_UNIX;
  size_t length = strlen(given("mark"));
  memcpy(address->sun_path + 1, given("mark"), length);
  return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + length);
}
static key_t key(void) { return (key_t)given_number("key"); }
static const char *queue_name(void) {
  static char name[100];
  snprintf(name, sizeof name, "/%s", given("mark"));
  return name;
}

static bool leave_file(const char *directory) {
  int descriptor = open(left(directory), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor < 0) return false;
  fchmod(descriptor, 0666);
  bool written = write(descriptor, "neighbour", 9) == 9;
  close(descriptor);
  return written;
}
static bool listen_at(int family, struct sockaddr *address, socklen_t size) {
  int descriptor = socket(family, SOCK_STREAM, 0), one = 1;
  setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  return descriptor >= 0 && !bind(descriptor, address, size) && !listen(descriptor, 8);
}

// Tells on stderr what it could leave, and its own number; waits for the end of its input, and then
// tells what it still finds.
int be_neighbour(void) {
  const char *home = getenv("HOME") ? getenv("HOME") : "/tmp";
  prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
  umask(0);
  struct sockaddr_un abstract = {0};
  socklen_t size = name_in(&abstract);
  struct sockaddr_in loopback = {.sin_family = AF_INET,
                                 .sin_port = htons((uint16_t)given_number("port")),
                                 .sin_addr = {htonl(INADDR_LOOPBACK)}};
  int segment = shmget(key(), 4096, IPC_CREAT | 0666);
  dprintf(2, "settled home %d temporary %d shared %d abstract %d loopback %d segment %d",
          leave_file(home), leave_file("/tmp"), leave_file("/dev/shm"),
          listen_at(AF_UNIX, (struct sockaddr *)&abstract, size),
          listen_at(AF_INET, (struct sockaddr *)&loopback, sizeof loopback), segment >= 0);
  dprintf(2, " semaphores %d messages %d queue %d\n", semget(key(), 1, IPC_CREAT | 0666) >= 0,
          msgget(key(), IPC_CREAT | 0666) >= 0,
          mq_open(queue_name(), O_CREAT | O_RDWR, 0666, NULL) >= 0);
  char line[512];
  while (read(0, line, sizeof line) > 0) continue;
  struct stat status;
  bool kept = !stat(left(home), &status) && status.st_size == 9 && !stat(left("/tmp"), &status) &&
              status.st_size == 9 && !stat(left("/dev/shm"), &status) && status.st_size == 9;
  bool writes = leave_file("/tmp") && leave_file(home);
  dprintf(2, "left kept %d writes %d\n", kept, writes);
  return 0;
}

static pid_t neighbour(void) { return (pid_t)given_number("neighbour"); }
static const char *of_neighbour(const char *name) {
  static char path[128];
  snprintf(path, sizeof path, "/proc/%d/%s", neighbour(), name);
  return path;
}

static long home_inside(void) {
  const char *home = getenv("HOME") ? getenv("HOME") : "/tmp";
  return opens(left(home), O_RDWR);
}
static long home_outside(void) { return opens(left(given("settled")), O_RDONLY); }
static long temporary(void) { return opens(left("/tmp"), O_RDWR); }
static long shared(void) { return opens(left("/dev/shm"), O_RDWR); }
static long abstract(void) {
  struct sockaddr_un address = {0};
  socklen_t size = name_in(&address);
  return connect(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), (struct sockaddr *)&address,
                 size);
}
static long loopback(void) {
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)given_number("port")),
                                .sin_addr = {htonl(INADDR_LOOPBACK)}};
  return connect(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), (struct sockaddr *)&address,
                 sizeof address);
}
static long segment(void) { return shmget(key(), 0, 0); }
static long semaphores(void) { return semget(key(), 0, 0); }
static long messages(void) { return msgget(key(), 0); }
static long queue(void) { return mq_open(queue_name(), O_RDONLY); }
static long sees(void) { return opens(of_neighbour("status"), O_RDONLY); }
static long memory(void) { return opens(of_neighbour("mem"), O_RDWR); }
static long root(void) { return opens(of_neighbour("root/."), O_RDONLY | O_DIRECTORY); }
static long environment(void) { return opens(of_neighbour("environ"), O_RDONLY); }
static long signals(void) { return kill(neighbour(), 0); }
static long watches(void) { return syscall(SYS_pidfd_open, neighbour(), 0); }
static long reads_memory(void) {
  char byte;
  struct iovec here = {&byte, 1}, there = {(void *)(uintptr_t)&reads_memory, 1};
  return beyond(process_vm_readv(neighbour(), &here, 1, &there, 1, 0), EFAULT);
}
static long slows(void) { return setpriority(PRIO_PROCESS, (id_t)neighbour(), 1); }
// Everything of the user's: with the same UID as the neighbour this would reach it.
static long slows_all(void) {
  // Where the neighbour can be seen it would be reached, and with it the whole machine: not done.
  if (kill(neighbour(), 0) == 0 || errno == EPERM) return 0;
  if (setpriority(PRIO_USER, getuid(), 5)) return -1;
  return NOTHING;  // the test looks whether the neighbour was reached
}

static const struct attempt attempts[] = {
    {"neighbour-home", "two servers", "open its file in HOME", "ENOENT", home_inside},
    {"neighbour-home-path", "two servers", "open its home by the host's path", "ENOENT",
     home_outside},
    {"neighbour-temporary", "two servers", "open its file in /tmp", "ENOENT", temporary},
    {"neighbour-shared", "two servers", "open its file in /dev/shm", "ENOENT", shared},
    {"neighbour-abstract", "two servers", "connect to its abstract socket", "ECONNREFUSED",
     abstract},
    {"neighbour-loopback", "two servers", "connect to its port", "ECONNREFUSED", loopback},
    {"neighbour-segment", "two servers", "shmget(its key)", "ENOENT", segment},
    {"neighbour-semaphores", "two servers", "semget(its key)", "ENOENT", semaphores},
    {"neighbour-messages", "two servers", "msgget(its key)", "ENOENT", messages},
    {"neighbour-queue", "two servers", "mq_open(its queue)", "ENOENT", queue},
    {"neighbour-seen", "two servers", "open its status", "ENOENT", sees},
    {"neighbour-memory", "two servers", "open its memory", "ENOENT", memory},
    {"neighbour-root", "two servers", "open its root", "ENOENT", root},
    {"neighbour-environment", "two servers", "open its environ", "ENOENT", environment},
    {"neighbour-signal", "two servers", "kill", "ESRCH", signals},
    {"neighbour-watch", "two servers", "pidfd_open", "ESRCH", watches},
    {"neighbour-read", "two servers", "process_vm_readv", "EPERM", reads_memory},
    {"neighbour-slow", "two servers", "setpriority", "ESRCH", slows},
    {"neighbour-slow-user", "two servers", "setpriority(every process of the user)", "nothing EPERM",
     slows_all},
};
FAMILY(neighbours, "Two servers");
