// Sockets: families, protocols and options. Nothing is ever connected here.
#include "attempts.h"

#include <errno.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static long vsock(void) { return socket(AF_VSOCK, SOCK_STREAM, 0); }
static long vsock_upper(void) {
  return syscall(SYS_socket, 1UL << 32 | AF_VSOCK, SOCK_STREAM, 0);
}
static long packet(void) { return socket(AF_PACKET, SOCK_RAW, 0); }
static long packet_upper(void) { return syscall(SYS_socket, 1UL << 32 | AF_PACKET, SOCK_RAW, 0); }
static long algorithm(void) { return socket(AF_ALG, SOCK_SEQPACKET, 0); }
static long key(void) { return socket(AF_KEY, SOCK_RAW, 2); }
static long express(void) { return socket(AF_XDP, SOCK_RAW, 0); }
static long bluetooth(void) { return socket(AF_BLUETOOTH, SOCK_RAW, 1); }
static long field_bus(void) { return socket(AF_CAN, SOCK_RAW, 1); }
static long reliable(void) { return socket(AF_RDS, SOCK_SEQPACKET, 0); }
static long transparent_ipc(void) { return socket(AF_TIPC, SOCK_RDM, 0); }
static long shared_memory(void) { return socket(AF_SMC, SOCK_STREAM, 0); }
static long rx(void) { return socket(AF_RXRPC, SOCK_DGRAM, PF_INET); }
static long router(void) { return socket(AF_QIPCRTR, SOCK_DGRAM, 0); }
static long multiplexor(void) { return socket(AF_KCM, SOCK_DGRAM, 0); }

static bool tried_elsewhere(int family) {
  switch (family) {
    case AF_UNIX: case AF_INET: case AF_INET6: case AF_NETLINK: case AF_VSOCK: case AF_PACKET:
    case AF_ALG: case AF_KEY: case AF_XDP: case AF_BLUETOOTH: case AF_CAN: case AF_RDS:
    case AF_TIPC: case AF_SMC: case AF_RXRPC: case AF_QIPCRTR: case AF_KCM: return true;
    default: return false;
  }
}
static long other_families(void) {
  struct tally tally = {.usual = EAFNOSUPPORT};
  for (int family = 0; family < 48; family++)
    if (!tried_elsewhere(family)) count(&tally, socket(family, SOCK_DGRAM, 0), family);
  return outcome(&tally);
}
static long upper_families(void) {
  struct tally tally = {.usual = EAFNOSUPPORT};
  for (unsigned long family = 0; family < 48; family++) {
    if (family == AF_UNIX || family == AF_INET || family == AF_INET6 || family == AF_NETLINK)
      continue;
    for (int type = SOCK_STREAM; type <= SOCK_SEQPACKET; type++)
      count(&tally, syscall(SYS_socket, 1UL << 32 | family, type, 0), (int)family);
  }
  return outcome(&tally);
}

static long netlink(int protocol) { return socket(AF_NETLINK, SOCK_RAW, protocol); }
static long transformations(void) { return netlink(NETLINK_XFRM); }
static long packet_filter(void) { return netlink(NETLINK_NETFILTER); }
static long audit(void) { return netlink(NETLINK_AUDIT); }
static long generic(void) { return netlink(NETLINK_GENERIC); }
static long device_events(void) { return netlink(NETLINK_KOBJECT_UEVENT); }
static long diagnosis(void) { return netlink(NETLINK_SOCK_DIAG); }
static long packet_filter_upper(void) {
  return syscall(SYS_socket, AF_NETLINK, SOCK_RAW, 1UL << 32 | NETLINK_NETFILTER);
}
static long other_netlinks(void) {
  struct tally tally = {.usual = EPROTONOSUPPORT};
  for (int protocol = 1; protocol < 32; protocol++) count(&tally, netlink(protocol), protocol);
  return outcome(&tally);
}

static long raw(void) { return socket(AF_INET, SOCK_RAW, IPPROTO_ICMP); }
static long raw6(void) { return socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6); }
static long raw_flags(void) {
  return socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_RAW);
}
static long ping(void) { return socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP); }
static long sctp(void) { return socket(AF_INET, SOCK_SEQPACKET, IPPROTO_SCTP); }
static long sctp_stream(void) { return socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP); }
static long multipath(void) { return socket(AF_INET, SOCK_STREAM, IPPROTO_MPTCP); }
static long light(void) { return socket(AF_INET6, SOCK_DGRAM, IPPROTO_UDPLITE); }
static long congestion(void) { return socket(AF_INET, SOCK_DCCP, IPPROTO_DCCP); }
static long obsolete_packet(void) { return socket(AF_INET, SOCK_PACKET, 0x0300); }

static long option(int level, int name, const void *value, socklen_t size) {
  int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  return descriptor < 0 ? -1 : setsockopt(descriptor, level, name, value, size);
}
static long number(int level, int name, int value) {
  return option(level, name, &value, sizeof value);
}
static long zero_copy(void) { return number(SOL_SOCKET, SO_ZEROCOPY, 1); }
static long packet_program(void) {
  struct sock_filter all = {.code = BPF_RET | BPF_K, .k = 65535};
  struct sock_fprog program = {.len = 1, .filter = &all};
  return option(SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}
static long packet_bpf(void) { return beyond(number(SOL_SOCKET, SO_ATTACH_BPF, -1), EBADF); }
static long upper_layer(void) {
  return beyond(option(SOL_TCP, TCP_ULP, "tls", 4), ENOTCONN);
}
static long replace_tables(void) {
  char table[96] = {0};
  return beyond(option(SOL_IP, 64, table, sizeof table), EINVAL);  // IPT_SO_SET_REPLACE
}
static long mark(void) { return number(SOL_SOCKET, SO_MARK, 1); }
static long high_priority(void) { return number(SOL_SOCKET, SO_PRIORITY, 7); }
static long force_buffer(void) { return number(SOL_SOCKET, SO_RCVBUFFORCE, 1 << 30); }
static long any_address(void) { return number(SOL_IP, IP_TRANSPARENT, 1); }
static long any_address6(void) {
  int descriptor = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;
  return setsockopt(descriptor, SOL_IPV6, IPV6_TRANSPARENT, &one, sizeof one);
}
static long repair(void) { return number(SOL_TCP, TCP_REPAIR, 1); }

#define FAMILY_ABSENT .lacking = "EAFNOSUPPORT ESOCKTNOSUPPORT EPROTONOSUPPORT"

static const struct attempt attempts[] = {
    {"vsock", "CVE-2021-26708, CVE-2025-21756", "socket(AF_VSOCK)", "EAFNOSUPPORT", vsock,
     FAMILY_ABSENT},
    {"vsock-upper-bits", "CVE-2019-10063, upper halves", "socket(AF_VSOCK | 1<<32)",
     "EAFNOSUPPORT", vsock_upper, FAMILY_ABSENT},
    {"packet", "CVE-2016-8655, CVE-2020-14386", "socket(AF_PACKET)", "EAFNOSUPPORT", packet,
     FAMILY_ABSENT, .own_namespaces = true},
    {"packet-upper-bits", "CVE-2017-7308, upper halves", "socket(AF_PACKET | 1<<32)",
     "EAFNOSUPPORT", packet_upper, FAMILY_ABSENT, .own_namespaces = true},
    {"algorithms", "CVE-2026-31431", "socket(AF_ALG)", "EAFNOSUPPORT", algorithm, FAMILY_ABSENT},
    {"key-sockets", "CVE-2026-43284", "socket(AF_KEY)", "EAFNOSUPPORT", key, FAMILY_ABSENT,
     .own_namespaces = true},
    {"express", "kernel surface", "socket(AF_XDP)", "EAFNOSUPPORT", express, FAMILY_ABSENT,
     .own_namespaces = true},
    {"bluetooth", "CVE-2020-12351", "socket(AF_BLUETOOTH)", "EAFNOSUPPORT", bluetooth,
     FAMILY_ABSENT, .own_namespaces = true},
    {"field-bus", "CVE-2021-3609", "socket(AF_CAN)", "EAFNOSUPPORT", field_bus, FAMILY_ABSENT,
     .own_namespaces = true},
    {"rds", "CVE-2010-3904", "socket(AF_RDS)", "EAFNOSUPPORT", reliable, FAMILY_ABSENT},
    {"tipc", "CVE-2021-43267", "socket(AF_TIPC)", "EAFNOSUPPORT", transparent_ipc, FAMILY_ABSENT},
    {"smc", "kernel surface", "socket(AF_SMC)", "EAFNOSUPPORT", shared_memory, FAMILY_ABSENT},
    {"rxrpc", "CVE-2026-43500", "socket(AF_RXRPC)", "EAFNOSUPPORT", rx, FAMILY_ABSENT},
    {"qipcrtr", "kernel surface", "socket(AF_QIPCRTR)", "EAFNOSUPPORT", router, FAMILY_ABSENT},
    {"kcm", "kernel surface", "socket(AF_KCM)", "EAFNOSUPPORT", multiplexor, FAMILY_ABSENT},
    {"other-families", "kernel surface", "socket(every other family)", "EAFNOSUPPORT",
     other_families, FAMILY_ABSENT, .own_namespaces = true},
    {"families-upper-bits", "CVE-2019-10063, upper halves",
     "socket(every family | 1<<32), five types", "EAFNOSUPPORT", upper_families,
     .own_namespaces = true},
    {"netlink-xfrm", "CVE-2026-43284", "netlink XFRM", "EPROTONOSUPPORT", transformations,
     FAMILY_ABSENT},
    {"netlink-netfilter", "CVE-2023-32233", "netlink NETFILTER", "EPROTONOSUPPORT", packet_filter,
     FAMILY_ABSENT},
    {"netlink-netfilter-upper-bits", "CVE-2019-10063, upper halves", "netlink NETFILTER | 1<<32",
     "EPROTONOSUPPORT", packet_filter_upper, FAMILY_ABSENT},
    {"netlink-audit", "audit", "netlink AUDIT", "EPROTONOSUPPORT", audit, FAMILY_ABSENT},
    {"netlink-generic", "kernel surface", "netlink GENERIC", "EPROTONOSUPPORT", generic,
     FAMILY_ABSENT},
    {"netlink-events", "devices seen", "netlink KOBJECT_UEVENT", "EPROTONOSUPPORT", device_events,
     FAMILY_ABSENT},
    {"netlink-diagnosis", "connections seen", "netlink SOCK_DIAG", "EPROTONOSUPPORT", diagnosis,
     FAMILY_ABSENT},
    {"netlink-others", "kernel surface", "netlink protocols 1 to 31", "EPROTONOSUPPORT",
     other_netlinks},
    {"raw", "CVE-2017-17712", "socket(INET, RAW, ICMP)", "EPERM", raw, .own_namespaces = true},
    {"raw6", "CVE-2017-17712", "socket(INET6, RAW, ICMPV6)", "EPERM", raw6, FAMILY_ABSENT,
     .own_namespaces = true},
    {"raw-flags", "CVE-2017-17712", "socket(INET, RAW|CLOEXEC|NONBLOCK)", "EPERM", raw_flags,
     .own_namespaces = true},
    {"ping", "CVE-2015-3636", "socket(INET, DGRAM, ICMP)", "EPROTONOSUPPORT", ping,
     .lacking = "EACCES"},
    {"sctp", "CVE-2019-8956", "socket(INET, SEQPACKET, SCTP)", "ESOCKTNOSUPPORT", sctp,
     FAMILY_ABSENT},
    {"sctp-stream", "CVE-2019-8956", "socket(INET, STREAM, SCTP)", "EPROTONOSUPPORT", sctp_stream,
     FAMILY_ABSENT},
    {"multipath", "kernel surface", "socket(INET, STREAM, MPTCP)", "EPROTONOSUPPORT", multipath,
     .lacking = "EPROTONOSUPPORT ENOPROTOOPT"},
    {"light-datagrams", "kernel surface", "socket(INET6, DGRAM, UDPLITE)", "EPROTONOSUPPORT",
     light, FAMILY_ABSENT},
    {"dccp", "CVE-2017-6074", "socket(INET, DCCP)", "ESOCKTNOSUPPORT", congestion, FAMILY_ABSENT},
    {"obsolete-packet", "CVE-2016-8655", "socket(INET, SOCK_PACKET)", "ESOCKTNOSUPPORT",
     obsolete_packet, FAMILY_ABSENT, .own_namespaces = true},
    {"zero-copy", "pages kept under a file", "SO_ZEROCOPY", "EOPNOTSUPP", zero_copy},
    {"packet-program", "code in the kernel", "SO_ATTACH_FILTER", "EPERM", packet_program,
     .rights = ROOT},
    {"packet-bpf", "code in the kernel", "SO_ATTACH_BPF", "EPERM", packet_bpf},
    {"upper-layer", "CVE-2023-0461", "TCP_ULP", "ENOENT", upper_layer, .lacking = "ENOENT"},
    {"replace-tables", "CVE-2021-22555", "IPT_SO_SET_REPLACE", "EPERM", replace_tables,
     .lacking = "ENOPROTOOPT", .own_namespaces = true},
    {"mark", "routing", "SO_MARK", "EPERM", mark, .own_namespaces = true},
    {"high-priority", "routing", "SO_PRIORITY 7", "EPERM", high_priority,
     .own_namespaces = true},
    {"force-buffer", "memory", "SO_RCVBUFFORCE", "EPERM", force_buffer, .rights = ROOT},
    {"any-address", "addresses of others", "IP_TRANSPARENT", "EPERM", any_address,
     .own_namespaces = true},
    {"any-address6", "addresses of others", "IPV6_TRANSPARENT", "EPERM", any_address6,
     .own_namespaces = true},
    {"repair", "connections forged", "TCP_REPAIR", "EPERM", repair, .own_namespaces = true,
     .lacking = "ENOPROTOOPT"},
};
FAMILY(sockets, "Kinds of sockets");
