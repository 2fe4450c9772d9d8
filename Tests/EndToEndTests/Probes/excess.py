"""Says more than it may, as each call asks: `do` names what, and how much comes with it."""

import json
import os
import sys
import time

import minimal

HELD = []
SEEN = []


def progress(number):
    return b'{"jsonrpc":"2.0","method":"notifications/progress","params":' \
        b'{"progressToken":1,"progress":%d}}\n' % number


def many(lines):
    """In few writes: the reader is to be the slower one."""
    block = []
    for line in lines:
        block.append(line)
        if len(block) == 1000:
            minimal.write(b"".join(block))
            block = []
    minimal.write(b"".join(block))


def long_id(number):
    return f"{number}-".ljust(1000, "x")


def act(identifier, arguments):
    what, number = arguments["do"], arguments.get("number", 0)
    if what == "line":  # an answer of this size
        minimal.write(b'{"jsonrpc":"2.0","id":%d,"result":{"text":"' % identifier)
        for _ in range(number >> 20):
            minimal.write(b"x" * (1 << 20))
        minimal.write(b'"}}\n')
    elif what == "endless":  # never a newline
        minimal.write(b'{"jsonrpc":"2.0","id":%d,"result":{"text":"' % identifier)
        try:
            while True:
                minimal.write(b"x" * (1 << 20))
        except OSError:
            os._exit(3)
    elif what == "progress":
        many(progress(n) for n in range(number))
        minimal.text(identifier, "sent")
    elif what == "changes":
        many(b'{"jsonrpc":"2.0","method":"notifications/prompts/list_changed"}\n'
             for _ in range(number))
        minimal.text(identifier, "sent")
    elif what == "ask":  # requests of its own, none of which it waits for
        many(json.dumps({"jsonrpc": "2.0", "id": long_id(n), "method": "ping"}).encode() + b"\n"
             for n in range(number))
        minimal.text(identifier, "sent")
    elif what == "release":  # what the requests that it left open wait for
        many(json.dumps({"jsonrpc": "2.0", "id": held, "result": {}}).encode() + b"\n"
             for held in HELD)
        HELD.clear()
        minimal.text(identifier, "sent")
    elif what == "stderr":
        for _ in range(number >> 10):
            os.write(2, b"y" * 1023 + b"\n")
        minimal.text(identifier, "sent")
    elif what == "long":  # works on and says so; the answer comes too late
        for n in range(number * 10):
            time.sleep(0.1)
            minimal.write(progress(n))
        minimal.text(identifier, "late")
    elif what == "deaf":  # writes, and reads nothing any more
        while True:
            minimal.write(progress(0)[:-1] + b" " * 8000 + b"\n")
    elif what == "seen":
        minimal.text(identifier, json.dumps(SEEN))


def main():
    if sys.argv[1:] == ["mute"]:
        print("resolving example.org", file=sys.stderr, flush=True)
        time.sleep(3600)
    for line in sys.stdin.buffer:
        message = json.loads(line)
        method, identifier = message.get("method"), message.get("id")
        if method == "hold":
            HELD.append(identifier)
        elif method is None or method == "notifications/cancelled":
            SEEN.append(message)
        elif method == "tools/call":
            act(identifier, message["params"].get("arguments") or {})
        elif method == "initialize":
            minimal.result(identifier, {
                "protocolVersion": message["params"]["protocolVersion"],
                "capabilities": {"tools": {}},
                "serverInfo": {"name": "probe", "version": "1"}})
        elif method == "tools/list":
            minimal.result(identifier, {"tools": [minimal.TOOL]})
        elif method == "ping":
            minimal.result(identifier, {})


main()
