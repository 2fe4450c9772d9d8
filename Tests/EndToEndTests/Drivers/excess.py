#!/usr/bin/env python3
"""A host that goes to the bounds of a session and beyond, against Probes/excess.py.

The argument is a JSON object: argv, environment, scenario. One JSON line says what happened, and how
much memory relay and supervisor had at most (kB, VmHWM: the kernel's own high-water mark).
"""

import json
import os
import signal
import sys
import threading
import time

from host import Host

MIB = 1 << 20


class Excess(Host):
    """Counts what comes instead of keeping it."""

    def __init__(self):
        super().__init__()
        self.counts = {}

    def take(self, line):
        message = json.loads(line)
        with self.arrived:
            method = message.get("method")
            if method is None:
                self.answers[json.dumps(message["id"])] = message
            else:
                self.counts[method] = self.counts.get(method, 0) + 1
                if "id" in message or method == "notifications/cancelled":
                    self.others.append(message)
            self.arrived.notify_all()

    def call(self, do, number=0, seconds=30):
        return self.request(
            "tools/call", {"name": "act", "arguments": {"do": do, "number": number}},
            seconds=seconds)

    def write(self, data):
        view = memoryview(data)
        while view:
            view = view[os.write(self.process.stdin.fileno(), view):]

    def parts(self):
        """The relay and the supervisor: of its two children the relay is the one with none."""
        children = f"/proc/{self.process.pid}/task/{self.process.pid}/children"
        with open(children) as file:
            pids = [int(pid) for pid in file.read().split()]
        for pid in pids:
            with open(f"/proc/{pid}/task/{pid}/children") as file:
                if not file.read().split():
                    return {"relay": pid, "supervisor": self.process.pid}
        raise RuntimeError("no relay")

    def peak(self):
        peaks = {}
        for name, pid in self.parts().items():
            with open(f"/proc/{pid}/status") as file:
                for line in file:
                    if line.startswith("VmHWM:"):
                        peaks[name] = int(line.split()[1])
        return peaks

    def alive(self):
        """The session answers a call as ever."""
        return "result" in self.call("seen")


def large(host):
    """A line of 64 MiB in each direction."""
    host.write(b'{"jsonrpc":"2.0","id":4100,"method":"x","params":{"text":"')
    for _ in range(64):
        host.write(b"x" * MIB)
    host.write(b'"}}\n')
    return {"host": host.answer(4100), "server": host.call("line", 64 * MIB)}


def crowded(host):
    """What fits the size limit and is as costly to keep as can be: almost a million members, eight
    million elements, five million characters that have to be written otherwise."""
    room = 16 * MIB - 1000
    members = ",".join('"%012x":0' % n for n in range(900_000))
    host.write(b'{"jsonrpc":"2.0","id":4200,"method":"ping",' + members.encode() + b"}\n")
    host.write(b"[" + b"0," * (room // 2 - 1) + b"0]\n")
    text = "\u2028" * (room // 3)
    host.write(b'{"jsonrpc":"2.0","id":4201,"method":"ping","params":{"a":"%s"}}\n' % text.encode())
    return {"members": host.answer(4200), "lines": host.answer(4201)}


def endless_server(host):
    return {"server": host.call("endless"), "end": host.wait(10)["status"]}


def endless_host(host):
    host.write(b'{"jsonrpc":"2.0","id":4100,"method":"x","params":{"text":"')
    written = 0
    try:
        while written < 1 << 30:
            host.write(b"x" * MIB)
            written += MIB
    except OSError:
        pass
    return {"host": host.answer(4100), "nobody": host.answer(None), "written": written,
            "end": host.wait(10)["status"]}


def pending(host):
    """One request more than may wait, with ids as long as they may be, from each side."""
    ids = [f"{n}-".ljust(1000, "x") for n in range(10_001)]
    for id in ids:
        host.write(json.dumps({"jsonrpc": "2.0", "id": id, "method": "hold"}).encode() + b"\n")
    refused = host.answer(ids[-1])
    # Too many for a call too: one of them is given up first.
    full = host.call("release")
    host.write(json.dumps({"jsonrpc": "2.0", "method": "notifications/cancelled",
                           "params": {"requestId": ids[0]}}).encode() + b"\n")
    released = host.call("release")
    answered = sum(host.answers.pop(json.dumps(id), None) is not None for id in ids)
    asked = host.call("ask", 10_001)
    seen = host.call("seen")
    refusals = json.loads(seen["result"]["content"][0]["text"])
    asks = [message["id"] for message in host.others if message.get("method") == "ping"]
    for id in asks:
        host.write(json.dumps({"jsonrpc": "2.0", "id": id, "result": {}}).encode() + b"\n")
    return {"host": refused, "full": full, "released": released, "answered": answered,
            "asked": asked, "asks": len(asks),
            "server": [message for message in refusals if "error" in message]}


def flood(host):
    """More progress than may pass, and more of what is only slowed."""
    progress = host.call("progress", 100_000)
    changes = host.call("changes", 100_000)
    return {"progress": progress, "changes": changes, "counts": host.counts}


def unread(host):
    """Nobody reads: neither the host nor the server, and both write on."""
    host.post("tools/call", {"name": "act", "arguments": {"do": "deaf"}})
    filled = host.fill(seconds=0.7)
    before = host.peak()
    time.sleep(0.5)
    after = host.peak()
    begin = time.monotonic()
    os.kill(host.process.pid, signal.SIGTERM)
    end = host.wait(5)
    return {"written": filled.get("written"), "before": before, "after": after,
            "status": end.get("status"), "seconds": time.monotonic() - begin}


def late_reader(host):
    """The host reads nothing for a while; then all of it comes, and the session goes on."""
    post = host.post("tools/call", {"name": "act", "arguments": {"do": "changes", "number": 300_000}})
    time.sleep(1)
    peak = host.peak()
    host.read()
    return {"peak": peak, "answer": host.answer(post[0], 60), "counts": host.counts}


def slow(host):
    """Small rates and times: messages are slowed, standard error is cut, a call takes too long."""
    begin = time.monotonic()
    changes = host.call("changes", 5_300)
    taken = time.monotonic() - begin
    errors = host.call("stderr", 4 * MIB)
    begin = time.monotonic()
    late = host.call("long", 4)
    seconds = time.monotonic() - begin
    time.sleep(1.5)
    seen = json.loads(host.call("seen")["result"]["content"][0]["text"])
    return {"changes": changes, "taken": taken, "errors": errors, "late": late, "seconds": seconds,
            "seen": seen, "kept": host.answers, "counts": host.counts}


def mute(host):
    """A server that never answers its handshake."""
    begin = time.monotonic()
    answer = host.request("initialize", {
        "protocolVersion": "2025-11-25", "capabilities": {},
        "clientInfo": {"name": "test-host", "version": "1.0"}})
    return {"answer": answer, "seconds": time.monotonic() - begin}


def main():
    signal.alarm(120)  # a test that hangs must not leave this behind
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    plan = json.loads(sys.argv[1])
    names = plan["scenarios"]
    host = Excess()
    outcome = {}
    try:
        host.start(plan["argv"], plan["environment"], read=names[0] not in ("unread", "late_reader"))
        if names[0] in ("unread", "late_reader"):
            # Its first answers fit into the pipe.
            host.post("initialize", {
                "protocolVersion": "2025-11-25", "capabilities": {},
                "clientInfo": {"name": "test-host", "version": "1.0"}})
            host.send('{"jsonrpc":"2.0","method":"notifications/initialized"}')
            host.post("tools/list")
            time.sleep(0.5)
        elif names[0] != "mute":
            host.connect()
            host.list()
            outcome["begin"] = host.peak()
        for name in names:
            outcome[name] = globals()[name](host)
            if host.process.poll() is None:
                outcome[name]["peak"] = host.peak()
                if name != "mute":
                    outcome[name]["alive"] = host.alive()
        if host.process.poll() is None:
            host.close()
        outcome["end"] = host.wait(10)
    except Exception as error:  # the test sees it and says so
        outcome["failure"] = f"{type(error).__name__}: {error}"
        outcome["stderr"] = host.text()[-4000:]
    finally:
        if host.process is not None and host.process.poll() is None:
            host.process.kill()
    print(json.dumps(outcome), flush=True)


main()
