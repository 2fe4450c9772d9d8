"""Allowed names that lead where nothing may be reached: port 8443 of each is granted."""

import time

from table import GIVEN, REFUSED, Word, connect, listen_for, talk, way

NAMES = {
    "hosts-loopback": "the machine's loopback",
    "other-loopback": "127.8.8.8",
    "mapped-loopback": "::ffff:127.0.0.1",
    "any": "0.0.0.0 and ::",
    "private10": "a private network, 10.0.0.0/8",
    "private172": "a private network, 172.16.0.0/12",
    "private192": "a private network, 192.168.0.0/16",
    "unique-local": "a unique-local address",
    "carrier": "a carrier's own network",
    "metadata": "a cloud's metadata",
    "metadata-carrier": "a cloud's metadata in the carriers' range",
    "metadata6": "a cloud's metadata over IPv6",
    "benchmark": "a benchmark's network",
    "documentation": "a network of documents",
    "own": "the machine's own address",
    "neighbour": "a neighbour on the link",
    "nat64": "a private address behind NAT64",
    "six-to-four": "a private address in 6to4",
    "teredo": "a tunnel's address",
    "alias-metadata": "an alias of a name that leads to metadata",
}


def add(label, what):
    @way("resolved-" + label, f"an allowed name that leads to {what}", REFUSED)
    def _(canary):
        talk(f"{label}.ground.test", 8443, canary)


for label, what in NAMES.items():
    add(label, what)


@way("turning", "an allowed name that leads to the machine from its second look-up on", REFUSED)
def _(canary):
    name = f"turning-{GIVEN['run']}.ground.test"
    try:
        with connect(name, 8443) as sock:
            listen_for(sock, b"world")
    except OSError as error:
        raise Word(f"the first look-up: {error}") from error
    # An answer is kept for a second, whatever it says of itself.
    time.sleep(1.2)
    with connect(name, 8443) as sock:
        sock.sendall(canary.encode())
        listen_for(sock, b"machine")
