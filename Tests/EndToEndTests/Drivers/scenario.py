"""What both SDK drivers do: connect, list, call; then, if asked, wait for a change and do it again.

The plan comes as JSON in the first argument: mode, argv, environment, stderr (a file), calls (pairs
of name and arguments), pause. The outcome goes to standard output, one JSON line per round. With
`pause` the driver waits for a line on standard input after the first round, then for the server's
word that its tools have changed.
"""

import asyncio
import json
import sys

SECONDS = 60


def read():
    return json.loads(sys.argv[1])


def text(content):
    return "\n".join(getattr(item, "text", "") for item in content)


async def round_of(plan, session):
    calls = []
    tools = await session.tools()
    for name, arguments in plan["calls"]:
        try:
            calls.append(await session.call(name, arguments))
        except Exception as error:
            calls.append({"error": f"{type(error).__name__}: {error}"})
    outcome = {
        "version": session.version, "instructions": session.instructions, "tools": tools,
        "calls": calls}
    print(json.dumps(outcome), flush=True)


async def play(plan, session):
    await round_of(plan, session)
    if plan["pause"]:
        await asyncio.to_thread(sys.stdin.readline)
        await asyncio.wait_for(session.wait_for_change(), 10)
        await round_of(plan, session)
