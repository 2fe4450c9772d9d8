"""Kinds of sockets that are not TCP, and TCP's own variants."""

import ctypes
import os
import socket
import struct

from table import API4, DENIED4, DENIED6, GIVEN, REFUSED, SECONDS, datagram, listen_for, way

AF_TIPC, AF_ALG, AF_VSOCK, AF_XDP = 30, 38, 40, 44
IPPROTO_SCTP, IPPROTO_UDPLITE, IPPROTO_MPTCP = 132, 136, 262
NO_FAMILY = "EAFNOSUPPORT ESOCKTNOSUPPORT EPROTONOSUPPORT EPERM"


@way("udp", "a datagram", "ECONNREFUSED")
def _(canary):
    datagram(socket.AF_INET, DENIED4, 9999, canary)


@way("udp6", "a datagram over IPv6", "ECONNREFUSED")
def _(canary):
    datagram(socket.AF_INET6, DENIED6, 9999, canary)


@way("quic", "UDP to port 443 of an allowed machine", "ECONNREFUSED")
def _(canary):
    datagram(socket.AF_INET, API4, 443, canary)


@way("udp-unconnected", "sendto() without a connection", "ECONNREFUSED timeout")
def _(canary):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        # The kernel tells a socket that has no peer nothing of the refusal.
        sock.settimeout(1)
        sock.sendto(canary.encode(), (DENIED4, 9999))
        listen_for(sock)


@way("udp-lite", "UDP-Lite", "EPROTONOSUPPORT ECONNREFUSED", lacking="EPROTONOSUPPORT")
def _(canary):
    datagram(socket.AF_INET, DENIED4, 9999, canary, IPPROTO_UDPLITE)


# Every address is the sandbox's own, so that sending these succeeds: that they go no further is for
# the capture to show.
@way("multicast", "multicast", "EINVAL ENETUNREACH through")
def _(canary):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.sendto(canary.encode(), ("239.9.8.7", 5353))


@way("broadcast", "broadcast", "EINVAL ENETUNREACH EACCES through")
def _(canary):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        sock.sendto(canary.encode(), ("255.255.255.255", 5353))


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


def echo_request(canary):
    data = canary.encode() + bytes(len(canary) % 2)
    head = struct.pack("!BBHHH", 8, 0, 0, 7, 1)
    return struct.pack("!BBHHH", 8, 0, checksum(head + data), 7, 1) + data


@way("icmp-raw", "ICMP through a raw socket", NO_FAMILY, root=True)
def _(canary):
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as sock:
        sock.sendto(echo_request(canary), (DENIED4, 0))


@way("ping", "ICMP through a datagram socket", NO_FAMILY + " EACCES")
def _(canary):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP) as sock:
        sock.settimeout(SECONDS)
        sock.sendto(echo_request(canary), (DENIED4, 0))
        listen_for(sock, canary.encode())


@way("ip-raw", "a hand-made IP packet", NO_FAMILY, root=True)
def _(canary):
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as sock:
        data = canary.encode()
        udp = struct.pack("!HHHH", 4000, 9999, 8 + len(data), 0) + data
        head = struct.pack(
            "!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 1, 0, 64, 17, 0,
            bytes(4), socket.inet_aton(DENIED4))
        sock.sendto(head + udp, (DENIED4, 0))


@way("packet", "a frame on the interface", NO_FAMILY, root=True)
def _(canary):
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as sock:
        interface = next(name for _, name in socket.if_nameindex() if name != "lo")
        sock.bind((interface, 0))
        sock.send(bytes.fromhex("020000000001 020000000002 88b5") + canary.encode().ljust(60))


def opens(family, kind, protocol=0):
    socket.socket(family, kind, protocol).close()


@way("vsock", "the hypervisor", NO_FAMILY, lacking="EAFNOSUPPORT", unseen=True)
def _(_):
    opens(AF_VSOCK, socket.SOCK_STREAM)


@way("sctp", "SCTP", NO_FAMILY, lacking="EPROTONOSUPPORT ESOCKTNOSUPPORT", unseen=True)
def _(_):
    opens(socket.AF_INET, socket.SOCK_STREAM, IPPROTO_SCTP)


@way("algorithm", "AF_ALG", NO_FAMILY, lacking="EAFNOSUPPORT", unseen=True)
def _(_):
    opens(AF_ALG, socket.SOCK_SEQPACKET)


@way("tipc", "TIPC", NO_FAMILY, lacking="EAFNOSUPPORT", unseen=True)
def _(_):
    opens(AF_TIPC, socket.SOCK_STREAM)


@way("xdp", "AF_XDP", NO_FAMILY, lacking="EAFNOSUPPORT", root=True, unseen=True)
def _(_):
    opens(AF_XDP, socket.SOCK_RAW)


# The smallest message that changes something: an address for the loopback interface, which is
# there already outside.
@way("netlink", "the interfaces, by netlink", "EPERM", root=True, unseen=True)
def _(_):
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as sock:
        attribute = struct.pack("=HH4s", 8, 2, socket.inet_aton("127.0.0.1"))
        body = struct.pack("=BBBBi", socket.AF_INET, 8, 0, 0, 1) + attribute
        sock.send(struct.pack("=IHHII", 16 + len(body), 20, 0x0405, 1, 0) + body)
        _, kind, _, _, _, code = struct.unpack_from("=IHHIIi", sock.recv(4096))
        if kind == 2 and code and -code != 17:
            raise OSError(-code, os.strerror(-code))


def unix(address):
    with socket.socket(socket.AF_UNIX) as sock:
        sock.settimeout(SECONDS)
        sock.connect(address)
        listen_for(sock)


@way("unix", "a Unix socket of the machine's", "ENOENT EACCES", unseen=True)
def _(_):
    unix(GIVEN["socket"])


@way("unix-abstract", "an abstract Unix socket", "ECONNREFUSED EPERM", unseen=True)
def _(_):
    unix("\0ground-of-the-tests")


@way("fast-open", "data in the first packet", REFUSED + " EOPNOTSUPP")
def _(canary):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
        # The kernel does not wait for a connection on a socket with a timeout.
        sock.sendto(canary.encode(), 0x20000000, (DENIED4, 8443))
        sock.settimeout(SECONDS)
        listen_for(sock)


@way("multipath", "Multipath TCP", REFUSED + " EPROTONOSUPPORT EPERM", lacking="EPROTONOSUPPORT")
def _(canary):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, IPPROTO_MPTCP) as sock:
        sock.settimeout(SECONDS)
        sock.connect((DENIED4, 8443))
        sock.sendall(canary.encode())
        listen_for(sock)


@way("other-source", "TCP from an address of its own choice", REFUSED + " EADDRNOTAVAIL",
     lacking="EADDRNOTAVAIL")
def _(canary):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
        sock.settimeout(SECONDS)
        # Any address will do inside, where each is local.
        sock.bind(("11.20.0.2", 0))
        sock.connect((DENIED4, 8443))
        sock.sendall(canary.encode())
        listen_for(sock)


@way("namespace", "the network of the process before it", "ENOENT EPERM EACCES", unseen=True,
     root=True)
def _(_):
    library = ctypes.CDLL(None, use_errno=True)
    descriptor = os.open(f"/proc/{os.getppid()}/ns/net", os.O_RDONLY)
    try:
        if library.setns(descriptor, 0x40000000):
            raise OSError(ctypes.get_errno(), "setns")
    finally:
        os.close(descriptor)
