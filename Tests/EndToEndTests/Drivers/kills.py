"""Kills two sessions of one server and the approvals beside them, one process at a time and at any
moment, and looks after each time whether the store tells of what was decided and of nothing else.

    kills.py BINARY SEED KILLS SECONDS COMMAND…    so many kills, unless the time is over before
    kills.py host BINARY COMMAND…                  one session, started again whenever it ends

Prints one JSON object: the kills by what was killed, the decisions, and what was found wrong.
"""

import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import threading
import time

NAME = "killed"
STORE = pathlib.Path(os.environ["CORDON_STATE_HOME"], "approvals")


def run_host(binary, command):
    """Lists without end. A process of its own, so that whoever approves is no descendant of it."""
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    while not ended.is_set():
        session = subprocess.Popen(
            [binary, "run", "--name", NAME, "--first-use", "ask", *command], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        print(session.pid, flush=True)
        try:
            talk(session, ended)
        except (BrokenPipeError, ValueError):
            pass  # It was killed.
        try:
            session.stdin.close()
        except BrokenPipeError:
            pass
        session.wait()
        print(0, session.returncode, flush=True)


def talk(session, ended):
    def ask(number, method, params):
        message = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
        session.stdin.write(json.dumps(message).encode() + b"\n")
        session.stdin.flush()
        while json.loads(session.stdout.readline()).get("id") != number:
            pass

    ask(1, "initialize", {"protocolVersion": "2025-11-25", "capabilities": {},
                          "clientInfo": {"name": "host", "version": "1"}})
    number = 1
    while not ended.is_set():
        number += 1
        ask(number, "tools/list", {})
        time.sleep(0.01)


class Host:
    def __init__(self, binary, command):
        self.pid = 0
        self.endings = []
        self.process = subprocess.Popen(
            [sys.executable, __file__, "host", binary, *command], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            pid, *status = map(int, line.split())
            self.pid = pid
            self.endings += status

    def end(self):
        self.process.stdin.close()
        self.process.wait()


class Play:
    def __init__(self, binary, seed, command):
        self.binary = binary
        self.chance = random.Random(seed)
        self.hosts = [Host(binary, command) for _ in range(2)]
        self.kills = {"session": 0, "approval": 0}
        self.given = {}      # how often each approval was tried
        self.reported = set()  # those of which a command said that they are stored
        self.refused = 0
        self.killed_pids = set()
        self.wrong = []

    def cordon(self, *words):
        return subprocess.run([self.binary, *words], capture_output=True, text=True, check=False)

    def waiting(self):
        shown = self.cordon("manifest", "show", NAME, "--format", "json")
        if shown.returncode:
            return []
        items = json.loads(shown.stdout)["waiting"]["items"]
        return [(item["name"], item["digest"]) for item in items if item["kind"] == "tool"]

    def turn(self):
        items = self.waiting()
        if not items or not all(host.pid for host in self.hosts):
            time.sleep(0.02)
            return
        approvals = []
        for _ in range(3):
            name, digest = self.chance.choice(items)
            self.given[name, digest] = self.given.get((name, digest), 0) + 1
            approvals.append((subprocess.Popen(
                [self.binary, "approve", NAME, f"tool:{name}@{digest}"], stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE, text=True), (name, digest)))
        time.sleep(self.chance.uniform(0, 0.02))
        self.kill(self.chance.randrange(5), approvals)
        for process, item in approvals:
            self.settle(process, item)
        self.check()

    def kill(self, victim, approvals):
        if victim < 3:
            approvals[victim][0].kill()
            return
        host = self.hosts[victim - 3]
        if pid := host.pid:
            self.killed_pids.add(pid)
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def settle(self, process, item):
        try:
            errors = process.communicate(timeout=30)[1]
        except subprocess.TimeoutExpired:
            process.kill()
            self.wrong.append(f"an approval of {item} hangs")
            return
        if process.returncode == -signal.SIGKILL:
            self.kills["approval"] += 1
            self.killed_pids.add(process.pid)
        elif process.returncode == 0:
            self.reported.add(item)
        elif process.returncode == 77:
            self.refused += 1
        else:
            self.wrong.append(f"an approval ended with {process.returncode}: {errors}")

    def check(self):
        record = json.loads((STORE / f"{NAME}.json").read_text(encoding="utf-8"))
        shown = self.cordon("manifest", "show", NAME, "--format", "json")
        if shown.returncode:
            self.wrong.append(f"the store cannot be read: {shown.stderr}")
        approved, counts = {}, {}
        for entry in record["history"]:
            if entry.get("kind") == "launch":
                continue
            item = entry.get("name"), entry.get("digest")
            if entry["action"] != "approved" or entry["how"] != "approve":
                self.wrong.append(f"nobody did this: {entry}")
                continue
            if entry.get("from") != approved.get(item[0]):
                self.wrong.append(f"not what was approved before: {entry}")
            approved[item[0]] = item[1]
            counts[item] = counts.get(item, 0) + 1
        state = {item["name"]: item["approved"]["digest"] for item in record["items"]
                 if item["kind"] == "tool" and item["approved"]}
        if state != approved:
            self.wrong.append(f"approved is {state}, and by the history {approved}")
        for item in self.reported - set(counts):
            self.wrong.append(f"lost: {item}")
        for item, count in counts.items():
            if count > self.given.get(item, 0):
                self.wrong.append(f"invented: {item}")
        self.check_files()

    def check_files(self, none_left=False):
        for path in STORE.iterdir():
            if path.name in (f"{NAME}.json", f"{NAME}.lock"):
                continue
            middle = path.name.removeprefix(f"{NAME}.json.").removesuffix(".new")
            is_temporary = middle.isdigit() and path.name == f"{NAME}.json.{middle}.new"
            if not is_temporary or (int(middle) in self.killed_pids and none_left):
                self.wrong.append(f"left over: {path.name}")

    def end(self):
        """The next one to write removes what is left of the killed."""
        for host in self.hosts:
            host.end()
        for host in self.hosts:
            self.kills["session"] += host.endings.count(-signal.SIGKILL)
            self.wrong += [f"a session ended with {status}" for status in host.endings
                           if status not in (0, -signal.SIGKILL)]
        forgotten = self.cordon("manifest", "forget", NAME)
        if forgotten.returncode:
            self.wrong.append(f"the last write failed: {forgotten.stderr}")
        self.check_files(none_left=True)


def main():
    if sys.argv[1] == "host":
        run_host(sys.argv[2], sys.argv[3:])
        return
    binary, seed, kills, seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
    play = Play(binary, seed, sys.argv[5:])
    begin = time.monotonic()

    def done():
        sessions = sum(host.endings.count(-signal.SIGKILL) for host in play.hosts)
        return play.kills["approval"] + sessions >= kills

    while not done() and not play.wrong and time.monotonic() - begin < seconds:
        play.turn()
    play.end()
    print(json.dumps({"seed": seed, "kills": play.kills, "seconds": time.monotonic() - begin,
                      "stored": len(play.reported), "tried": sum(play.given.values()),
                      "refused": play.refused, "wrong": play.wrong[:5]}))


main()
