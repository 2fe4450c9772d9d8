"""Lists other tools after each call of `step`, and says so. The steps are the first argument."""

import json
import sys

import minimal

STEPS = json.loads(sys.argv[1])
tools = []


def step():
    tools[:] = [minimal.TOOL | {"name": "step"}] + (STEPS.pop(0) if STEPS else [])


def act(identifier, _):
    step()
    minimal.send({"jsonrpc": "2.0", "method": "notifications/tools/list_changed"})
    minimal.text(identifier, "done")


step()
minimal.serve(act, tools=tools)
