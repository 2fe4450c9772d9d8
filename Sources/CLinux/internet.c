#include "CLinux.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netfilter_ipv4.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

// <linux/netfilter_ipv6/ip6_tables.h> does not go together with <netinet/in.h>.
#define ORIGINAL_DESTINATION_6 80
// <linux/in6.h> neither.
#ifndef IPV6_FREEBIND
#define IPV6_FREEBIND 78
#endif

union address {
  struct sockaddr any;
  struct sockaddr_in v4;
  struct sockaddr_in6 v6;
};

static int to_endpoint(const union address *from, struct clinux_endpoint *to) {
  memset(to, 0, sizeof *to);
  if (from->any.sa_family == AF_INET) {
    to->length = 4;
    memcpy(to->bytes, &from->v4.sin_addr, 4);
    to->port = ntohs(from->v4.sin_port);
    return 0;
  }
  if (from->any.sa_family == AF_INET6) {
    to->length = 16;
    memcpy(to->bytes, &from->v6.sin6_addr, 16);
    to->port = ntohs(from->v6.sin6_port);
    return 0;
  }
  errno = EAFNOSUPPORT;
  return -1;
}

static socklen_t from_endpoint(const struct clinux_endpoint *from, union address *to) {
  memset(to, 0, sizeof *to);
  if (from->length == 4) {
    to->v4.sin_family = AF_INET;
    to->v4.sin_port = htons(from->port);
    memcpy(&to->v4.sin_addr, from->bytes, 4);
    return sizeof to->v4;
  }
  to->v6.sin6_family = AF_INET6;
  to->v6.sin6_port = htons(from->port);
  memcpy(&to->v6.sin6_addr, from->bytes, 16);
  return sizeof to->v6;
}

static int family_of(int socket) {
  int family = 0;
  socklen_t length = sizeof family;
  return getsockopt(socket, SOL_SOCKET, SO_DOMAIN, &family, &length) < 0 ? -1 : family;
}

static int set(int socket, int level, int option, int value) {
  return setsockopt(socket, level, option, &value, sizeof value);
}

int clinux_accept(int listener) { return accept4(listener, 0, 0, SOCK_NONBLOCK | SOCK_CLOEXEC); }

int clinux_local_endpoint(int socket, struct clinux_endpoint *endpoint) {
  union address address;
  socklen_t length = sizeof address;
  if (getsockname(socket, &address.any, &length) < 0) return -1;
  return to_endpoint(&address, endpoint);
}

int clinux_original_endpoint(int socket, struct clinux_endpoint *endpoint) {
  union address address;
  socklen_t length = sizeof address;
  int family = family_of(socket);
  if (family < 0) return -1;
  // A socket of IPv6 that took a connection of IPv4 has the IPv4 answer.
  if (family == AF_INET6 &&
      getsockopt(socket, IPPROTO_IPV6, ORIGINAL_DESTINATION_6, &address, &length) == 0)
    return to_endpoint(&address, endpoint);
  length = sizeof address;
  if (getsockopt(socket, IPPROTO_IP, SO_ORIGINAL_DST, &address, &length) < 0) return -1;
  return to_endpoint(&address, endpoint);
}

int clinux_stream_socket(int is_v6) {
  int type = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
  return socket(is_v6 ? AF_INET6 : AF_INET, type, IPPROTO_TCP);
}

int clinux_connect(int socket, const struct clinux_endpoint *endpoint) {
  union address address;
  socklen_t length = from_endpoint(endpoint, &address);
  return connect(socket, &address.any, length);
}

int clinux_bind(int socket, const struct clinux_endpoint *endpoint) {
  union address address;
  socklen_t length = from_endpoint(endpoint, &address);
  return bind(socket, &address.any, length);
}

int clinux_bind_freely(int socket) { return set(socket, IPPROTO_IPV6, IPV6_FREEBIND, 1); }

int clinux_socket_error(int socket) {
  int error = 0;
  socklen_t length = sizeof error;
  return getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &length) < 0 ? errno : error;
}

int clinux_reset_on_close(int socket) {
  struct linger linger = {.l_onoff = 1, .l_linger = 0};
  return setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
}

int clinux_no_delay(int socket) { return set(socket, IPPROTO_TCP, TCP_NODELAY, 1); }

int clinux_keep_alive(int socket, int idle, int interval, int count) {
  if (set(socket, SOL_SOCKET, SO_KEEPALIVE, 1) < 0) return -1;
  if (set(socket, IPPROTO_TCP, TCP_KEEPIDLE, idle) < 0) return -1;
  if (set(socket, IPPROTO_TCP, TCP_KEEPINTVL, interval) < 0) return -1;
  return set(socket, IPPROTO_TCP, TCP_KEEPCNT, count);
}

ssize_t clinux_splice(int from, int to, size_t count) {
  return splice(from, 0, to, 0, count, SPLICE_F_NONBLOCK | SPLICE_F_MOVE);
}

int clinux_tell_destination(int socket) {
  int family = family_of(socket);
  if (family < 0) return -1;
  return family == AF_INET ? set(socket, IPPROTO_IP, IP_PKTINFO, 1)
                           : set(socket, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
}

// Room for one item of either family.
union packet_control {
  struct cmsghdr header;
  char space[CMSG_SPACE(sizeof(struct in6_pktinfo))];
};

ssize_t clinux_receive_datagram(
    int socket, void *bytes, size_t count, struct clinux_endpoint *from,
    struct clinux_endpoint *to) {
  union address sender;
  union packet_control control;
  struct iovec part = {.iov_base = bytes, .iov_len = count};
  struct msghdr message = {.msg_name = &sender,
                           .msg_namelen = sizeof sender,
                           .msg_iov = &part,
                           .msg_iovlen = 1,
                           .msg_control = &control,
                           .msg_controllen = sizeof control};
  memset(to, 0, sizeof *to);
  ssize_t received = recvmsg(socket, &message, MSG_DONTWAIT);
  if (received < 0) return received;
  if (to_endpoint(&sender, from) < 0) return -1;
  for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header;
       header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level == IPPROTO_IP && header->cmsg_type == IP_PKTINFO) {
      struct in_pktinfo info;
      memcpy(&info, CMSG_DATA(header), sizeof info);
      to->length = 4;
      memcpy(to->bytes, &info.ipi_addr, 4);
    } else if (header->cmsg_level == IPPROTO_IPV6 && header->cmsg_type == IPV6_PKTINFO) {
      struct in6_pktinfo info;
      memcpy(&info, CMSG_DATA(header), sizeof info);
      to->length = 16;
      memcpy(to->bytes, &info.ipi6_addr, 16);
    }
  }
  return message.msg_flags & MSG_TRUNC ? 0 : received;
}

ssize_t clinux_send_datagram(
    int socket, const void *bytes, size_t count, const struct clinux_endpoint *to,
    const struct clinux_endpoint *from) {
  union address receiver;
  union packet_control control;
  struct iovec part = {.iov_base = (void *)bytes, .iov_len = count};
  struct msghdr message = {.msg_name = &receiver,
                           .msg_namelen = from_endpoint(to, &receiver),
                           .msg_iov = &part,
                           .msg_iovlen = 1};
  if (from->length) {
    memset(&control, 0, sizeof control);
    message.msg_control = &control;
    struct cmsghdr *header = &control.header;
    if (from->length == 4) {
      struct in_pktinfo info = {0};
      memcpy(&info.ipi_spec_dst, from->bytes, 4);
      message.msg_controllen = CMSG_SPACE(sizeof info);
      header->cmsg_level = IPPROTO_IP;
      header->cmsg_type = IP_PKTINFO;
      header->cmsg_len = CMSG_LEN(sizeof info);
      memcpy(CMSG_DATA(header), &info, sizeof info);
    } else {
      struct in6_pktinfo info = {0};
      memcpy(&info.ipi6_addr, from->bytes, 16);
      message.msg_controllen = CMSG_SPACE(sizeof info);
      header->cmsg_level = IPPROTO_IPV6;
      header->cmsg_type = IPV6_PKTINFO;
      header->cmsg_len = CMSG_LEN(sizeof info);
      memcpy(CMSG_DATA(header), &info, sizeof info);
    }
  }
  return sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}
