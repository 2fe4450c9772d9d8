// Mounts and roots, by the old calls and by the new ones.
#include "attempts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// <sys/mount.h> and <linux/mount.h> cannot be had together in every version of them.
extern int mount(const char *, const char *, const char *, unsigned long, const void *);
extern int umount2(const char *, int);

#ifndef SYS_open_tree_attr
#define SYS_open_tree_attr 467
#endif
#ifndef SYS_statmount
#define SYS_statmount 457
#define SYS_listmount 458
#endif

enum { BIND = 4096, REMOUNT = 32, READ_ONLY = 1, RECURSIVE = 16384, SHARED = 1 << 20 };

// A mount that is read-only.
static const char *read_only_mount(void) {
  if (!is_outside()) return "/usr";
  mount(NULL, place(), NULL, REMOUNT | BIND | READ_ONLY, NULL);
  return place();
}

static long mount_tmpfs(void) { return mount("none", place(), "tmpfs", 0, NULL); }
static long mount_bind(void) { return mount("/usr", place(), NULL, BIND, NULL); }
static long mount_proc(void) {
  // It takes a PID namespace of one's own, which only a child is in.
  if (!is_outside()) return mount("proc", place(), "proc", 0, NULL);
  if (unshare(CLONE_NEWPID)) return -1;
  pid_t child = fork();
  if (child == 0) _exit(mount("proc", place(), "proc", 0, NULL) ? errno : 0);
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) < 0) return -1;
  errno = WEXITSTATUS(status);
  return errno ? -1 : 0;
}
static long mount_overlay(void) {
  mkdir(at_place("upper"), 0700);
  mkdir(at_place("work"), 0700);
  char options[1200];
  snprintf(options, sizeof options, "lowerdir=/usr,upperdir=%s,workdir=%s,userxattr",
           at_place("upper"), at_place("work"));
  return mount("overlay", place(), "overlay", 0, options);
}
static long mount_cgroup(void) { return mount("cgroup", place(), "cgroup2", 0, NULL); }
static long mount_cgroup1(void) { return mount("cgroup", place(), "cgroup", 0, "pids"); }
static long remount_writable(void) {
  const char *path = read_only_mount();
  return mount(NULL, path, NULL, REMOUNT | BIND, NULL);
}
static long make_shared(void) { return mount(NULL, "/", NULL, RECURSIVE | SHARED, NULL); }
static long unmount(void) { return umount2(is_outside() ? place() : "/proc", 2); }

static long pivot(void) {
  const char *old = at_place("old");
  mkdir(old, 0700);
  return syscall(SYS_pivot_root, place(), old);
}
static long change_root(void) { return chroot(place()); }

static long open_file_system(void) { return syscall(SYS_fsopen, "tmpfs", 0); }
static long configure(void) {
  // Set so far outside that it can be taken further; inside the call itself is what counts.
  int context = is_outside() ? (int)syscall(SYS_fsopen, "tmpfs", 0) : -1;
  return syscall(SYS_fsconfig, context, 6, NULL, NULL, 0);  // FSCONFIG_CMD_CREATE
}
static long make_mount(void) {
  int context = is_outside() ? (int)syscall(SYS_fsopen, "tmpfs", 0) : -1;
  if (is_outside()) syscall(SYS_fsconfig, context, 6, NULL, NULL, 0);
  return syscall(SYS_fsmount, context, 0, 0);
}
static long pick(void) { return syscall(SYS_fspick, -100, place(), 0); }
static long clone_tree(void) { return syscall(SYS_open_tree, -100, "/usr", OPEN_TREE_CLONE); }
static long clone_tree_writable(void) {
  struct mount_attr attributes = {.attr_clr = MOUNT_ATTR_RDONLY};
  return syscall(
      SYS_open_tree_attr, -100, "/usr", OPEN_TREE_CLONE, &attributes, sizeof attributes);
}
static long move(void) {
  int tree = is_outside() ? (int)syscall(SYS_open_tree, -100, "/usr", OPEN_TREE_CLONE) : -1;
  return syscall(SYS_move_mount, tree, "", -100, place(), MOVE_MOUNT_F_EMPTY_PATH);
}
static long clear_read_only(void) {
  struct mount_attr attributes = {.attr_clr = MOUNT_ATTR_RDONLY};
  const char *path = read_only_mount();
  return syscall(SYS_mount_setattr, -100, path, 0, &attributes, sizeof attributes);
}

// struct mnt_id_req of kernel 6.8, which Debian 12's headers lack.
struct mount_question {
  uint32_t size;
  uint32_t reserved;
  uint64_t mount;
  uint64_t parameter;
};

static long list_mounts(void) {
  struct mount_question question = {.size = 24, .mount = UINT64_MAX};  // LSMT_ROOT
  uint64_t found[16];
  long count = syscall(SYS_listmount, &question, found, 16, 0);
  if (count > 0) note("%ld mounts", count);
  return count;
}
static long tell_mount(void) {
  uint64_t found[1] = {0};
  struct mount_question all = {.size = 24, .mount = UINT64_MAX};
  if (is_outside()) syscall(SYS_listmount, &all, found, 1, 0);
  struct mount_question question = {.size = 24, .mount = found[0], .parameter = 2};
  char answer[1024];
  return syscall(SYS_statmount, &question, answer, sizeof answer, 0);
}

static const struct attempt attempts[] = {
    {"mount-tmpfs", "CVE-2021-41133", "mount(tmpfs)", "EPERM", mount_tmpfs,
     .own_namespaces = true},
    {"mount-bind", "CVE-2021-41133", "mount(MS_BIND)", "EPERM", mount_bind,
     .own_namespaces = true},
    {"mount-proc", "CVE-2021-41133", "mount(proc)", "EPERM", mount_proc,
     .own_namespaces = true},
    {"mount-overlay", "CVE-2021-3493, CVE-2023-0386", "mount(overlay)", "EPERM", mount_overlay,
     .own_namespaces = true, .lacking = "ENODEV EINVAL"},
    {"mount-cgroup2", "CVE-2022-0492", "mount(cgroup2)", "EPERM", mount_cgroup,
     .own_namespaces = true, .lacking = "ENODEV EPERM"},
    {"mount-cgroup", "CVE-2022-0492", "mount(cgroup, pids)", "EPERM", mount_cgroup1,
     .own_namespaces = true, .lacking = "ENODEV EINVAL EBUSY EPERM"},
    {"remount-writable", "CVE-2021-41133", "mount(MS_REMOUNT) without read-only", "EPERM",
     remount_writable, .own_namespaces = true},
    {"propagate", "CVE-2021-41133", "mount(MS_SHARED)", "EPERM", make_shared,
     .own_namespaces = true},
    {"unmount", "CVE-2021-41133", "umount2(MNT_DETACH)", "EPERM", unmount, .own_namespaces = true},
    {"pivot-root", "CVE-2021-41133", "pivot_root", "EPERM", pivot, .own_namespaces = true},
    {"chroot", "chroot out of a chroot", "chroot", "EPERM", change_root, .own_namespaces = true},
    {"fsopen", "CVE-2022-0185", "fsopen(tmpfs)", "ENOSYS", open_file_system,
     .own_namespaces = true},
    {"fsconfig", "CVE-2022-0185", "fsconfig(create)", "ENOSYS", configure, .own_namespaces = true},
    {"fsmount", "CVE-2022-0185", "fsmount", "ENOSYS", make_mount, .own_namespaces = true},
    {"fspick", "CVE-2022-0185", "fspick", "ENOSYS", pick, .own_namespaces = true},
    {"open-tree", "CVE-2021-41133", "open_tree(CLONE)", "ENOSYS", clone_tree,
     .own_namespaces = true},
    {"open-tree-writable", "CVE-2021-41133", "open_tree_attr(CLONE), read-only cleared", "ENOSYS",
     clone_tree_writable, .own_namespaces = true, .lacking = "ENOSYS"},
    {"move-mount", "CVE-2021-41133", "move_mount", "ENOSYS", move, .own_namespaces = true},
    {"clear-read-only", "CVE-2021-41133", "mount_setattr, read-only cleared", "ENOSYS",
     clear_read_only, .own_namespaces = true},
    {"listmount", "host's mounts told", "listmount", "ENOSYS", list_mounts, .lacking = "ENOSYS"},
    {"statmount", "host's mounts told", "statmount", "ENOSYS", tell_mount, .lacking = "ENOSYS"},
};
FAMILY(mounts, "Mounts and roots");
