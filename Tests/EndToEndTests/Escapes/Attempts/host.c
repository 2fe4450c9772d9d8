// A careless host: it starts a launcher with its terminal as standard input, its log as standard
// output, a socket as standard error on which a directory's descriptor waits, a secret file open as
// descriptor 10 and a secret directory as 11, in a working directory of its own. (A canary in the
// environment comes from whoever starts it.) What arrives on the socket is written to its stdout.
//
//   host LOG SECRET-DIRECTORY WORKING-DIRECTORY COMMAND…
#include "attempts.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static int checked(int value, const char *what) {
  if (value >= 0) return value;
  dprintf(1, "error\thost: %s: %s\n", what, strerror(errno));
  exit(70);
}

static void hand_over(int socket, int descriptor) {
  union {
    struct cmsghdr header;
    char space[CMSG_SPACE(sizeof(int))];
  } control = {.header = {.cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET,
                          .cmsg_type = SCM_RIGHTS}};
  memcpy(CMSG_DATA(&control.header), &descriptor, sizeof descriptor);
  struct iovec text = {"x", 1};
  struct msghdr message = {.msg_iov = &text, .msg_iovlen = 1, .msg_control = &control,
                           .msg_controllen = sizeof control.space};
  checked((int)sendmsg(socket, &message, 0), "sendmsg");
}

static void start(char **command, int terminal, int socket, const char *log, int file,
                  int directory) {
  setsid();
  checked(ioctl(terminal, TIOCSCTTY, 0), "controlling terminal");
  checked(dup2(terminal, 0), "stdin");
  checked(dup2(checked(open(log, O_RDWR | O_APPEND), log), 1), "stdout");
  checked(dup2(socket, 2), "stderr");
  // First out of the way of what they are to become.
  file = checked(fcntl(file, F_DUPFD, 20), "secret");
  directory = checked(fcntl(directory, F_DUPFD, 20), "directory");
  closefrom(64);
  for (int i = 3; i < 20; i++) close(i);
  checked(dup2(file, 10), "descriptor 10");
  checked(dup2(directory, 11), "descriptor 11");
  for (int i = 20; i < 64; i++) close(i);
  execvp(command[0], command);
  dprintf(2, "error\thost: %s: %s\n", command[0], strerror(errno));
  _exit(70);
}

int be_careless_host(int argc, char **argv) {
  if (argc < 4) return 64;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  char *command[256] = {0}, name[64], path[600];
  int master, terminal, ends[2];
  checked(openpty(&master, &terminal, name, NULL, NULL), "terminal");
  checked(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), "socket");
  snprintf(path, sizeof path, "%s/file", argv[1]);
  int file = checked(open(path, O_RDONLY), path);
  int directory = checked(open(argv[1], O_RDONLY | O_DIRECTORY), argv[1]);
  checked(chdir(argv[2]), argv[2]);
  hand_over(ends[0], directory);
  // The terminal's name is known only now: {terminal} in the command stands for it.
  for (int i = 3; i < argc && i < 250; i++)
    command[i - 3] = strcmp(argv[i], "terminal={terminal}")
                         ? argv[i]
                         : strcat(strcpy(malloc(80), "terminal="), name);
  pid_t child = checked(fork(), "fork");
  if (child == 0) start(command, terminal, ends[1], argv[0], file, directory);
  close(ends[1]);
  close(terminal);
  char block[4096];
  struct pollfd both[] = {{.fd = ends[0], .events = POLLIN}, {.fd = master, .events = POLLIN}};
  while (poll(both, 2, -1) > 0 || errno == EINTR) {
    if (both[1].revents && read(master, block, sizeof block) <= 0) both[1].fd = -1;
    if (!both[0].revents) continue;
    ssize_t size = read(ends[0], block, sizeof block);
    if (size <= 0 || write(1, block, (size_t)size) != size) break;
  }
  int status = 0;
  checked(waitpid(child, &status, 0), "wait");
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
