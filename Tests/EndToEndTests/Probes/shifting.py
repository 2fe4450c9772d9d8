"""A server whose six tools change a few times in a second, in all its processes alike."""

import json
import sys
import time

STEPS_PER_SECOND = 2


def tool(number, step):
    # Of few contents, so that each comes back.
    version = (step * (number + 3) + number) // 4 % 12
    return {"name": f"t{number}", "description": f"Does part {number} in version {version}.",
            "inputSchema": {"type": "object"}}


for line in sys.stdin:
    message = json.loads(line)
    if "id" not in message:
        continue
    if message["method"] == "initialize":
        result = {"protocolVersion": message["params"]["protocolVersion"], "capabilities": {"tools": {}},
                  "serverInfo": {"name": "changing", "version": "1"}}
    elif message["method"] == "tools/list":
        step = int(time.time() * STEPS_PER_SECOND)
        result = {"tools": [tool(number, step) for number in range(6)]}
    else:
        result = {}
    print(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result}), flush=True)
