#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <unistd.h>

const int clinux_o_path = O_PATH;
const uint64_t clinux_without_links = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
const uint64_t clinux_beneath = RESOLVE_BENEATH;
const uint64_t clinux_on_one_mount = RESOLVE_NO_XDEV;

int clinux_open(const char *path, int flags, uint32_t mode) {
  return open(path, flags | O_CLOEXEC, (mode_t)mode);
}

int clinux_openat(int directory, const char *path, int flags, uint32_t mode) {
  return openat(directory, path, flags | O_CLOEXEC, (mode_t)mode);
}

int clinux_open_beneath(int directory, const char *path, int flags, uint64_t resolve) {
  struct open_how how = {.flags = (uint64_t)(flags | O_CLOEXEC), .resolve = resolve};
  return (int)syscall(SYS_openat2, directory, path, &how, sizeof how);
}

// The numbers are the kernel's (Documentation/admin-guide/devices.txt) and never change.
int clinux_is_memory_device(int descriptor, const char *name) {
  static const struct {
    const char *name;
    unsigned minor_number;
  } devices[] = {{"null", 3}, {"zero", 5}, {"full", 7}, {"random", 8}, {"urandom", 9}};
  struct stat status;
  if (fstat(descriptor, &status) != 0) return -1;
  for (size_t i = 0; i < sizeof devices / sizeof *devices; i++)
    if (strcmp(devices[i].name, name) == 0)
      return S_ISCHR(status.st_mode) && status.st_rdev == makedev(1, devices[i].minor_number);
  return 0;
}

ssize_t clinux_read_directory(int descriptor, void *entries, size_t size) {
  return syscall(SYS_getdents64, descriptor, entries, size);
}

int clinux_has_file_capabilities(const char *path) {
  ssize_t length = getxattr(path, "security.capability", 0, 0);
  if (length < 0) return errno == ENODATA || errno == ENOTSUP ? 0 : -1;
  return length > 0;
}

int clinux_fcntl_int(int descriptor, int command, int argument) {
  return fcntl(descriptor, command, argument);
}

int clinux_pipe(int ends[2], int flags) { return pipe2(ends, flags | O_CLOEXEC); }

int clinux_close_range(unsigned first, unsigned last, unsigned flags) {
  return (int)syscall(SYS_close_range, first, last, flags);
}

int clinux_flock(int descriptor, int operation) { return flock(descriptor, operation); }

int clinux_memfd_create(const char *name, unsigned flags) {
  return memfd_create(name, flags | MFD_CLOEXEC);
}

int clinux_bytes_waiting(int descriptor) {
  int count = 0;
  return ioctl(descriptor, FIONREAD, &count) == 0 ? count : -1;
}

ssize_t clinux_pwritev2_nowait(int descriptor, const void *bytes, size_t count) {
  struct iovec part = {.iov_base = (void *)bytes, .iov_len = count};
  return pwritev2(descriptor, &part, 1, -1, RWF_NOWAIT);
}
