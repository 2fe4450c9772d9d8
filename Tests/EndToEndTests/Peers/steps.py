"""What a client of either generation does with a server that offers everything, in a fixed order.

The plan comes as JSON in the first argument: mode, argv, environment, stderr (a file), root (a
directory), atOnce (whether to ask for many things at once instead), answersCancelled. What the client saw goes to standard output as one JSON line: each step with its result,
then the notifications. An SDK hands each notification on in a task of its own, so their order says
nothing; the transcripts tell what came when.
"""

import asyncio
import json
import sys

import definitions as offered

SECONDS = 60


def read():
    return json.loads(sys.argv[1])


class Record:
    """What happened."""

    def __init__(self):
        self.steps, self.notifications = [], []

    async def step(self, name, doing):
        try:
            self.steps.append([name, await doing])
        except Exception as error:
            wire = getattr(error, "error", None)
            self.steps.append([name, {"error": [
                type(error).__name__, getattr(wire, "code", None), str(error),
                getattr(wire, "data", None)]}])

    def hear(self, notification):
        self.notifications.append(json.dumps(notification, sort_keys=True))

    def print(self):
        print(json.dumps([self.steps, sorted(self.notifications)]), flush=True)


# A client's answers to what a server asks.

def sample(params):
    """To the parameters of a sampling request."""
    if params.get("tools"):
        return {"role": "assistant", "model": "small", "stopReason": "toolUse", "content": [
            {"type": "tool_use", "id": "use-1", "name": "echo", "input": {"numbers": offered.NUMBERS}}]}
    return {"role": "assistant", "model": "small", "stopReason": "endTurn",
            "content": {"type": "text", "text": "Four. " + offered.SEPARATORS}}


def elicit(params):
    """To those of an elicitation: a form says in its message what to do with it."""
    if params.get("mode") == "url":
        return {"action": "accept"}
    if params["message"] != "accept":
        return {"action": params["message"]}
    return {"action": "accept", "content": {
        "name": offered.WORDS, "age": 7, "mail": "a@example.com", "sure": True, "colour": "red"}}


def roots(folder, count):
    return {"roots": [{"uri": f"file://{folder}/{number}", "name": f"root {number}"}
                      for number in range(count)]}


async def play(client, record):
    if client.plan["atOnce"]:
        await play_at_once(client, record.step)
        return
    step = record.step
    is_modern = client.era == "modern"
    for kind in ("tools", "prompts", "resources", "templates"):
        await step(kind, client.list(kind))
    if not is_modern:
        await step("ping", client.ping())
        await step("level", client.set_level("debug"))
        for uri in ("memo://one", "memo://three"):
            await step("subscribe", client.subscribe(uri))
    await step("prompt", client.prompt("greet", {"who": offered.WORDS}))
    for name in ("plain", "picture"):
        await step("prompt", client.prompt(name, None))
    for uri in ("memo://one", "memo://two", "memo://none"):
        await step("read", client.read(uri))
    await step("complete", client.complete(
        {"type": "ref/prompt", "name": "greet"}, {"name": "who", "value": "x"}, None))
    await step("complete", client.complete(
        {"type": "ref/resource", "uri": "memo://{name}"}, {"name": "name", "value": "é"},
        {"other": "value"}))
    await step("echo", client.call("echo", {
        "words": offered.WORDS, "separators": offered.SEPARATORS, "numbers": offered.NUMBERS,
        "nothing": None, "nested": {"b": [], "a": {}}, "long": "0123456789abcdef" * 4096}))
    await step("fail", client.call("fail", {}))
    await step("count", client.call("count", {"steps": 4}, progress=True))
    for name in ("speak", "sample", "sample_with_tools"):
        await step(name, client.call(name, {}))
    for what in ("accept", "decline", "cancel"):
        await step("ask", client.call("ask", {"what": what}))
    for name in ("visit", "authorize", "roots"):
        await step(name, client.call(name, {}))
    if is_modern:
        await step("several", client.call("several", {}))
        await step("vendor", client.vendor({"value": offered.WORDS}))
        await client.listen(step)
    else:
        await step("roots changed", client.roots_changed())
        for name in ("roots", "ping", "touch"):
            await step(name, client.call(name, {}))
        await step("unsubscribe", client.unsubscribe("memo://three"))
        await step("change", client.call("change", {}))
        await step("tools", client.list("tools"))
    await step("cancel", client.cancel("wait", {}))
    await client.tasks(step)
    await step("echo", client.call("echo", {}))


async def play_at_once(client, step):
    """Forty requests, none of which waits for another."""
    await step("tools", client.list("tools"))
    await step("all", asyncio.gather(
        *[client.call("echo", {"number": number, "words": offered.WORDS}) for number in range(10)],
        *[client.call("count", {"steps": 3}, progress=True) for _ in range(10)],
        *[client.call("ask", {"what": "accept"}) for _ in range(10)],
        *[client.read("memo://one") for _ in range(10)]))
