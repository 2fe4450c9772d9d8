// Files: pages moved under a file, what is granted read-only, what is the system's, devices, and the
// way up out of the root. `granted` holds a file and a directory that everyone may write.
#include "attempts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

static const char *in_grant(const char *name) {
  static char paths[2][512];
  static unsigned next;
  char *path = paths[next++ % 2];
  snprintf(path, sizeof paths[0], "%s/%s", given("granted"), name);
  return path;
}
static int granted(void) { return open(in_grant("file"), O_RDONLY | O_CLOEXEC); }

static long splice_page(void) {
  int ends[2];
  return pipe(ends) ? -1 : splice(granted(), NULL, ends[1], NULL, 1, 0);
}
static long vmsplice_page(void) {
  int ends[2];
  struct iovec page = {"x", 1};
  return pipe(ends) ? -1 : vmsplice(ends[1], &page, 1, 0);
}
static long tee_page(void) {
  int from[2], to[2];
  if (pipe(from) || pipe(to) || write(from[1], "x", 1) != 1) return -1;
  return tee(from[0], to[1], 1, 0);
}
static long send_file(void) {
  int ends[2];
  return pipe(ends) ? -1 : sendfile(ends[1], granted(), NULL, 1);
}

static long grant_write(void) { return opens(in_grant("file"), O_WRONLY); }
static long grant_reopen(void) {
  char path[64];
  snprintf(path, sizeof path, "/proc/self/fd/%d", granted());
  return opens(path, O_RDWR);
}
static long grant_reopen_path(void) {
  char path[64];
  snprintf(path, sizeof path, "/proc/self/fd/%d",
           open(in_grant("file"), O_PATH | O_CLOEXEC));
  return opens(path, O_WRONLY);
}
static long grant_truncate(void) { return truncate(in_grant("file"), 4); }
static long grant_create(void) {
  int descriptor = open(in_grant("new"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor >= 0) unlink(in_grant("new"));
  return descriptor;
}
static long grant_unnamed(void) {
  int descriptor = open(given("granted"), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
  if (descriptor < 0) return -1;
  char path[64];
  snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
  return linkat(AT_FDCWD, path, AT_FDCWD, in_grant("unnamed"), AT_SYMLINK_FOLLOW);
}
static long grant_directory(void) { return mkdir(in_grant("directory/new"), 0700); }
static long grant_remove(void) { return unlink(in_grant("spare")); }
static long grant_rename(void) { return rename(in_grant("file"), in_grant("file")) ? -1 : 0; }
static long grant_move(void) { return rename(in_grant("directory"), in_grant("moved")); }
static long grant_link(void) { return link(in_grant("file"), in_grant("linked")); }
static long grant_symlink(void) { return symlink("/etc/shadow", in_grant("symbolic")); }
static long grant_fifo(void) { return mkfifo(in_grant("fifo"), 0600); }
static long grant_mode(void) { return chmod(in_grant("file"), 0666); }
static long grant_owner(void) { return chown(in_grant("file"), getuid(), getgid()); }
static long grant_times(void) { return utimensat(AT_FDCWD, in_grant("file"), NULL, 0); }
static long grant_attribute(void) {
  return setxattr(in_grant("file"), "user.attempt", "x", 1, 0);
}
static long grant_flags(void) {
  int flags = 0, descriptor = granted();
  if (is_outside() && ioctl(descriptor, FS_IOC_GETFLAGS, &flags)) return -1;
  return ioctl(descriptor, FS_IOC_SETFLAGS, &flags);
}
// Whoever writes the file next would wait for the holder of a lease, for 45 seconds by default.
static long grant_lease(void) { return fcntl(granted(), F_SETLEASE, F_RDLCK); }
static long grant_taken(void) {
  char copy[512];
  snprintf(copy, sizeof copy, "%s/taken", place());
  long value = link(in_grant("file"), copy);
  if (value == 0) unlink(copy);
  return value;
}

static long creates(const char *inside) {
  char path[512];
  snprintf(path, sizeof path, "%s/attempt", is_outside() ? place() : inside);
  int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor >= 0) unlink(path);
  return descriptor;
}
static long create_root(void) { return creates("/"); }
static long create_usr(void) { return creates("/usr"); }
static long create_programs(void) { return creates("/usr/bin"); }
static long create_etc(void) { return creates("/etc"); }
static long create_dev(void) { return creates("/dev"); }
static long create_homes(void) { return creates("/home"); }
static long create_run(void) { return creates("/run"); }
static long create_var(void) { return creates("/var"); }
static long create_proc(void) { return creates("/proc"); }

// The device that stands for nothing must stay what it is: it is what others are masked with.
static const char *null_device(void) {
  if (!is_outside()) return "/dev/null";
  const char *stand_in = at_place("null");
  close(open(stand_in, O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
  return stand_in;
}
static long null_mode(void) { return chmod(null_device(), 0666); }
static long null_removed(void) { return unlink(null_device()); }
static long null_moved(void) {
  const char *device = null_device();
  char aside[512];
  snprintf(aside, sizeof aside, "%s-aside", device);
  return rename(device, aside);
}

static long node(mode_t kind, unsigned major, unsigned minor) {
  return mknod(at_place("node"), kind | 0600, makedev(major, minor));
}
static long block_node(void) { return node(S_IFBLK, 254, 0); }
static long character_node(void) { return node(S_IFCHR, 1, 1); }
static long node_upper(void) {
  return syscall(SYS_mknodat, AT_FDCWD, at_place("node-upper"), 1UL << 32 | S_IFCHR | 0600,
                 makedev(1, 1));
}
static long random_control(void) {
  int entropy, descriptor = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
  return ioctl(descriptor, _IOR('R', 0, int), &entropy);  // RNDGETENTCNT
}
static long granted_node(void) {
  char path[512];
  snprintf(path, sizeof path, "%s/device", given("prepared"));
  return opens(path, O_RDONLY);
}

static long executes_in(const char *directory) {
  char path[512], block[65536];
  snprintf(path, sizeof path, "%s/copy", directory);
  int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
  int to = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0700);
  for (ssize_t size; from >= 0 && to >= 0 && (size = read(from, block, sizeof block)) > 0;)
    if (write(to, block, (size_t)size) != size) return -1;
  close(to);
  // `list` into a pipe nobody reads is harmless; what counts is whether exec fails.
  int report[2];
  if (pipe2(report, O_CLOEXEC)) return -1;
  pid_t child = fork();
  if (child == 0) {
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    dup2(null, 1);
    dup2(null, 2);
    execl(path, path, "nothing", NULL);
    int error = errno;
    (void)!write(report[1], &error, sizeof error);
    _exit(1);
  }
  close(report[1]);
  int error = 0;
  ssize_t size = read(report[0], &error, sizeof error);
  waitpid(child, NULL, 0);
  unlink(path);
  errno = error;
  return size > 0 ? -1 : 0;
}
static long execute_shared(void) { return executes_in(is_outside() ? place() : "/dev/shm"); }

static long climbs(int directory, const char *start) {
  char path[600];
  snprintf(path, sizeof path, "%s../../../../../../../../../..%s", start, given("secret"));
  int descriptor = openat(directory, path, O_RDONLY | O_CLOEXEC);
  return descriptor;
}
static long climb_root(void) { return climbs(AT_FDCWD, "/"); }
static long climb_path(void) {
  return climbs(open("/", O_PATH | O_DIRECTORY | O_CLOEXEC), "");
}
static long climb_proc(void) { return climbs(AT_FDCWD, "/proc/self/root/"); }
static long climb_working(void) { return climbs(AT_FDCWD, "/proc/self/cwd/"); }
static long climb_task(void) { return climbs(AT_FDCWD, "/proc/thread-self/root/"); }
static long climb_link(void) {
  const char *link = at_place("climb");
  char target[600];
  snprintf(target, sizeof target, "/proc/self/root/../../..%s", given("secret"));
  if (symlink(target, link)) return -1;
  long value = opens(link, O_RDONLY);
  int error = errno;
  unlink(link);
  errno = error;
  return value;
}

static const struct attempt attempts[] = {
    {"splice", "CVE-2022-0847, CVE-2026-31431", "splice", "EINVAL", splice_page},
    {"vmsplice", "CVE-2022-0847", "vmsplice", "ENOSYS", vmsplice_page},
    {"tee", "CVE-2022-0847", "tee", "ENOSYS", tee_page},
    {"sendfile", "CVE-2026-43284, CVE-2026-46331", "sendfile", "EINVAL", send_file},
    {"grant-write", "read-only grant", "open to write", "EROFS", grant_write},
    {"grant-reopen", "read-only grant", "open its descriptor again to write", "EROFS",
     grant_reopen},
    {"grant-reopen-path", "read-only grant", "open its O_PATH descriptor to write", "EROFS",
     grant_reopen_path},
    {"grant-truncate", "read-only grant", "truncate", "EROFS", grant_truncate},
    {"grant-create", "read-only grant", "create", "EROFS", grant_create},
    {"grant-unnamed", "read-only grant", "O_TMPFILE, then linkat", "EROFS", grant_unnamed,
     .lacking = "EOPNOTSUPP"},
    {"grant-mkdir", "read-only grant", "mkdir", "EROFS", grant_directory},
    {"grant-remove", "read-only grant", "unlink", "EROFS", grant_remove},
    {"grant-rename", "read-only grant", "rename", "EROFS", grant_rename},
    {"grant-move", "read-only grant", "rename a directory", "EROFS", grant_move},
    {"grant-link", "read-only grant", "link", "EROFS", grant_link},
    {"grant-symlink", "read-only grant, CVE-2024-42472", "symlink", "EROFS", grant_symlink},
    {"grant-fifo", "read-only grant", "mkfifo", "EROFS", grant_fifo},
    {"grant-mode", "read-only grant", "chmod", "EROFS", grant_mode},
    {"grant-owner", "read-only grant", "chown", "EROFS", grant_owner},
    {"grant-times", "read-only grant", "utimensat", "EROFS", grant_times},
    {"grant-attribute", "read-only grant", "setxattr", "EROFS", grant_attribute,
     .lacking = "EOPNOTSUPP"},
    {"grant-flags", "read-only grant", "ioctl(FS_IOC_SETFLAGS)", "ENOTTY", grant_flags,
     .lacking = "ENOTTY EOPNOTSUPP"},
    {"grant-lease", "the host's writers delayed", "fcntl(F_SETLEASE)", "EPERM", grant_lease},
    {"grant-taken", "read-only grant", "link into a writable place", "EXDEV", grant_taken},
    {"create-root", "the system's files", "create in /", "EROFS", create_root},
    {"create-usr", "the system's files", "create in /usr", "EROFS", create_usr},
    {"create-programs", "the system's files", "create in /usr/bin", "EROFS", create_programs},
    {"create-etc", "the system's files", "create in /etc", "EROFS", create_etc},
    {"create-dev", "CVE-2025-52565", "create in /dev", "EROFS", create_dev},
    {"create-homes", "the system's files", "create in /home", "EROFS", create_homes},
    {"create-run", "the system's files", "create in /run", "EACCES EROFS ENOENT", create_run},
    {"create-var", "the system's files", "create in /var", "EROFS", create_var},
    {"create-proc", "CVE-2025-52881", "create in /proc", "ENOENT", create_proc},
    {"null-mode", "CVE-2025-31133", "chmod /dev/null", "EROFS EPERM", null_mode},
    {"null-removed", "CVE-2025-31133", "unlink /dev/null", "EROFS EBUSY", null_removed},
    {"null-moved", "CVE-2025-31133", "rename /dev/null", "EROFS EBUSY", null_moved},
    {"block-node", "the host's disk", "mknod(a block device)", "EPERM", block_node,
     .rights = ROOT, .own_namespaces = true},
    {"character-node", "the host's memory", "mknod(a character device)", "EPERM", character_node,
     .rights = ROOT, .own_namespaces = true},
    {"node-upper-bits", "CVE-2019-10063, upper halves", "mknodat(a device | 1<<32)", "EPERM",
     node_upper, .rights = ROOT, .own_namespaces = true},
    {"random-control", "kernel surface", "ioctl(RNDGETENTCNT)", "ENOTTY", random_control},
    {"granted-node", "devices in a grant", "open a device node in a grant", "EACCES",
     granted_node},
    {"execute-shared", "programs from memory", "exec from /dev/shm", "EACCES", execute_shared},
    {"climb-root", "out of the root", "open /../../…", "ENOENT", climb_root},
    {"climb-path", "out of the root", "openat(O_PATH of /, ../../…)", "ENOENT", climb_path},
    {"climb-proc", "out of the root", "open /proc/self/root/../../…", "ENOENT", climb_proc},
    {"climb-cwd", "CVE-2024-21626", "open /proc/self/cwd/../../…", "ENOENT", climb_working},
    {"climb-task", "out of the root", "open /proc/thread-self/root/../…", "ENOENT", climb_task},
    {"climb-link", "CVE-2024-42472", "through a symbolic link", "ENOENT", climb_link},
};
FAMILY(files, "Files and devices");
