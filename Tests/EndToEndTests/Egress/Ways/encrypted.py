"""TLS on an allowed name's port that is not for that name."""

import struct

from table import API, DENIED, REFUSED, Hello, connect, request, talk, way


def other(canary):
    return f"{canary}.ground.test"


@way("server-name", "a ClientHello for another name", REFUSED)
def _(canary):
    with connect(API, 443) as sock:
        Hello(other(canary), canary).go_on(sock, DENIED)


@way("server-name-absent", "a ClientHello for no name", REFUSED)
def _(canary):
    with connect(API, 443) as sock:
        Hello(None, canary).go_on(sock, DENIED)


@way("server-name-in-records", "another name, over several records", REFUSED)
def _(canary):
    with connect(API, 443) as sock:
        hello = Hello(other(canary), canary)
        # Whole canaries, so that a capture can find them.
        hello.go_on(sock, DENIED, hello.in_records(400))


@way("server-name-in-segments", "another name, byte by byte at first", REFUSED)
def _(canary):
    with connect(API, 443) as sock:
        hello = Hello(other(canary), canary)
        pieces = [hello.hello[at:at + 1] for at in range(12)] + [hello.hello[12:]]
        hello.go_on(sock, DENIED, *pieces)


@way("server-name-of-wildcard", "a wildcard's other name", REFUSED)
def _(canary):
    with connect("one.wild.ground.test", 443) as sock:
        Hello("two.wild.ground.test", canary).go_on(sock, DENIED)


@way("no-encryption", "no TLS at all", REFUSED)
def _(canary):
    talk(API, 443, canary)


@way("plain-request", "an HTTP request where TLS is expected", REFUSED)
def _(canary):
    talk(API, 443, request(API, canary))


@way("no-hello", "a TLS record that is no hello", REFUSED)
def _(canary):
    data = canary.encode()
    talk(API, 443, b"\x17\x03\x03" + struct.pack("!H", len(data)) + data, b"world", b"\x15\x03")


@way("old-hello", "a hello of SSL 2", REFUSED)
def _(canary):
    data = b"\x01\x00\x02\x00\x03\x00\x00\x00\x10\x01\x00\x80" + canary.encode().ljust(32)
    talk(API, 443, struct.pack("!H", 0x8000 | len(data)) + data)
