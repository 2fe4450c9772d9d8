#!/usr/bin/env python3
"""A host that a test plays on: starts one server process and does what it is told, step by step.

Orders are JSON objects, one on a line of standard input; each is answered by one JSON line. An
answer with the member "failure" says what went wrong. The orders:

    start    argv, environment, read (default true: whether the server's output is read), leak: a
             file whose descriptor the process inherits, as careless hosts do
    send     line: written as it is, with a newline; or bytes (base64) with none
    request  method, params, era, seconds, id: the answer to it; with measure, of a call's text only
             its length, the characters it is made of, and the time
    answer   id: the answer to a request that was sent with `send`
    connect  era, version: handshake or discover, and a subscription in the modern era: to the changes of
             tools, with changes also to those of prompts and resources
    await    method, seconds: the next notification or request of that name
    forget   what the server has said on its own so far
    list     era, pages: the tools of all pages that the server gives
    fill     seconds: writes requests until the pipe has been full for that long; bytes written
    read     begin to read the server's output
    lines    the raw lines read so far
    close    closes the server's input
    hide     closes the end that reads the server's output
    signal   number: to the server process
    wait     seconds: status (negative for a signal), seconds that it took, all of stderr
    stderr   what it wrote there so far; with text and seconds: waits until it contains that text
    run      argv, environment: runs a command as this host's own child
    alive    whether the server process still runs
"""

import base64
import fcntl
import json
import os
import queue
import select
import signal
import subprocess
import sys
import threading
import time

META = "io.modelcontextprotocol/"
IDENTITY = {"name": "test-host", "version": "1.0"}


class Host:
    def __init__(self):
        self.process = None
        self.answers, self.others, self.lines = {}, [], []
        self.kept = None  # the whole line of the last answer, where one is wanted
        self.arrived = threading.Condition()
        self.errors = b""
        self.last_id = 0
        self.over = False  # the server's output has ended: nothing more will arrive
        self.era = "legacy"

    # Starting and reading

    def start(self, argv, environment=None, read=True, leak=None):
        leaked = [os.open(leak, os.O_RDONLY)] if leak else []
        self.process = subprocess.Popen(
            argv, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, bufsize=0, pass_fds=leaked)
        threading.Thread(target=self.read_errors, daemon=True).start()
        if read:
            self.read()
        return {"pid": self.process.pid}

    def read(self):
        threading.Thread(target=self.read_answers, daemon=True).start()
        return {}

    def read_answers(self):
        buffer = bytearray()
        while chunk := self.read_some():
            parts = chunk.split(b"\n")
            buffer += parts[0]
            for part in parts[1:]:
                self.take(bytes(buffer))
                buffer = bytearray(part)
        with self.arrived:
            self.over = True
            self.arrived.notify_all()

    def read_some(self):
        try:
            return os.read(self.process.stdout.fileno(), 1 << 20)
        except (OSError, ValueError):
            return b""  # hidden

    def take(self, line):
        try:
            message = json.loads(line)
        except ValueError:
            message = {}
        with self.arrived:
            self.lines.append(line[:4096])
            if isinstance(message, dict) and "method" not in message and "id" in message:
                self.answers[json.dumps(message["id"])] = message
                self.kept = line
            else:
                self.others.append(message)
            self.arrived.notify_all()

    def read_errors(self):
        while chunk := os.read(self.process.stderr.fileno(), 1 << 16):
            with self.arrived:
                self.errors += chunk
                self.arrived.notify_all()

    def until(self, seconds, found, over=lambda: False):
        """What `found` gives once it is not None; None when the time is over, or all is."""
        deadline = time.monotonic() + seconds
        with self.arrived:
            while (value := found()) is None and time.monotonic() < deadline and not over():
                self.arrived.wait(min(0.2, max(0, deadline - time.monotonic())))
            return value

    # Messages

    def send(self, line=None, bytes=None):
        data = base64.b64decode(bytes) if bytes is not None else line.encode() + b"\n"
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(self.process.stdin.fileno(), view):]
        except BrokenPipeError:
            return {"failure": "broken pipe"}
        return {}

    def post(self, method, params=None, era=None, id=None):
        params = dict(params or {})
        if (era or self.era) == "modern":
            params["_meta"] = {
                META + "protocolVersion": "2026-07-28", META + "clientCapabilities": {},
                META + "clientInfo": IDENTITY, **params.get("_meta", {})}
        if id is None:
            self.last_id += 1
            id = self.last_id
        message = {"jsonrpc": "2.0", "id": id, "method": method, "params": params}
        return id, self.send(json.dumps(message))

    def request(self, method, params=None, era=None, seconds=20, id=None, measure=False):
        begin = time.monotonic()
        id, sent = self.post(method, params, era, id)
        if sent:
            return sent
        answer = self.until(seconds, lambda: self.answers.pop(json.dumps(id), None),
                            lambda: self.over)
        if answer and measure:
            text = answer["result"]["content"][0]["text"]
            return {"characters": len(text), "kinds": "".join(sorted(set(text))),
                    "seconds": time.monotonic() - begin}
        return answer or {"failure": f"no answer to {method}", "stderr": self.text()}

    def answer(self, id, seconds=20):
        return self.until(seconds, lambda: self.answers.pop(json.dumps(id), None),
                            lambda: self.over) or {
            "failure": f"no answer to {id}"}

    def connect(self, era="legacy", version="2025-11-25", seconds=20, changes=False):
        self.era = era
        if era == "modern":
            answer = self.request("server/discover", seconds=seconds)
            if "result" in answer:
                wanted = {"toolsListChanged": True}
                if changes:
                    wanted.update(promptsListChanged=True, resourcesListChanged=True)
                self.post("subscriptions/listen", {"notifications": wanted}, id="subscription")
                acknowledged = self.take_next("notifications/subscriptions/acknowledged", seconds)
                if "failure" in acknowledged:
                    return acknowledged
            return answer
        answer = self.request("initialize", {
            "protocolVersion": version, "capabilities": {}, "clientInfo": IDENTITY},
            seconds=seconds)
        if "result" in answer:
            self.send('{"jsonrpc":"2.0","method":"notifications/initialized"}')
        return answer

    def held(self, method, texts, params=None, seconds=20):
        """Which of the texts an answer has in it, byte for byte."""
        answer = self.request(method, params, seconds=seconds)
        if "result" not in answer:
            return answer
        return {"held": [text.encode() in self.kept for text in texts]}

    def uses(self, requests, seconds=20):
        """What requests are answered with: an error's code, "isError", or "result"."""
        outcomes = []
        for method, params in requests:
            answer = self.request(method, params, seconds=seconds)
            if "result" not in answer:
                outcomes.append(answer.get("error", {}).get("code", "nothing"))
            else:
                outcomes.append("isError" if answer["result"].get("isError") else "result")
        return {"outcomes": outcomes}

    def list(self, seconds=20):
        tools, cursor, pages = [], None, 0
        while True:
            answer = self.request(
                "tools/list", {"cursor": cursor} if cursor is not None else None, seconds=seconds)
            if "result" not in answer:
                return answer
            tools += answer["result"]["tools"]
            pages += 1
            cursor = answer["result"].get("nextCursor")
            if cursor is None:
                return {"tools": tools, "pages": pages}

    def take_next(self, method, seconds=10):
        def found():
            for index, message in enumerate(self.others):
                if isinstance(message, dict) and message.get("method") == method:
                    return self.others.pop(index)
            return None
        return self.until(seconds, found, lambda: self.over) or {"failure": f"no {method}", "stderr": self.text()}

    def forget(self):
        with self.arrived:
            self.others.clear()
        return {}

    def fill(self, seconds=1, limit=1 << 30):
        descriptor = self.process.stdin.fileno()
        flags = fcntl.fcntl(descriptor, fcntl.F_GETFL)
        fcntl.fcntl(descriptor, fcntl.F_SETFL, flags | os.O_NONBLOCK)
        written, identifier = 0, 10_000
        pending = b""
        while written < limit:
            if not pending:
                identifier += 1
                pending = json.dumps({
                    "jsonrpc": "2.0", "id": identifier, "method": "ping",
                    "params": {"padding": "x" * 4000}}).encode() + b"\n"
            _, ready, _ = select.select([], [descriptor], [], seconds)
            if not ready:
                break
            try:
                count = os.write(descriptor, pending)
            except BlockingIOError:
                continue
            except BrokenPipeError:
                return {"failure": "broken pipe", "written": written}
            written += count
            pending = pending[count:]
        return {"written": written}

    # The process

    def close(self):
        self.process.stdin.close()
        return {}

    def hide(self):
        self.process.stdout.close()
        return {}

    def wait(self, seconds=20):
        begin = time.monotonic()
        try:
            status = self.process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            return {"failure": f"still running after {seconds} s", "stderr": self.text()}
        taken = time.monotonic() - begin
        time.sleep(0.05)  # lets the reader threads see the last bytes
        return {"status": status, "seconds": taken, "stderr": self.text()}

    def text(self):
        return self.errors.decode(errors="replace")

    def stderr(self, text="", seconds=0):
        found = self.until(seconds, lambda: True if text in self.text() else None)
        return {"stderr": self.text(), "found": bool(found)}

    def run(self, argv, environment=None):
        done = subprocess.run(
            argv, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=30)
        return {"status": done.returncode, "stdout": done.stdout.decode(errors="replace"),
                "stderr": done.stderr.decode(errors="replace")}

    def obey(self, order):
        word = order.pop("do")
        if word == "await":
            return self.take_next(**order)
        if word == "lines":
            return {"lines": [line.decode(errors="replace") for line in self.lines]}
        if word == "signal":
            os.kill(self.process.pid, order["number"])
            return {}
        if word == "alive":
            return {"alive": self.process.poll() is None}
        allowed = {"start", "send", "request", "answer", "connect", "list", "fill", "read", "close",
                   "hide", "wait", "stderr", "run", "held", "uses", "forget"}
        if word not in allowed:
            return {"failure": f"unknown order: {word}"}
        return getattr(self, word)(**order)


def main():
    signal.alarm(180)  # a test that hangs must not leave this behind
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    host = Host()
    try:
        for line in sys.stdin:
            try:
                answer = host.obey(json.loads(line))
            except Exception as error:  # the test sees it and says so
                answer = {"failure": f"{type(error).__name__}: {error}"}
            print(json.dumps(answer), flush=True)
    finally:
        if host.process is not None and host.process.poll() is None:
            host.process.kill()


if __name__ == "__main__":
    main()
