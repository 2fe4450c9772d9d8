// Ways onto the network: the host's sockets, addresses outside, and the configuration of interfaces.
// Outside, every address belongs to the loopback interface of a network that the test made.
#include "attempts.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

// A connection alone proves nothing: a sandbox may take it itself, and refuse then. What counts is to
// hear the host's service.
static long greeted(int descriptor, long reached) {
  if (reached < 0) return -1;
  struct timeval patience = {.tv_sec = is_outside() ? 3 : 0, .tv_usec = is_outside() ? 0 : 300000};
  setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  char word[64] = "";
  ssize_t count = recv(descriptor, word, sizeof word - 1, 0);
  if (count > 0 && !strcmp(word, GREETING)) return 0;
  if (count >= 0 || errno == EAGAIN) return NOTHING;
  return -1;
}

static long connects(int type, const char *address, int port) {
  struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
  struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  bool is_six = inet_pton(AF_INET6, address, &six.sin6_addr) == 1;
  if (!is_six && inet_pton(AF_INET, address, &four.sin_addr) != 1) return -1;
  int descriptor = socket(is_six ? AF_INET6 : AF_INET, type | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return -1;
  long reached = is_six ? connect(descriptor, (struct sockaddr *)&six, sizeof six)
                        : connect(descriptor, (struct sockaddr *)&four, sizeof four);
  if (reached == 0 && type == SOCK_DGRAM) reached = send(descriptor, "canary", 6, 0);
  return greeted(descriptor, reached);
}
static int port(void) { return (int)given_number("port"); }

static long abstract_named(const char *name) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  size_t length = strlen(name);
  memcpy(address.sun_path + 1, name, length);
  int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  return connect(descriptor, (struct sockaddr *)&address,
                 (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + length));
}
static long abstract(void) { return abstract_named(given("abstract")); }
static long abstract_x11(void) { return abstract_named("/tmp/.X11-unix/X0"); }
static long abstract_listed(void) {
  FILE *file = fopen("/proc/self/net/unix", "re");
  if (!file) return -1;
  char line[512];
  while (fgets(line, sizeof line, file))
    if (strstr(line, given("abstract"))) return 0;
  return NOTHING;
}

static long loopback(void) { return connects(SOCK_STREAM, "127.0.0.1", port()); }
static long loopback6(void) { return connects(SOCK_STREAM, "::1", port()); }
static long mapped(void) { return connects(SOCK_STREAM, "::ffff:127.0.0.1", port()); }
static long any(void) { return connects(SOCK_STREAM, "0.0.0.0", port()); }
static long metadata(void) { return connects(SOCK_STREAM, "169.254.169.254", 80); }
static long outside_tcp(void) { return connects(SOCK_STREAM, "192.0.2.53", 443); }
static long outside_tcp6(void) { return connects(SOCK_STREAM, "2001:db8::53", 443); }
static long outside_mapped(void) { return connects(SOCK_STREAM, "::ffff:192.0.2.53", 443); }
static long link_local(void) {
  struct sockaddr_in6 there = {.sin6_family = AF_INET6, .sin6_port = htons(443),
                               .sin6_scope_id = 1};
  inet_pton(AF_INET6, "fe80::53", &there.sin6_addr);
  int descriptor = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  return greeted(descriptor, connect(descriptor, (struct sockaddr *)&there, sizeof there));
}
static long outside_udp(void) { return connects(SOCK_DGRAM, "192.0.2.53", 53); }

static long quic(void) { return connects(SOCK_DGRAM, "192.0.2.53", 443); }
static long quic6(void) { return connects(SOCK_DGRAM, "2001:db8::53", 443); }

static long sends(int type, const char *address, int number, int flags) {
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)number)};
  inet_pton(AF_INET, address, &to.sin_addr);
  int descriptor = socket(AF_INET, type | SOCK_CLOEXEC, 0), one = 1;
  setsockopt(descriptor, SOL_SOCKET, SO_BROADCAST, &one, sizeof one);
  return greeted(
      descriptor, sendto(descriptor, "canary", 6, flags, (struct sockaddr *)&to, sizeof to));
}
static long name_question(void) { return sends(SOCK_DGRAM, "192.0.2.53", 53, 0); }
static long early_data(void) { return sends(SOCK_STREAM, "192.0.2.53", 443, MSG_FASTOPEN); }
static long multicast(void) { return sends(SOCK_DGRAM, "239.192.0.53", 5353, 0); }
static long broadcast(void) { return sends(SOCK_DGRAM, "192.0.2.255", 5353, 0); }

static long low_port(void) {
  struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(25)};
  int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  return bind(descriptor, (struct sockaddr *)&here, sizeof here);
}

// A request to rtnetlink and its acknowledgement.
static long routes(struct nlmsghdr *header) {
  int descriptor = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  if (descriptor < 0 || send(descriptor, header, header->nlmsg_len, 0) < 0) return -1;
  struct {
    struct nlmsghdr header;
    struct nlmsgerr error;
    char rest[512];
  } answer = {0};
  if (recv(descriptor, &answer, sizeof answer, 0) < 0) return -1;
  if (answer.header.nlmsg_type != NLMSG_ERROR || answer.error.error == 0) return 0;
  errno = -answer.error.error;
  return -1;
}
static int loopback_index(void) {
  int index = (int)if_nametoindex("lo");
  return index ? index : 1;
}
static long interface_down(void) {
  struct {
    struct nlmsghdr header;
    struct ifinfomsg link;
  } request = {
      .header = {.nlmsg_len = sizeof request, .nlmsg_type = RTM_NEWLINK,
                 .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK},
      .link = {.ifi_family = AF_UNSPEC, .ifi_index = loopback_index(), .ifi_change = IFF_UP}};
  return routes(&request.header);
}
static long add_address(void) {
  struct {
    struct nlmsghdr header;
    struct ifaddrmsg address;
    struct rtattr attribute;
    struct in_addr value;
  } request = {
      .header = {.nlmsg_len = sizeof request, .nlmsg_type = RTM_NEWADDR,
                 .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE},
      .address = {.ifa_family = AF_INET, .ifa_prefixlen = 32, .ifa_index = 1},
      .attribute = {.rta_len = 8, .rta_type = IFA_LOCAL},
      .value = {htonl(0x0a000001)}};
  return routes(&request.header);
}
static long add_route(void) {
  struct {
    struct nlmsghdr header;
    struct rtmsg route;
    struct rtattr attribute;
    int index;
  } request = {
      .header = {.nlmsg_len = sizeof request, .nlmsg_type = RTM_NEWROUTE,
                 .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE},
      .route = {.rtm_family = AF_INET, .rtm_table = RT_TABLE_MAIN, .rtm_protocol = RTPROT_BOOT,
                .rtm_scope = RT_SCOPE_LINK, .rtm_type = RTN_UNICAST},
      .attribute = {.rta_len = 8, .rta_type = RTA_OIF},
      .index = loopback_index()};
  // A route needs an interface that is up; a new namespace's is not.
  if (is_outside()) {
    struct ifreq up = {.ifr_name = "lo", .ifr_flags = IFF_UP};
    ioctl(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), SIOCSIFFLAGS, &up);
  }
  return routes(&request.header);
}
static long add_interface(void) {
  struct {
    struct nlmsghdr header;
    struct ifinfomsg link;
    struct rtattr info;
    struct rtattr kind;
    char name[8];
  } request = {
      .header = {.nlmsg_len = sizeof request, .nlmsg_type = RTM_NEWLINK,
                 .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL},
      .link = {.ifi_family = AF_UNSPEC},
      .info = {.rta_len = 16, .rta_type = IFLA_LINKINFO},
      .kind = {.rta_len = 12, .rta_type = IFLA_INFO_KIND},
      .name = "bridge"};
  return routes(&request.header);
}
static long flags_by_ioctl(void) {
  struct ifreq down = {.ifr_name = "lo", .ifr_flags = 0};
  return ioctl(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), SIOCSIFFLAGS, &down);
}
static long add_bridge(void) {
  return ioctl(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), 0x89a0, "attempt");  // SIOCBRADDBR
}

// Reset once it was made, refused by the sandbox's own kernel, or unanswered.
#define REFUSED_LATER .granted = "ECONNRESET ECONNREFUSED nothing"

static const struct attempt attempts[] = {
    {"abstract-socket", "CVE-2020-15257", "connect to the host's abstract socket", "ECONNREFUSED",
     abstract},
    {"abstract-x11", "X11, a keyboard to read", "connect to abstract X0", "ECONNREFUSED",
     abstract_x11},
    {"abstract-listed", "CVE-2020-15257", "the host's socket in /proc/self/net/unix", "nothing",
     abstract_listed},
    {"loopback", "the host's services", "connect to 127.0.0.1", "ECONNREFUSED", loopback},
    {"loopback6", "the host's services", "connect to ::1", "ECONNREFUSED", loopback6},
    {"loopback-mapped", "the host's services", "connect to ::ffff:127.0.0.1", "ECONNREFUSED",
     mapped},
    {"loopback-any", "the host's services", "connect to 0.0.0.0", "ECONNREFUSED", any},
    {"metadata", "cloud credentials", "connect to 169.254.169.254:80", "ENETUNREACH", metadata,
     REFUSED_LATER},
    {"outside-tcp", "exfiltration", "connect to 192.0.2.53:443", "ENETUNREACH", outside_tcp,
     REFUSED_LATER},
    {"outside-tcp6", "exfiltration", "connect to [2001:db8::53]:443", "ENETUNREACH",
     outside_tcp6, REFUSED_LATER},
    {"outside-mapped", "exfiltration", "connect to [::ffff:192.0.2.53]:443", "ENETUNREACH",
     outside_mapped, REFUSED_LATER},
    {"link-local", "neighbours on the link", "connect to [fe80::53]:443", "ENETUNREACH",
     link_local, REFUSED_LATER},
    {"outside-udp", "exfiltration by UDP", "connect a datagram socket", "ENETUNREACH",
     outside_udp, REFUSED_LATER},
    {"quic", "exfiltration by QUIC", "a datagram to 192.0.2.53:443", "ENETUNREACH", quic,
     .granted = "ECONNREFUSED"},
    {"quic6", "exfiltration by QUIC", "a datagram to [2001:db8::53]:443", "ENETUNREACH", quic6,
     .granted = "ECONNREFUSED"},
    {"name-question", "exfiltration by DNS", "sendto 192.0.2.53:53", "ENETUNREACH",
     name_question, REFUSED_LATER},
    {"early-data", "exfiltration by TCP Fast Open", "sendto(MSG_FASTOPEN)", "ENETUNREACH",
     early_data, REFUSED_LATER},
    {"multicast", "exfiltration by multicast", "sendto 239.192.0.53", "ENETUNREACH", multicast,
     REFUSED_LATER},
    {"broadcast", "exfiltration by broadcast", "sendto 192.0.2.255", "ENETUNREACH", broadcast,
     REFUSED_LATER},
    {"low-port", "services forged", "bind to port 25", "EACCES", low_port},
    {"interface-down", "interfaces", "rtnetlink: lo down", "EPERM", interface_down,
     .own_namespaces = true},
    {"add-address", "interfaces", "rtnetlink: an address", "EPERM", add_address,
     .own_namespaces = true},
    {"add-route", "interfaces", "rtnetlink: a route", "EPERM", add_route,
     .own_namespaces = true},
    {"add-interface", "interfaces", "rtnetlink: a bridge", "EPERM", add_interface,
     .own_namespaces = true, .lacking = "EOPNOTSUPP"},
    {"flags-by-ioctl", "interfaces", "ioctl(SIOCSIFFLAGS)", "ENOTTY", flags_by_ioctl,
     .own_namespaces = true},
    {"bridge-by-ioctl", "interfaces", "ioctl(SIOCBRADDBR)", "ENOTTY", add_bridge,
     .own_namespaces = true, .lacking = "ENOPKG EOPNOTSUPP ENOTTY EINVAL"},
};
FAMILY(network, "Network");
