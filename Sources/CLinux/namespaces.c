#include "CLinux.h"

#include <errno.h>
#include <grp.h>
#include <ifaddrs.h>
#include <linux/keyctl.h>
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

const uint64_t clinux_user_namespace = CLONE_NEWUSER;
const uint64_t clinux_cgroup_namespace = CLONE_NEWCGROUP;
const uint64_t clinux_sandbox_namespaces = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID |
                                           CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS |
                                           CLONE_NEWCGROUP;

const int clinux_rlimit_core = RLIMIT_CORE, clinux_rlimit_nofile = RLIMIT_NOFILE,
          clinux_rlimit_nproc = RLIMIT_NPROC, clinux_rlimit_msgqueue = RLIMIT_MSGQUEUE,
          clinux_rlimit_memlock = RLIMIT_MEMLOCK, clinux_rlimit_sigpending = RLIMIT_SIGPENDING,
          clinux_rlimit_fsize = RLIMIT_FSIZE, clinux_rlimit_data = RLIMIT_DATA;

uint64_t clinux_namespace_flag(const char *name) {
  static const struct {
    const char *name;
    uint64_t flag;
  } all[] = {{"user", CLONE_NEWUSER}, {"mnt", CLONE_NEWNS},   {"pid", CLONE_NEWPID},
             {"net", CLONE_NEWNET},   {"ipc", CLONE_NEWIPC},  {"uts", CLONE_NEWUTS},
             {"cgroup", CLONE_NEWCGROUP}};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    if (strcmp(all[i].name, name) == 0) return all[i].flag;
  return 0;
}

int clinux_unshare(uint64_t namespaces) { return unshare((int)namespaces); }

int clinux_join_session_keyring(void) {
  return syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, (void *)0) < 0 ? -1 : 0;
}

int clinux_set_rlimit(int resource, uint64_t soft, uint64_t hard) {
  struct rlimit limit = {.rlim_cur = soft, .rlim_max = hard};
  return setrlimit(resource, &limit);
}

int clinux_get_rlimit(int resource, uint64_t *soft, uint64_t *hard) {
  struct rlimit limit;
  if (getrlimit(resource, &limit) != 0) return -1;
  *soft = limit.rlim_cur;
  *hard = limit.rlim_max;
  return 0;
}

int clinux_loopback_up(void) {
  int socket_ = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket_ < 0) return -1;
  struct ifreq request;
  memset(&request, 0, sizeof request);
  memcpy(request.ifr_name, "lo", 3);
  int result = ioctl(socket_, SIOCGIFFLAGS, &request);
  if (result == 0) {
    request.ifr_flags |= IFF_UP;
    result = ioctl(socket_, SIOCSIFFLAGS, &request);
  }
  int saved = errno;
  close(socket_);
  errno = saved;
  return result;
}

// getifaddrs gives an entry for each interface and one for each of its addresses.
int clinux_interfaces(struct clinux_interface *list, size_t capacity) {
  struct ifaddrs *entries;
  if (getifaddrs(&entries) != 0) return -1;
  size_t count = 0;
  for (struct ifaddrs *entry = entries; entry; entry = entry->ifa_next) {
    size_t i = 0;
    while (i < count && strncmp(list[i].name, entry->ifa_name, sizeof list[i].name - 1) != 0) i++;
    if (i == capacity) {
      freeifaddrs(entries);
      errno = E2BIG;
      return -1;
    }
    if (i == count) {
      memset(&list[i], 0, sizeof list[i]);
      strncpy(list[i].name, entry->ifa_name, sizeof list[i].name - 1);
      count++;
    }
    if (entry->ifa_flags & IFF_UP) list[i].up = 1;
    if (entry->ifa_addr && entry->ifa_addr->sa_family != AF_PACKET) list[i].addressed = 1;
  }
  freeifaddrs(entries);
  return (int)count;
}

int clinux_set_groups_empty(void) { return setgroups(0, 0); }
int clinux_group_count(void) { return getgroups(0, 0); }
int clinux_set_uid(uint32_t uid) { return setresuid(uid, uid, uid); }
int clinux_set_gid(uint32_t gid) { return setresgid(gid, gid, gid); }
int clinux_sethostname(const char *name) { return sethostname(name, strlen(name)); }

// What must fail inside the sandbox: a route to 192.0.2.1, an address for documentation (RFC 5737).
int clinux_connect_probe(int datagram_socket) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(53)};
  address.sin_addr.s_addr = htonl(0xC0000201);
  return connect(datagram_socket, (struct sockaddr *)&address, sizeof address);
}
