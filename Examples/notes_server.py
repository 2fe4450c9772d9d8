#!/usr/bin/env python3
"""A small MCP server that keeps notes in its home directory.

It speaks both eras of the protocol over standard input and output: the `initialize` handshake of
2024-11-05 to 2025-11-25, and 2026-07-28 with `server/discover` and per-request `_meta`. It needs
Python's standard library and nothing else.

Its tool `inspect_sandbox` tells what the place it runs in looks like from inside; that is what
makes it useful next to Cordon.
"""

import argparse
import json
import os
import re
import socket
import sys

LEGACY_VERSIONS = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"]
MODERN_VERSIONS = ["2026-07-28"]
META = "io.modelcontextprotocol/"
NO_ARGUMENTS = {"type": "object", "properties": {}, "additionalProperties": False}


def text_schema(**properties):
    return {
        "type": "object",
        "properties": {
            name: {"type": "string", "description": description}
            for name, description in properties.items()
        },
        "required": list(properties),
        "additionalProperties": False,
    }


class ProtocolError(Exception):
    def __init__(self, code, message, data=None):
        super().__init__(message)
        self.code, self.message, self.data = code, message, data


class ToolError(Exception):
    """What went wrong with a call, in words that the model may read."""


class Notes:
    """The notes: one text file each, below HOME."""

    def __init__(self, home):
        self.folder = os.path.join(home, "notes")

    def path(self, title):
        name = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
        if not name:
            raise ToolError("a title needs at least one letter or digit")
        return os.path.join(self.folder, name + ".txt")

    def add(self, title, text):
        os.makedirs(self.folder, exist_ok=True)
        with open(self.path(title), "w", encoding="utf-8") as file:
            file.write(f"{title}\n{text}\n")
        return f"kept {title!r} in {self.path(title)}"

    def list(self):
        if not os.path.isdir(self.folder):
            return "no notes yet"
        titles = []
        for name in sorted(os.listdir(self.folder)):
            with open(os.path.join(self.folder, name), encoding="utf-8") as file:
                titles.append(file.readline().rstrip("\n"))
        return "\n".join(titles) or "no notes yet"

    def read(self, title):
        try:
            with open(self.path(title), encoding="utf-8") as file:
                return file.read()
        except FileNotFoundError:
            raise ToolError(f"there is no note called {title!r}") from None


def inspect(paths):
    """What this process can see of its surroundings."""
    status = {}
    with open("/proc/self/status", encoding="utf-8") as file:
        for line in file:
            key, _, value = line.partition(":")
            status[key] = value.strip()
    home = os.path.expanduser("~")
    return {
        "pid": os.getpid(),
        "uid": os.getuid(),
        "gid": os.getgid(),
        "groups": os.getgroups(),
        "capabilities": {k: status[k] for k in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")},
        "noNewPrivileges": status.get("NoNewPrivs"),
        "seccomp": status.get("Seccomp"),
        "interfaces": [name for _, name in socket.if_nameindex()],
        "hostname": socket.gethostname(),
        "processes": processes(),
        "environment": dict(os.environ),
        "descriptors": descriptors(),
        "workingDirectory": os.getcwd(),
        "root": sorted(os.listdir("/")),
        "home": home,
        "homeFiles": tree(home),
        "paths": {path: look(path) for path in paths},
    }


def processes():
    found = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/comm", encoding="utf-8") as file:
                    found[name] = file.read().strip()
            except OSError as error:
                found[name] = error.strerror
    return found


def descriptors():
    found = {}
    for name in os.listdir("/proc/self/fd"):
        try:
            found[name] = os.readlink(f"/proc/self/fd/{name}")
        except FileNotFoundError:
            pass  # the descriptor that listed the folder, closed by now
    return found


def tree(folder, limit=200):
    found = []
    for parent, _, files in os.walk(folder):
        found += [os.path.relpath(os.path.join(parent, name), folder) for name in files]
        if len(found) > limit:
            break
    return sorted(found)[:limit]


def look(path):
    try:
        return sorted(os.listdir(path)) if os.path.isdir(path) else f"{os.stat(path).st_size} bytes"
    except OSError as error:
        return error.strerror


class NotesServer:
    """The protocol around the notes. A subclass may change what it says of itself."""

    name = "notes"

    def __init__(self, options):
        self.options = options
        self.notes = Notes(os.path.expanduser("~"))
        self.legacy_version = None
        self.subscriptions = {}

    # What the model reads

    def instructions(self):
        return "Keeps short notes. List the notes before adding one, so that no title is used twice."

    def tools(self):
        return [
            {
                "name": "add_note",
                "title": "Add a note",
                "description": "Keep a note under a title; a note of the same title is replaced.",
                "inputSchema": text_schema(title="a short title", text="what to remember"),
                "annotations": {"readOnlyHint": False, "destructiveHint": True},
            },
            {
                "name": "list_notes",
                "title": "List the notes",
                "description": "The titles of all notes, one on each line.",
                "inputSchema": NO_ARGUMENTS,
                "annotations": {"readOnlyHint": True},
            },
            {
                "name": "read_note",
                "title": "Read a note",
                "description": "The text of one note.",
                "inputSchema": text_schema(title="the note's title"),
                "annotations": {"readOnlyHint": True},
            },
            {
                "name": "inspect_sandbox",
                "title": "Look around",
                "description": "What the server sees of the machine it runs on, as JSON.",
                "inputSchema": {
                    "type": "object",
                    "properties": {
                        "paths": {
                            "type": "array",
                            "items": {"type": "string"},
                            "description": "further paths to look at",
                        }
                    },
                    "additionalProperties": False,
                },
                "annotations": {"readOnlyHint": True},
            },
        ]

    def call(self, name, arguments):
        if name == "add_note":
            return self.notes.add(arguments["title"], arguments["text"])
        if name == "list_notes":
            return self.notes.list()
        if name == "read_note":
            return self.notes.read(arguments["title"])
        if name == "inspect_sandbox":
            return json.dumps(inspect(arguments.get("paths", [])), indent=2)
        raise ProtocolError(-32602, f"unknown tool: {name}")

    # Requests

    def handle(self, method, params, modern):
        if method == "server/discover":
            return {
                "supportedVersions": self.modern_versions(),
                "capabilities": self.capabilities(),
                "instructions": self.instructions(),
                **self.caching(),
            }
        if method == "initialize":
            return self.initialize(params)
        if method == "ping" and not modern:
            return {}
        if not modern and self.legacy_version is None:
            raise ProtocolError(-32602, "the first request must be initialize")
        if method == "tools/list":
            return self.list_tools(params, modern)
        if method == "tools/call":
            return self.call_tool(params)
        raise ProtocolError(-32601, f"unknown method: {method}")

    def initialize(self, params):
        asked = params.get("protocolVersion")
        if self.options.era == "modern":
            raise ProtocolError(
                -32022, "unsupported protocol version",
                {"requested": str(asked), "supported": MODERN_VERSIONS})
        self.legacy_version = asked if asked in LEGACY_VERSIONS else LEGACY_VERSIONS[-1]
        return {
            "protocolVersion": self.legacy_version,
            "capabilities": self.capabilities(),
            "serverInfo": self.information(),
            "instructions": self.instructions(),
        }

    def list_tools(self, params, modern):
        tools = self.tools()
        size = self.options.page_size or len(tools)
        try:
            start = int(params.get("cursor", "0"))
        except ValueError:
            raise ProtocolError(-32602, "unknown cursor") from None
        result = {"tools": tools[start:start + size]}
        if start + size < len(tools):
            result["nextCursor"] = str(start + size)
        return {**result, **self.caching()} if modern else result

    def call_tool(self, params):
        try:
            text, failed = self.call(params.get("name"), params.get("arguments") or {}), False
        except (ToolError, OSError) as error:
            text, failed = str(error), True
        except KeyError as error:
            raise ProtocolError(-32602, f"missing argument: {error.args[0]}") from None
        return {"content": [{"type": "text", "text": text}], "isError": failed}

    def modern_versions(self):
        return MODERN_VERSIONS

    def capabilities(self):
        return {"tools": {"listChanged": True}}

    def information(self):
        return {"name": self.name, "version": "1.0"}

    def caching(self):
        return {"ttlMs": 0, "cacheScope": "private"}

    # Messages

    def receive(self, message):
        method, params = message.get("method"), message.get("params") or {}
        if method is None:
            return  # an answer; this server asks nothing
        identifier = message.get("id")
        if identifier is None:
            if method == "notifications/cancelled":
                self.subscriptions.pop(params.get("requestId"), None)
            return
        meta = params.get("_meta") or {}
        version = meta.get(META + "protocolVersion")
        modern = self.options.era != "legacy" and version is not None
        try:
            if self.options.era == "legacy" and method == "server/discover":
                raise ProtocolError(-32601, f"unknown method: {method}")
            if modern and version not in MODERN_VERSIONS:
                raise ProtocolError(
                    -32022, "unsupported protocol version",
                    {"requested": version, "supported": MODERN_VERSIONS})
            if modern and method == "subscriptions/listen":
                self.listen(identifier, params)
                return
            result = self.handle(method, params, modern)
        except ProtocolError as error:
            body = {"code": error.code, "message": error.message}
            if error.data is not None:
                body["data"] = error.data
            self.send({"jsonrpc": "2.0", "id": identifier, "error": body})
            return
        self.send({"jsonrpc": "2.0", "id": identifier, "result": self.tagged(result, modern)})

    def tagged(self, result, modern, **meta):
        if not modern:
            return result
        tags = {META + key: value for key, value in meta.items()}
        return {
            "resultType": "complete", **result,
            "_meta": {META + "serverInfo": self.information(), **tags},
        }

    def listen(self, identifier, params):
        agreed = {}
        if params.get("notifications", {}).get("toolsListChanged"):
            agreed["toolsListChanged"] = True
        self.subscriptions[identifier] = agreed
        self.notify(
            "notifications/subscriptions/acknowledged", identifier, notifications=agreed)

    def tools_changed(self):
        """Tells whoever wants to know that the list of tools is another one now."""
        method = "notifications/tools/list_changed"
        if self.legacy_version is not None:
            self.send({"jsonrpc": "2.0", "method": method})
        for identifier, agreed in self.subscriptions.items():
            if agreed.get("toolsListChanged"):
                self.notify(method, identifier)

    def notify(self, method, subscription, **params):
        params["_meta"] = {META + "subscriptionId": subscription}
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def close(self):
        for identifier in self.subscriptions:
            result = self.tagged({}, True, subscriptionId=identifier)
            self.send({"jsonrpc": "2.0", "id": identifier, "result": result})

    def send(self, message):
        line = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
        sys.stdout.buffer.write(line.encode("utf-8") + b"\n")
        sys.stdout.buffer.flush()

    def run(self):
        try:
            for line in sys.stdin.buffer:
                try:
                    message = json.loads(line)
                except ValueError:
                    error = {"code": -32700, "message": "not JSON"}
                    self.send({"jsonrpc": "2.0", "id": None, "error": error})
                    continue
                if isinstance(message, dict):
                    self.receive(message)
            self.close()
        except BrokenPipeError:
            # Whoever read the answers is gone; the interpreter must not flush into nothing at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def options(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument(
        "--era", choices=["both", "legacy", "modern"], default="both",
        help="which eras of the protocol to speak (both)")
    parser.add_argument(
        "--page-size", type=int, default=0, metavar="N",
        help="how many tools to list on a page (all)")
    return parser


if __name__ == "__main__":
    NotesServer(options("An MCP server that keeps notes.").parse_args()).run()
