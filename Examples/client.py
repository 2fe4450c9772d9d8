#!/usr/bin/env python3
"""A tiny MCP client, to try a server by hand or from a script. Standard library only.

    client.py [--era modern|legacy] COMMAND [ARGUMENT]...

starts the server, then reads orders from its own standard input, one on a line:

    tools               the tools that the server lists, all pages
    instructions        what the server tells the model about itself
    call TOOL [JSON]    call a tool
    wait                wait until the server says that its tools have changed (5 s at most)

After the answer to each order comes a line with a single full stop. At end of file the client
closes the server's input, waits for it, and exits with 1 if an order failed.
"""

import argparse
import json
import queue
import subprocess
import sys
import threading
import time

META = "io.modelcontextprotocol/"
IDENTITY = {"name": "example-client", "version": "1.0"}
ANSWER_SECONDS = 30
CHANGE_SECONDS = 5


class Failure(Exception):
    """An order that could not be carried out."""


class Client:
    def __init__(self, command, era):
        self.era = era
        self.server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.received = queue.Queue()
        self.changes = 0
        self.last_id = 0
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.server.stdout:
            self.received.put(json.loads(line))
        self.received.put(None)

    def send(self, message):
        try:
            self.server.stdin.write(json.dumps(message).encode() + b"\n")
            self.server.stdin.flush()
        except BrokenPipeError:
            raise Failure("the server has ended") from None

    def request(self, method, params=None):
        identifier = self.post(method, params)
        deadline = time.monotonic() + ANSWER_SECONDS
        while True:
            message = self.next_message(deadline)
            if message is None:
                raise Failure(f"no answer to {method}")
            if message.get("id") == identifier and "method" not in message:
                if "error" in message:
                    raise Failure(message["error"]["message"])
                return message["result"]

    def post(self, method, params=None):
        params = dict(params or {})
        if self.era == "modern":
            params["_meta"] = {
                META + "protocolVersion": "2026-07-28",
                META + "clientCapabilities": {},
                META + "clientInfo": IDENTITY,
            }
        self.last_id += 1
        self.send({"jsonrpc": "2.0", "id": self.last_id, "method": method, "params": params})
        return self.last_id

    def next_message(self, deadline):
        """The next message, or None when the time is over or the server has ended."""
        try:
            message = self.received.get(timeout=max(0, deadline - time.monotonic()))
        except queue.Empty:
            return None
        if message is None:
            self.received.put(None)
        elif message.get("method") == "notifications/tools/list_changed":
            self.changes += 1
        return message

    def connect(self):
        if self.era == "modern":
            discovered = self.request("server/discover")
            self.post("subscriptions/listen", {"notifications": {"toolsListChanged": True}})
            return discovered
        result = self.request("initialize", {
            "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": IDENTITY})
        self.send({"jsonrpc": "2.0", "method": "notifications/initialized"})
        return result

    def tools(self):
        tools, cursor = [], None
        while True:
            page = self.request("tools/list", {"cursor": cursor} if cursor else None)
            tools += page["tools"]
            cursor = page.get("nextCursor")
            if cursor is None:
                return tools

    def call(self, name, arguments):
        result = self.request("tools/call", {"name": name, "arguments": arguments})
        text = "\n".join(item.get("text", "") for item in result["content"])
        if result.get("isError"):
            raise Failure(text)
        return text

    def wait_for_change(self):
        deadline = time.monotonic() + CHANGE_SECONDS
        while self.changes == 0:
            if self.next_message(deadline) is None:
                raise Failure("no word of a change")
        self.changes = 0

    def close(self):
        self.server.stdin.close()
        return self.server.wait()


def obey(client, hello, order):
    word, _, rest = order.partition(" ")
    if word == "tools":
        return "\n".join(f"{t['name']}: {t.get('description', '')}" for t in client.tools())
    if word == "instructions":
        return hello.get("instructions", "")
    if word == "call":
        name, _, arguments = rest.partition(" ")
        return client.call(name, json.loads(arguments or "{}"))
    if word == "wait":
        client.wait_for_change()
        return "the tools have changed"
    raise Failure(f"unknown order: {word}")


def main():
    parser = argparse.ArgumentParser(description="A tiny MCP client.")
    parser.add_argument("--era", choices=["modern", "legacy"], default="modern")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    client = Client(options.command, options.era)
    failed = False
    try:
        hello = client.connect()
        for line in sys.stdin:
            try:
                answer = obey(client, hello, line.strip())
            except Failure as failure:
                failed, answer = True, f"failed: {failure}"
            for text in answer.splitlines():
                print("  " + text)
            print(".", flush=True)
    except Failure as failure:
        print(f"failed: {failure}", file=sys.stderr)
        failed = True
    client.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
