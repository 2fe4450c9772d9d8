"""Addresses instead of names, in every form that a program may write them in."""

import socket

from table import API, API4, API6, DENIED4, DENIED6, METADATA, REFUSED, connect, request, talk, way

NOT_THERE = REFUSED + " ENETUNREACH EHOSTUNREACH EINVAL EADDRNOTAVAIL"


@way("literal", "an address", REFUSED)
def _(canary):
    talk(DENIED4, 8443, canary)


@way("literal6", "an address of IPv6", REFUSED)
def _(canary):
    talk(DENIED6, 8443, canary)


@way("literal-hexadecimal", "0x0b.20.1.11", REFUSED + " missing")
def _(canary):
    talk("0x0b.20.1.11", 8443, canary)


@way("literal-number", "185860363", REFUSED + " missing")
def _(canary):
    talk(str(int.from_bytes(socket.inet_aton(DENIED4), "big")), 8443, canary)


@way("literal-mapped", "::ffff:11.20.1.11", REFUSED)
def _(canary):
    talk("::ffff:" + DENIED4, 8443, canary)


@way("literal-of-allowed", "the address of an allowed name, on its port", REFUSED)
def _(canary):
    talk(API4, 443, canary)


@way("literal-of-allowed-plain", "the same on port 80", REFUSED)
def _(canary):
    talk(API4, 80, request(API, canary))


@way("literal6-of-allowed", "the same over IPv6", REFUSED)
def _(canary):
    talk(API6, 443, canary)


@way("allowed-address-other-name", "an allowed machine under another name", "missing")
def _(canary):
    talk("twin.ground.test", 80, request("twin.ground.test", canary))


@way("other-port", "another port of an allowed name", REFUSED)
def _(canary):
    talk(API, 8443, canary)


@way("mail", "port 25 of an allowed name", REFUSED)
def _(canary):
    talk(API, 25, canary)


@way("metadata-address", "a cloud's metadata", NOT_THERE)
def _(canary):
    talk(METADATA, 80, request(METADATA, canary))


@way("metadata-address6", "a cloud's metadata over IPv6", NOT_THERE)
def _(canary):
    talk("fd00:ec2::254", 80, request("[fd00:ec2::254]", canary))


@way("metadata-name", "a cloud's metadata by name", "missing")
def _(canary):
    talk("metadata.google.internal", 80, request("metadata.google.internal", canary))


@way("gateway", "the gateway", REFUSED)
def _(canary):
    talk("11.20.0.1", 8443, canary)


@way("private-address", "a private network", REFUSED)
def _(canary):
    talk("10.9.8.7", 8443, canary)


# What stands on the machine answers without hearing anything first; the canary is sent before.
def machine(host, port, canary):
    with connect(host, port) as sock:
        sock.sendall(canary.encode())
        while data := sock.recv(4096):
            if b"machine" in data:
                return
        raise ConnectionResetError(104, "closed")


@way("machine-loopback", "a service on the machine's loopback", REFUSED)
def _(canary):
    machine("127.0.0.1", 8443, canary)


@way("machine-loopback6", "the same over IPv6", REFUSED)
def _(canary):
    machine("::1", 8443, canary)


@way("machine-loopback-name", "the same as localhost", REFUSED)
def _(canary):
    machine("localhost", 8443, canary)


@way("machine-loopback-other", "the same as 127.8.8.8", REFUSED)
def _(canary):
    machine("127.8.8.8", 8443, canary)


@way("machine-loopback-zero", "the same as 0.0.0.0", NOT_THERE)
def _(canary):
    machine("0.0.0.0", 8443, canary)


@way("machine-address", "the machine's own address", NOT_THERE)
def _(canary):
    machine("11.20.0.2", 8443, canary)


@way("machine-address6", "the same over IPv6", NOT_THERE)
def _(canary):
    machine("2a0e:c0d0::2", 8443, canary)
