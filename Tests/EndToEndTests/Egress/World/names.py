"""The world's name server: it answers every question, so that whatever asks it is seen to have asked.

Names below `ground.test` lead to 11.20.1.30, and those of the table where it says; any other name to
11.20.1.31. The address that a name has must not depend on who asked before, but for `turning`.
"""

import ipaddress
import struct
import threading

A, CNAME, TXT, AAAA = 1, 5, 16, 28
V4, V6 = "11.20.1.30", "2a0e:c0d0:1::30"

# Names that a policy may allow, and that lead where nothing may be reached.
TABLE = {
    "hosts-loopback.ground.test": ["127.0.0.1", "::1"],
    "other-loopback.ground.test": ["127.8.8.8"],
    "mapped-loopback.ground.test": ["::ffff:127.0.0.1"],
    "any.ground.test": ["0.0.0.0", "::"],
    "private10.ground.test": ["10.9.8.7"],
    "private172.ground.test": ["172.16.9.8"],
    "private192.ground.test": ["192.168.9.8"],
    "unique-local.ground.test": ["fd00:9:8::7"],
    "carrier.ground.test": ["100.64.9.8"],
    "metadata.ground.test": ["169.254.169.254"],
    "metadata-carrier.ground.test": ["100.100.100.200"],
    "metadata6.ground.test": ["fd00:ec2::254"],
    "link-local6.ground.test": ["fe80::9"],
    "benchmark.ground.test": ["198.18.9.8"],
    "documentation.ground.test": ["192.0.2.9", "2001:db8::9"],
    "multicast.ground.test": ["239.9.8.7"],
    "own.ground.test": ["11.20.0.2", "2a0e:c0d0::2"],
    "neighbour.ground.test": ["11.20.0.1", "2a0e:c0d0::1"],
    "nat64.ground.test": ["64:ff9b::a09:807"],
    "six-to-four.ground.test": ["2002:a09:807::1"],
    "teredo.ground.test": ["2001::a09:807"],
    "mixed.ground.test": ["127.0.0.1", "10.9.8.7", V4],
    "six.ground.test": [V6],
    "four.ground.test": [V4],
}
ALIASES = {
    "alias.ground.test": "elsewhere.example",
    "alias-metadata.ground.test": "metadata.ground.test",
}


class Zone:
    def __init__(self):
        self.lock = threading.Lock()
        self.asked = {}

    def addresses(self, name):
        first = name.split(".")[0]
        if first.startswith("turning"):
            # The first look-up finds the world, every further one this machine.
            with self.lock:
                self.asked[name] = count = self.asked.get(name, 0) + 1
            return [V4] if count == 1 else ["127.0.0.1"]
        if first.startswith("large"):
            return [f"11.20.2.{last}" for last in range(1, 101)]
        if name in TABLE:
            return TABLE[name]
        return [V4, V6] if name.endswith(".ground.test") else ["11.20.1.31", "2a0e:c0d0:1::31"]

    def records(self, name, kind):
        found = []
        while name in ALIASES:
            found.append((name, CNAME, wire(ALIASES[name])))
            name = ALIASES[name]
        if kind in (A, AAAA):
            # A question for the other family is no look-up of its own.
            if kind == AAAA and name.split(".")[0].startswith("turning"):
                return found
            for address in map(ipaddress.ip_address, self.addresses(name)):
                if (address.version == 4) == (kind == A):
                    found.append((name, kind, address.packed))
        elif kind == TXT:
            found.append((name, TXT, b"\x05world"))
        return found


def wire(name):
    labels = [label.encode() for label in name.split(".") if label]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def question(packet):
    """The name in lower case, the type, and where the question ends."""
    labels, at = [], 12
    while packet[at]:
        labels.append(packet[at + 1:at + 1 + packet[at]].decode("latin-1"))
        at += 1 + packet[at]
    kind, = struct.unpack_from("!H", packet, at + 1)
    return ".".join(labels).lower(), kind, at + 5


def answer(zone, packet, limit):
    name, kind, end = question(packet)
    records = zone.records(name, kind)
    body = b"".join(
        wire(owner) + struct.pack("!HHIH", kind, 1, 0, len(data)) + data
        for owner, kind, data in records)
    flags, count = 0x8580, len(records)
    if 12 + end + len(body) > limit:
        flags, count, body = flags | 0x0200, 0, b""
    return packet[:2] + struct.pack("!5H", flags, 1, count, 0, 0) + packet[12:end] + body


def serve_datagrams(zone, sock, reply):
    while True:
        packet, peer, info = reply.receive(sock)
        try:
            reply.send(sock, answer(zone, packet, 512), peer, info)
        except (IndexError, struct.error, OSError):
            pass


def serve_stream(zone, sock):
    with sock:
        data = b""
        while True:
            more = sock.recv(4096)
            if not more:
                return
            data += more
            while len(data) > 2 and len(data) >= 2 + struct.unpack("!H", data[:2])[0]:
                length, = struct.unpack("!H", data[:2])
                said = answer(zone, data[2:2 + length], 65535)
                sock.sendall(struct.pack("!H", len(said)) + said)
                data = data[2 + length:]
