"""A server that is sent hostile lines, and then sends its own.

Arguments: a folder for its records, the seed, the number of lines. It answers what it understands;
requests for `x/wait` it keeps, and answers them with hostile lines when `notifications/turn` comes.
What it reads is in FOLDER/server-received, what it wrote then in FOLDER/server-sent.
"""

import json
import os
import sys
import threading

import hostile_lines

folder, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
TOOL = {"name": "act", "description": "Does it.", "inputSchema": {"type": "object"}}
writing = threading.Lock()
waiting = []


def write(data):
    with writing:
        view = memoryview(data)
        while view:
            view = view[os.write(1, view[:65536]):]


def result(identifier, value):
    write(json.dumps({"jsonrpc": "2.0", "id": identifier, "result": value}).encode() + b"\n")


def rage():
    lines = hostile_lines.Lines(seed, "server", [json.dumps(each) for each in waiting])
    stream = b"".join(lines.stream(count))
    with open(folder + "/server-sent", "wb") as record:
        record.write(stream)
    for piece in hostile_lines.pieces(stream, seed):
        write(piece)
    write(b'{"jsonrpc":"2.0","method":"notifications/done"}\n')


def take(line):
    message = json.loads(line)
    method, identifier = message.get("method"), message.get("id")
    if method == "notifications/turn":
        threading.Thread(target=rage).start()
    elif method is None or identifier is None:
        return
    elif method == "initialize":
        result(identifier, {
            "protocolVersion": message["params"]["protocolVersion"], "capabilities": {"tools": {}},
            "serverInfo": {"name": "hostile", "version": "1"}})
    elif method == "tools/list":
        result(identifier, {"tools": [TOOL]})
    elif method == "tools/call":
        result(identifier, {"content": [{"type": "text", "text": "did it"}]})
    elif method == "x/wait":
        waiting.append(identifier)
    else:
        result(identifier, {})


with open(folder + "/server-received", "wb") as record:
    for line in sys.stdin.buffer:
        record.write(line)
        take(line)
