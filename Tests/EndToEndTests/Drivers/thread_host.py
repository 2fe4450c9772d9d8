#!/usr/bin/env python3
"""A host that starts a server from a thread which ends: thread_host.py COMMAND…

Writes the server's name as `initialize` tells it.
"""

import json
import subprocess
import sys
import threading
import time

OPENING = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
    "protocolVersion": "2025-06-18", "capabilities": {},
    "clientInfo": {"name": "host", "version": "1"}}}


def main():
    started = []

    def start():
        started.append(
            subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE))

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    time.sleep(0.3)
    server = started[0]
    server.stdin.write(json.dumps(OPENING).encode() + b"\n")
    server.stdin.flush()
    print(json.loads(server.stdout.readline())["result"]["serverInfo"]["name"])
    server.stdin.close()
    server.wait()


if __name__ == "__main__":
    main()
