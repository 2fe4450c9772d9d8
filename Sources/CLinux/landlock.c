#include "CLinux.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

// <linux/landlock.h> of the build machine may be older than the kernel that Cordon runs on, so the
// structures of its interface are written out. A kernel takes a shorter first one from an older
// program, and refuses (E2BIG) a longer one only where its further members are not zero.
struct ruleset {
  uint64_t file_system, network, scoped;
};
struct path_beneath {
  uint64_t access;
  int32_t directory;
} __attribute__((packed));

struct net_port {
  uint64_t access, port;
};

#define RULESET_VERSION 1u
#define RULE_PATH_BENEATH 1
#define RULE_NET_PORT 2
#define LOG_SAME_EXEC_OFF 1u

int clinux_landlock_version(void) {
  return (int)syscall(SYS_landlock_create_ruleset, (void *)0, 0, RULESET_VERSION);
}

int clinux_landlock_create(uint64_t file_system, uint64_t network, uint64_t scoped) {
  struct ruleset rules = {.file_system = file_system, .network = network, .scoped = scoped};
  return (int)syscall(SYS_landlock_create_ruleset, &rules, sizeof rules, 0);
}

int clinux_landlock_allow(int ruleset, int path, uint64_t access) {
  struct path_beneath rule = {.access = access, .directory = path};
  return (int)syscall(SYS_landlock_add_rule, ruleset, RULE_PATH_BENEATH, &rule, 0);
}

int clinux_landlock_allow_port(int ruleset, uint64_t access, uint16_t port) {
  struct net_port rule = {.access = access, .port = port};
  return (int)syscall(SYS_landlock_add_rule, ruleset, RULE_NET_PORT, &rule, 0);
}

// Port 0 is nobody's: without rules the one succeeds, and the other is refused or unreachable.
int clinux_tcp_probe(int connects) {
  int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (probe < 0) return -1;
  struct sockaddr_in address = {.sin_family = AF_INET};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  struct sockaddr *name = (struct sockaddr *)&address;
  int result = connects ? connect(probe, name, sizeof address) : bind(probe, name, sizeof address);
  int error = errno;
  close(probe);
  errno = error;
  return result;
}

int clinux_landlock_restrict(int ruleset, int quiet) {
  return (int)syscall(SYS_landlock_restrict_self, ruleset, quiet ? LOG_SAME_EXEC_OFF : 0u);
}
