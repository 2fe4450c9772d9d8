"""Says what its host tells it to say, and tells what it has heard.

`puppet/say` with `lines` writes each as it is; `puppet/heard` gives the lines that came since it was
asked last, those of `puppet/` and of lists of tools left out. `initialize` and `server/discover` are
answered with the capabilities in the first argument; every other request with `{}`, or with what
`puppet/answer` said for its method.
"""

import json
import sys

TOOL = {"name": "act", "inputSchema": {"type": "object"}}
DECLARED = json.loads(sys.argv[1])


def send(message):
    sys.stdout.write(message if isinstance(message, str) else json.dumps(message))
    sys.stdout.write("\n")
    sys.stdout.flush()


def result(method, params, answers, heard):
    modern = "io.modelcontextprotocol/protocolVersion" in params.get("_meta", {})
    base = {"resultType": "complete"} if modern else {}
    if method == "puppet/say":
        for line in params["lines"]:
            send(line)
        return base
    if method == "puppet/heard":
        lines, heard[:] = heard[:], []
        return {**base, "lines": lines}
    if method == "puppet/answer":
        answers[params["method"]] = params["result"]
        return base
    if method == "initialize":
        return {"protocolVersion": params["protocolVersion"], "capabilities": DECLARED,
                "serverInfo": {"name": "puppet", "version": "1"}}
    if method == "server/discover":
        return {**base, "supportedVersions": ["2026-07-28"], "capabilities": DECLARED,
                "serverInfo": {"name": "puppet", "version": "1"}, "ttlMs": 0,
                "cacheScope": "private"}
    if method == "tools/list":
        return {**base, "tools": [TOOL]}
    return {**base, **answers.get(method, {})}


answers, heard = {}, []
for line in sys.stdin.buffer:
    message = json.loads(line)
    method = message.get("method", "")
    if not method.startswith("puppet/") and method != "tools/list":
        heard.append(line.decode().rstrip("\n"))
    if method and "id" in message:
        send({"jsonrpc": "2.0", "id": message["id"],
              "result": result(method, message.get("params", {}), answers, heard)})
