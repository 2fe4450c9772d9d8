// What a witness of refused calls needs: seccomp's notifications, another process's memory, and a look
// at a path with the rights of that process.
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

// With WAIT_KILLABLE_RECV (Linux 5.19) a call whose notification was read waits on undisturbed by
// signals that do not kill: without it a signal handler would show itself as EINTR where the ordinary
// filter answers at once.
static const unsigned long listening =
    SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;

// The structures may grow, and their size is part of the requests' numbers.
static int has_known_sizes(void) {
  struct seccomp_notif_sizes sizes;
  return syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes) == 0 &&
         sizes.seccomp_notif == sizeof(struct seccomp_notif) &&
         sizes.seccomp_notif_resp == sizeof(struct seccomp_notif_resp);
}

int clinux_can_listen(void) {
  // Flags that the kernel lacks are EINVAL, before it looks at a program that is not there.
  return has_known_sizes() && syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, listening, (void *)0) < 0 &&
         errno == EFAULT;
}

int clinux_seccomp_listen(const uint64_t *words, size_t count) {
  if (count == 0 || count > BPF_MAXINSNS) {
    errno = EINVAL;
    return -1;
  }
  struct sock_fprog program = {
      .len = (unsigned short)count, .filter = (struct sock_filter *)(uintptr_t)words};
  return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, listening, &program);
}

void clinux_notification_prefer_same_cpu(int listener) {
  // Linux 6.6: who waits for the answer is woken where the answer is given. Without it all works,
  // slower.
#ifdef SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP
  unsigned long flags = SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP;
#else
  unsigned long flags = 1;
#endif
  ioctl(listener, _IOW('!', 4, uint64_t), flags);
}

int clinux_notification_receive(int listener, struct clinux_notification *notification) {
  struct seccomp_notif raw;
  memset(&raw, 0, sizeof raw);  // the kernel insists on it
  if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &raw) != 0) return -1;
  notification->id = raw.id;
  notification->pid = (int32_t)raw.pid;
  notification->number = raw.data.nr;
  notification->architecture = raw.data.arch;
  notification->instruction_pointer = raw.data.instruction_pointer;
  for (int i = 0; i < 6; i++) notification->arguments[i] = raw.data.args[i];
  return 0;
}

int clinux_notification_refuse(int listener, uint64_t id, int error) {
  struct seccomp_notif_resp answer = {.id = id, .error = -error};
  return ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
}

int clinux_notification_let_go_on(int listener, uint64_t id) {
  struct seccomp_notif_resp answer = {.id = id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
  return ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
}

int clinux_notification_is_valid(int listener, uint64_t id) {
  return ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id) == 0;
}

int clinux_wait_readable(int first, int second, int writable, int *ready) {
  struct pollfd watched[] = {
      {.fd = first, .events = POLLIN},
      {.fd = second, .events = POLLIN},
      {.fd = writable, .events = POLLOUT},
  };
  int count = poll(watched, writable < 0 ? 2 : 3, -1);
  *ready = 0;
  if (watched[0].revents & POLLIN) *ready |= CLINUX_FIRST_READABLE;
  if (watched[0].revents & (POLLHUP | POLLERR | POLLNVAL)) *ready |= CLINUX_FIRST_ENDED;
  if (watched[1].revents) *ready |= CLINUX_SECOND_READABLE;
  return count;
}

ssize_t clinux_read_memory(pid_t pid, uint64_t address, void *bytes, size_t count) {
  struct iovec own = {.iov_base = bytes, .iov_len = count};
  struct iovec theirs = {.iov_base = (void *)(uintptr_t)address, .iov_len = count};
  return process_vm_readv(pid, &own, 1, &theirs, 1, 0);
}

int clinux_may_access(const void *path, int mode, int follow) {
  return (int)syscall(
      SYS_faccessat2, AT_FDCWD, path, mode, AT_EACCESS | (follow ? 0 : AT_SYMLINK_NOFOLLOW));
}

ssize_t clinux_read_link(const void *path, void *bytes, size_t count) {
  return readlinkat(AT_FDCWD, path, bytes, count);
}

int clinux_set_file_identity(uint32_t uid, uint32_t gid) {
  // Both return what was before and no error, so they are asked again.
  setfsgid(gid);
  setfsuid(uid);
  if ((uint32_t)setfsuid((uid_t)-1) == uid && (uint32_t)setfsgid((gid_t)-1) == gid) return 0;
  errno = EPERM;
  return -1;
}
