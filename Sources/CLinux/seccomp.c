#include "CLinux.h"
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

_Static_assert(sizeof(struct sock_filter) == sizeof(uint64_t), "one instruction is one word");

// The words come as 64-bit numbers: both architectures are little-endian, as is the structure.
int clinux_seccomp_install(const uint64_t *words, size_t count) {
  if (count == 0 || count > BPF_MAXINSNS) {
    errno = EINVAL;
    return -1;
  }
  struct sock_fprog program = {
      .len = (unsigned short)count, .filter = (struct sock_filter *)(uintptr_t)words};
  return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}

// The C library's own getppid knows no error and leaves errno alone.
pid_t clinux_parent_process(void) { return (pid_t)syscall(SYS_getppid); }
