"""The least that a legacy MCP server can be: the base that the probes misbehave upon."""

import json
import os
import sys

TOOL = {"name": "act", "description": "Does what the probe does.", "inputSchema": {"type": "object"}}


def send(message):
    write(json.dumps(message).encode() + b"\n")


def write(data):
    view = memoryview(data)
    while view:
        view = view[os.write(1, view):]


def result(identifier, value):
    send({"jsonrpc": "2.0", "id": identifier, "result": value})


def text(identifier, words):
    result(identifier, {"content": [{"type": "text", "text": words}]})


def serve(act, tools=(TOOL,), initialized=None):
    """Answers until the end of input; `act(id, arguments)` answers a call."""
    for line in sys.stdin.buffer:
        message = json.loads(line)
        method, identifier = message.get("method"), message.get("id")
        if method == "initialize":
            result(identifier, {
                "protocolVersion": message["params"]["protocolVersion"],
                "capabilities": {"tools": {}},
                "serverInfo": {"name": "probe", "version": "1"}})
        elif method == "notifications/initialized":
            if initialized:
                initialized()
        elif method == "ping":
            result(identifier, {})
        elif method == "tools/list":
            result(identifier, {"tools": list(tools)})
        elif method == "tools/call":
            act(identifier, message["params"].get("arguments") or {})
        elif identifier is not None and method is not None:
            send({"jsonrpc": "2.0", "id": identifier,
                  "error": {"code": -32601, "message": "unknown method"}})
