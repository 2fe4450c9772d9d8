// What the launcher leaves within reach: its program, its environment, its descriptors, its working
// directory. The host is careless on purpose: see host.c.
#include "attempts.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

extern char **environ;

static long launcher_write(void) { return opens(given("launcher"), O_WRONLY); }
static long own_program(void) { return opens("/proc/self/exe", O_WRONLY); }

static long own_environment(void) {
  for (char **each = environ; *each; each++)
    if (strstr(*each, given("canary"))) return 0;
  return NOTHING;
}
static bool holds(const char *path, const char *word) {
  static char text[1 << 17];
  int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return false;
  ssize_t size = read(descriptor, text, sizeof text);
  close(descriptor);
  return size > 0 && memmem(text, (size_t)size, word, strlen(word));
}
static long every_environment(void) {
  DIR *directory = opendir("/proc");
  if (!directory) return -1;
  for (struct dirent *each; (each = readdir(directory));) {
    char path[300];
    snprintf(path, sizeof path, "/proc/%s/environ", each->d_name);
    if (isdigit((unsigned char)each->d_name[0]) && holds(path, given("canary"))) {
      note("process %s", each->d_name);
      return 0;
    }
  }
  return NOTHING;
}

static long leaked_file(void) {
  char byte;
  return pread(10, &byte, 1, 0);
}
static long leaked_directory(void) { return openat(11, "file", O_RDONLY | O_CLOEXEC); }
static long leaked_climb(void) { return opens("/proc/self/fd/11/../secret", O_RDONLY); }
static long leaked_name(void) { return opens("/dev/fd/10", O_RDONLY); }
static long leaked_any(void) {
  DIR *directory = opendir("/proc/self/fd");
  if (!directory) return -1;
  int found = 0;
  for (struct dirent *each; (each = readdir(directory));) {
    int number = atoi(each->d_name);
    if (number > 2 && number != dirfd(directory)) note("%s%d", found++ ? " " : "", number);
  }
  return found ? 0 : NOTHING;
}

// The host's log as standard output: what others wrote to it can be read back.
static long output_again(void) {
  int descriptor = open("/proc/self/fd/1", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) return -1;
  struct stat status;
  char text[64];
  if (fstat(descriptor, &status) || !S_ISREG(status.st_mode)) return NOTHING;
  return pread(descriptor, text, sizeof text, 0) > 0 ? 0 : NOTHING;
}
static long output_truncated(void) {
  struct stat status;
  if (fstat(1, &status)) return -1;
  return S_ISREG(status.st_mode) ? ftruncate(1, status.st_size) : NOTHING;
}
// A descriptor of a directory waits on the socket that is the host's standard error.
static long handed_directory(void) {
  union {
    struct cmsghdr header;
    char space[CMSG_SPACE(sizeof(int))];
  } control;
  char byte;
  struct iovec text = {&byte, 1};
  struct msghdr message = {.msg_iov = &text, .msg_iovlen = 1, .msg_control = &control,
                           .msg_controllen = sizeof control};
  if (recvmsg(2, &message, MSG_DONTWAIT) < 0) return -1;
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  if (!header || header->cmsg_type != SCM_RIGHTS) return NOTHING;
  int directory;
  memcpy(&directory, CMSG_DATA(header), sizeof directory);
  return openat(directory, "file", O_RDONLY | O_CLOEXEC);
}
static long who_is_there(void) {
  struct ucred peer;
  return getsockopt(2, SOL_SOCKET, SO_PEERCRED, &peer, &(socklen_t){sizeof peer});
}

static long working_directory(void) {
  char path[4096];
  if (!getcwd(path, sizeof path)) return -1;
  note("%s", path);
  return path[0] != '/' || !strcmp(path, given("cwd")) ? 0 : NOTHING;
}
static long working_file(void) { return opens("left-here", O_RDONLY); }

static const struct attempt attempts[] = {
    {"launcher-write", "CVE-2019-5736", "open the launcher's file to write", "ENOENT",
     launcher_write},
    {"own-program-write", "CVE-2019-5736", "open /proc/self/exe to write", "EACCES ETXTBSY EROFS",
     own_program, .lacking = "ETXTBSY EACCES"},
    {"own-environment", "secrets in the environment", "a canary in its own", "nothing",
     own_environment},
    {"every-environment", "bubblewrap #725", "a canary in /proc/*/environ", "nothing",
     every_environment},
    {"leaked-file", "CVE-2024-21626", "read descriptor 10", "EBADF", leaked_file},
    {"leaked-directory", "CVE-2024-21626", "openat(descriptor 11)", "EBADF", leaked_directory},
    {"leaked-climb", "CVE-2024-21626", "open /proc/self/fd/11/../secret", "ENOENT", leaked_climb},
    {"leaked-name", "CVE-2024-21626", "open /dev/fd/10", "ENOENT", leaked_name},
    {"leaked-any", "CVE-2024-21626", "descriptors above 2", "nothing", leaked_any},
    {"output-again", "the host's log", "open standard output again and read", "nothing EACCES",
     output_again},
    {"output-truncated", "the host's log", "ftruncate standard output", "nothing",
     output_truncated},
    {"handed-directory", "descriptors over sockets", "recvmsg on standard error", "ENOTSOCK",
     handed_directory},
    {"who-is-there", "the host's numbers", "SO_PEERCRED of standard error", "ENOTSOCK",
     who_is_there},
    {"working-directory", "CVE-2024-21626", "the host's working directory kept", "nothing",
     working_directory},
    {"working-file", "CVE-2024-21626", "open a file of that directory", "ENOENT", working_file},
};
FAMILY(launcher, "What the launcher leaves");
