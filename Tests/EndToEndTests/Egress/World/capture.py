"""What left in the meantime, by the ground's capture.

    capture.py mark FOLDER               prints where the capture stands now
    capture.py since FOLDER POSITION     prints as JSON what was sent from there until now:
        sent      what left for the world: "tcp ADDRESS PORT", "udp ADDRESS PORT", "icmp …", …
        opened    the same for connections and datagrams on the machine's loopback
        questions the names that a name server was asked for, as they were written
        canaries  the ways out of which a packet carried the canary, on any interface

A packet of this program's own marks the end, so that nothing is looked for too early.
"""

import json
import re
import socket
import struct
import sys
import time
import uuid

MARK = ("11.20.1.99", 9)
OUTGOING, LOOPBACK_TYPE = 4, 772
CANARY = re.compile(rb"canary-([a-z0-9-]+?)-end", re.IGNORECASE)


def mark(folder):
    """Sends a packet and waits until the capture has it; gives where it ends."""
    token = uuid.uuid4().hex.encode()
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.sendto(token, MARK)
        for _ in range(50):
            for at, _, packet in packets(folder, 24):
                if token in packet:
                    return at
            time.sleep(0.01)
    raise SystemExit("the capture does not see the packets")


def packets(folder, position):
    """Where each packet ends, its cooked header and what follows it."""
    with open(folder + "/capture", "rb") as file:
        file.seek(position)
        data = file.read()
    at = 0
    while at + 16 <= len(data):
        length, = struct.unpack_from("<I", data, at + 8)
        if at + 16 + length > len(data):
            return
        packet = data[at + 16:at + 16 + length]
        at += 16 + length
        yield position + at, packet[:20], packet[20:]


def payload(kind, packet):
    """The destination, the protocol's number and what it carries."""
    if kind == 0x0800:
        return socket.inet_ntop(socket.AF_INET, packet[16:20]), packet[9], packet[(packet[0] & 15) * 4:]
    following, at = packet[6], 40
    while following in (0, 43, 60):
        following, at = packet[at], at + (packet[at + 1] + 1) * 8
    return socket.inet_ntop(socket.AF_INET6, packet[24:40]), following, packet[at:]


def name(data):
    labels, at = [], 12
    while at < len(data) and data[at]:
        labels.append(data[at + 1:at + 1 + data[at]].decode("latin-1"))
        at += 1 + data[at]
    return ".".join(labels)


def since(folder, position):
    found = {"sent": set(), "opened": set(), "questions": set(), "canaries": set()}
    end = mark(folder)
    for at, header, packet in packets(folder, position):
        if at >= end:
            break
        kind, _, _, device, way = struct.unpack_from("!HHIHB", header)
        # Of what crosses the loopback a capture of all interfaces has the incoming side alone.
        if way != OUTGOING and device != LOOPBACK_TYPE:
            continue
        found["canaries"].update(text.decode().lower() for text in CANARY.findall(packet))
        if kind not in (0x0800, 0x86DD):
            found["sent"].add(f"frame {kind:04x}")
            continue
        address, protocol, data = payload(kind, packet)
        if device == LOOPBACK_TYPE:
            # The loopback sees both sides of a connection: who opens it is of interest.
            if protocol == 6 and data[13] & 0x12 == 0x02:
                found["opened"].add(f"tcp {address} {int.from_bytes(data[2:4], 'big')}")
            elif protocol != 6:
                found["opened"].add(f"{protocol} {address}")
            continue
        told(found, address, protocol, data)
    return {key: sorted(values) for key, values in found.items()}


def told(found, address, protocol, data):
    port = int.from_bytes(data[2:4], "big")
    # The kernel reports its multicast groups when an interface comes up.
    if protocol == 58 and data[0] == 143:
        return
    if protocol == 17 and (address, port) == MARK:
        return
    if protocol in (6, 17, 136):
        word = {6: "tcp", 17: "udp", 136: "udplite"}[protocol]
        found["sent"].add(f"{word} {address} {port}")
    else:
        found["sent"].add(f"{'icmp' if protocol in (1, 58) else protocol} {address}")
    if port == 53 and protocol == 17:
        found["questions"].add(name(data[8:]))
    elif port == 53 and protocol == 6 and len(body := data[(data[12] >> 4) * 4:]) > 14:
        found["questions"].add(name(body[2:]))


if sys.argv[1] == "mark":
    print(mark(sys.argv[2]))
else:
    print(json.dumps(since(sys.argv[2], int(sys.argv[3]))))
