#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <string.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

// <sys/mount.h> and <linux/mount.h> define the same names differently in this C library, so the
// old calls are made by number, with the two old flags that are needed.
#define OLD_MS_REC 16384ul
#define OLD_MS_PRIVATE (1ul << 18)
#define OLD_MNT_DETACH 2

int clinux_mount_private_root(void) {
  return (int)syscall(SYS_mount, (void *)0, "/", (void *)0, OLD_MS_REC | OLD_MS_PRIVATE, (void *)0);
}

int clinux_open_tree(int directory, const char *path, int recursive) {
  return (int)syscall(
      SYS_open_tree, directory, path,
      OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0));
}

int clinux_mount_attributes(int mount, const char *path, uint32_t attributes, int recursive) {
  struct mount_attr change = {0};
  if (attributes & CLINUX_MOUNT_READ_ONLY) change.attr_set |= MOUNT_ATTR_RDONLY;
  if (attributes & CLINUX_MOUNT_NO_SUID) change.attr_set |= MOUNT_ATTR_NOSUID;
  if (attributes & CLINUX_MOUNT_NO_DEVICES) change.attr_set |= MOUNT_ATTR_NODEV;
  if (attributes & CLINUX_MOUNT_NO_EXECUTE) change.attr_set |= MOUNT_ATTR_NOEXEC;
  if (attributes & CLINUX_MOUNT_PRIVATE) change.propagation = OLD_MS_PRIVATE;
  return (int)syscall(
      SYS_mount_setattr, mount, path, AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0), &change,
      sizeof change);
}

int clinux_mount_id_map(int mount, int user_namespace) {
  struct mount_attr change = {.attr_set = MOUNT_ATTR_IDMAP, .userns_fd = (uint64_t)user_namespace};
  return (int)syscall(SYS_mount_setattr, mount, "", AT_EMPTY_PATH | AT_RECURSIVE, &change,
                      sizeof change);
}

int clinux_move_mount(int mount, int directory, const char *path) {
  return (int)syscall(
      SYS_move_mount, mount, "", directory, path,
      MOVE_MOUNT_F_EMPTY_PATH | (path[0] == 0 ? MOVE_MOUNT_T_EMPTY_PATH : 0));
}

int clinux_new_file_system(const char *type, const char *const *options, size_t count,
                           uint32_t attributes) {
  int context = (int)syscall(SYS_fsopen, type, FSOPEN_CLOEXEC);
  if (context < 0) return -1;
  int mount = -1;
  for (size_t i = 0; i + 1 < count; i += 2)
    if (syscall(SYS_fsconfig, context, FSCONFIG_SET_STRING, options[i], options[i + 1], 0) != 0)
      goto done;
  if (syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, (void *)0, (void *)0, 0) != 0) goto done;
  unsigned flags = 0;
  if (attributes & CLINUX_MOUNT_READ_ONLY) flags |= MOUNT_ATTR_RDONLY;
  if (attributes & CLINUX_MOUNT_NO_SUID) flags |= MOUNT_ATTR_NOSUID;
  if (attributes & CLINUX_MOUNT_NO_DEVICES) flags |= MOUNT_ATTR_NODEV;
  if (attributes & CLINUX_MOUNT_NO_EXECUTE) flags |= MOUNT_ATTR_NOEXEC;
  mount = (int)syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, flags);
done:;
  int saved = errno;
  close(context);
  errno = saved;
  return mount;
}

// pivot_root(".", ".") stacks the old root over the new one; detaching "." then removes it.
int clinux_pivot_root_here(void) {
  if (syscall(SYS_pivot_root, ".", ".") != 0) return -1;
  return (int)syscall(SYS_umount2, ".", OLD_MNT_DETACH);
}

// What must fail inside the sandbox: a tmpfs over target.
int clinux_mount_probe(const char *target) {
  return (int)syscall(SYS_mount, "none", target, "tmpfs", 0ul, (void *)0);
}

int clinux_is_full(int descriptor) {
  struct statfs space;
  if (fstatfs(descriptor, &space) != 0) return -1;
  // A file system without a bound of its own has no number of blocks, or of inodes.
  return (space.f_blocks != 0 && space.f_bavail == 0) || (space.f_files != 0 && space.f_ffree == 0);
}
