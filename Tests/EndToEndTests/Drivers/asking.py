#!/usr/bin/env python3
"""A client of the official Python SDK, 1.x or 2.x, with somebody who answers elicitations.

The plan comes as JSON in the first argument: mode, argv, environment, stderr (a file), and rounds,
each with a tool and the answers to give, one for each question in their order:

    approve, reject, later   accepted, with that choice
    empty, bare              accepted without a choice: an empty object, and nothing
    decline, cancel          as the protocol has them
    hang                     approves, after three seconds
    change                   calls add_note and lists the tools before it approves

A JSON line for each round: the call's text and isError, or its error, and the questions as they came.
"""

import asyncio
import contextlib
import json
import sys

from mcp.client.stdio import StdioServerParameters, stdio_client

try:
    import mcp_types as types
    from mcp import Client
except ImportError:
    import mcp.types as types
    from mcp import ClientSession
    Client = None

CONTENT = {"empty": {}, "bare": None}


class Person:
    def __init__(self):
        self.answers, self.questions, self.session = [], [], None

    async def asked(self, context, params):
        schema = getattr(params, "requested_schema", None) or getattr(params, "requestedSchema")
        self.questions.append({"message": params.message, "schema": schema})
        answer = self.answers.pop(0)
        if answer in ("decline", "cancel"):
            return types.ElicitResult(action=answer)
        if answer in CONTENT:
            return types.ElicitResult(action="accept", content=CONTENT[answer])
        if answer == "hang":
            await asyncio.sleep(3)
        if answer == "change":
            await self.session.call_tool("add_note", {"title": "a", "text": "b"})
            await self.session.list_tools()
        decision = "approve" if answer in ("hang", "change") else answer
        return types.ElicitResult(action="accept", content={"decision": decision})


async def play(plan, person):
    session = person.session
    await session.list_tools()
    for tool, answers in plan["rounds"]:
        person.answers, person.questions = list(answers), []
        outcome = {}
        try:
            arguments = {"title": "a", "text": "b"} if tool == "add_note" else {}
            if tool == "read_note":
                arguments = {"title": "nothing"}
            result = await session.call_tool(tool, arguments)
            error = getattr(result, "is_error", None)
            outcome["isError"] = bool(result.isError if error is None else error)
            outcome["text"] = "\n".join(getattr(item, "text", "") for item in result.content)
        except Exception as error:
            outcome["error"] = f"{type(error).__name__}: {error}"
        outcome["questions"] = person.questions
        outcome["unused"] = person.answers
        print(json.dumps(outcome), flush=True)


async def main():
    plan = json.loads(sys.argv[1])
    person = Person()
    parameters = StdioServerParameters(
        command=plan["argv"][0], args=plan["argv"][1:], env=plan["environment"])
    with open(plan["stderr"], "w", encoding="utf-8") as errors:
        transport = stdio_client(parameters, errlog=errors)
        async with contextlib.AsyncExitStack() as stack:
            if Client is not None:
                person.session = await stack.enter_async_context(
                    Client(transport, mode=plan["mode"], elicitation_callback=person.asked))
            else:
                read, write = await stack.enter_async_context(transport)
                person.session = await stack.enter_async_context(
                    ClientSession(read, write, elicitation_callback=person.asked))
                await person.session.initialize()
            await play(plan, person)


asyncio.run(asyncio.wait_for(main(), 60))
