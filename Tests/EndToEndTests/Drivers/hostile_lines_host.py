#!/usr/bin/env python3
"""Plays hostile lines through `cordon run` in both directions and says how it went.

Usage: hostile_lines_host.py FOLDER SEED COUNT VERSION COMMAND… (Probes/hostile_server.py below cordon).
First this host sends hostile lines and the server answers what it understands; then the other way round.
FOLDER/host-sent and FOLDER/host-received are the records. Prints one JSON object.
"""

import json
import os
import queue
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../Probes"))
import hostile_lines  # noqa: E402

PATIENCE = 240


class Host:
    def __init__(self, folder, command):
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0,
            stderr=open(folder + "/stderr", "wb"))
        self.record = open(folder + "/host-received", "wb")
        self.outgoing = queue.Queue()
        self.answered = {}
        self.seen = set()
        self.arrived = threading.Condition()
        self.isOver = False
        for work in (self.read, self.write):
            threading.Thread(target=work, daemon=True).start()

    def read(self):
        for line in iter(self.lines().__next__, None):
            self.record.write(line + b"\n")
            message = json.loads(line)
            identifier, method = message.get("id"), message.get("method")
            with self.arrived:
                if method is None:
                    self.answered[json.dumps(identifier)] = message
                else:
                    self.seen.add(method)
                self.arrived.notify_all()
            if method is not None and identifier is not None:
                self.send({"jsonrpc": "2.0", "id": identifier, "result": {}})

    def lines(self):
        rest = b""
        while chunk := self.process.stdout.read(1 << 20):
            parts = (rest + chunk).split(b"\n")
            rest = parts.pop()
            yield from parts
        self.record.flush()
        with self.arrived:
            self.isOver = True
            self.arrived.notify_all()
        yield None

    def write(self):
        while (data := self.outgoing.get()) is not None:
            view = memoryview(data)
            while view:
                view = view[os.write(self.process.stdin.fileno(), view):]
        self.process.stdin.close()

    def send(self, message):
        self.outgoing.put(json.dumps(message).encode() + b"\n")

    def until(self, condition, what):
        with self.arrived:
            if not self.arrived.wait_for(lambda: condition() or self.isOver, PATIENCE):
                raise SystemExit(f"no {what} within {PATIENCE} s")
            if not condition():
                raise SystemExit(f"the session ended before {what}")

    def request(self, identifier, method, params):
        self.send({"jsonrpc": "2.0", "id": identifier, "method": method, "params": params})
        key = json.dumps(identifier)
        self.until(lambda: key in self.answered, f"answer to {method}")
        return self.answered[key]


def memory(root):
    """The peak of each of Cordon's processes, in kB."""
    parents, peaks = {}, {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open(f"/proc/{entry}/status") as file:
                status = dict(line.split(":", 1) for line in file if ":" in line)
        except OSError:
            continue
        parents[int(entry)] = int(status["PPid"])
        if "VmHWM" in status and not status["Name"].strip().startswith("python"):
            peaks[int(entry)] = int(status["VmHWM"].split()[0])
    below = {root}
    for _ in range(5):
        below |= {pid for pid, parent in parents.items() if parent in below}
    return [peaks[pid] for pid in sorted(below) if pid in peaks]


def main(folder, seed, count, version, command):
    host = Host(folder, command)
    host.request("start", "initialize", {
        "protocolVersion": version, "capabilities": {}, "clientInfo": {"name": "h", "version": "1"}})
    host.send({"jsonrpc": "2.0", "method": "notifications/initialized"})
    host.request("list", "tools/list", {})

    stream = b"".join(hostile_lines.Lines(seed, "host").stream(count))
    with open(folder + "/host-sent", "wb") as file:
        file.write(stream)
    began = time.monotonic()
    for piece in hostile_lines.pieces(stream, seed + 1):
        host.outgoing.put(piece)
    host.request("between", "ping", {})
    first = time.monotonic() - began
    for number in range(count * 3 // 10):
        host.send({"jsonrpc": "2.0", "id": f"w\u2028{number}", "method": "x/wait"})
    began = time.monotonic()
    host.send({"jsonrpc": "2.0", "method": "notifications/turn"})
    host.until(lambda: "notifications/done" in host.seen, "end of the server's lines")
    second = time.monotonic() - began

    ping = host.request("last-ping", "ping", {})
    call = host.request("last-call", "tools/call", {"name": "act", "arguments": {}})
    peaks = memory(host.process.pid)
    host.outgoing.put(None)
    status = host.process.wait(30)
    print(json.dumps({
        "status": status, "ping": ping, "call": call, "memory": peaks,
        "seconds": [round(first, 2), round(second, 2)]}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], sys.argv[5:])
