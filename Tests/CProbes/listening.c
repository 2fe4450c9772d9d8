#include "CProbes.h"
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int send_descriptor(int socket, int descriptor) {
  union {
    struct cmsghdr header;
    char space[CMSG_SPACE(sizeof(int))];
  } control = {0};
  char byte = 0;
  struct iovec part = {&byte, 1};
  struct msghdr message = {.msg_iov = &part,
                           .msg_iovlen = 1,
                           .msg_control = &control,
                           .msg_controllen = sizeof control};
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  memcpy(CMSG_DATA(header), &descriptor, sizeof(int));
  return (int)sendmsg(socket, &message, 0);
}

struct probe_child probe_begin_listening(
    const uint64_t *words, size_t count, long number, const int64_t a[6], long times, int socket) {
  struct probe_child child = {.pid = -1};
  child.shared =
      mmap(NULL, sizeof *child.shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (child.shared == MAP_FAILED) return child;
  child.pid = fork();
  if (child.pid != 0) return child;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  struct rlimit no_core = {0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  struct sock_fprog program = {
      .len = (unsigned short)count, .filter = (struct sock_filter *)(uintptr_t)words};
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  unsigned long flags =
      SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
  int listener = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
  if (listener < 0 || send_descriptor(socket, listener) < 0) _exit(1);
  close(listener);
  close(socket);
  child.shared->reached = 1;
  for (long i = 0; i < times; i++) {
    child.shared->value = syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
    child.shared->error = child.shared->value == -1 ? errno : 0;
    // A clone that was allowed has two ends.
    if (child.shared->value == 0 && number == SYS_clone) _exit(0);
  }
  _exit(0);
}

struct probe_result probe_end(struct probe_child child) {
  struct probe_result result = {0};
  int status = 0;
  while (child.pid > 0 && waitpid(child.pid, &status, 0) < 0 && errno == EINTR) continue;
  if (child.shared && child.shared != MAP_FAILED) {
    result = *child.shared;
    munmap(child.shared, sizeof *child.shared);
  }
  result.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return result;
}
