"""Asks the host for its roots while it is being called, under the id of the host's own request."""

import json
import sys

import minimal


def act(identifier, arguments):
    minimal.send({"jsonrpc": "2.0", "method": "notifications/progress",
                  "params": {"progressToken": arguments["token"], "progress": 1}})
    minimal.send({"jsonrpc": "2.0", "id": identifier, "method": "roots/list"})
    answer = json.loads(sys.stdin.buffer.readline())
    minimal.text(identifier, json.dumps([answer["id"], answer["result"]["roots"]]))


minimal.serve(act)
