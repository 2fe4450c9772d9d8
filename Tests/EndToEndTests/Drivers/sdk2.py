#!/usr/bin/env python3
"""One scenario with the official Python SDK 2.x as the client; see scenario.py."""

import asyncio
import contextlib

import mcp_types as types
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

import scenario


class Session:
    def __init__(self, client, changed, events):
        self.client, self.changed, self.events = client, changed, events
        self.version = client.session.protocol_version
        self.instructions = client.instructions

    async def tools(self):
        tools, cursor = [], None
        while True:
            page = await self.client.list_tools(cursor=cursor)
            tools += [t.model_dump(mode="json", by_alias=True, exclude_none=True) for t in page.tools]
            cursor = page.next_cursor
            if cursor is None:
                return tools

    async def call(self, name, arguments):
        result = await self.client.call_tool(name, arguments)
        return {"isError": bool(result.is_error), "text": scenario.text(result.content)}

    async def wait_for_change(self):
        if self.events is None:
            await self.changed.wait()
        else:
            await anext(aiter(self.events))


async def main():
    plan = scenario.read()
    changed = asyncio.Event()

    async def handle(message):
        if isinstance(message, types.ToolListChangedNotification):
            changed.set()

    parameters = StdioServerParameters(
        command=plan["argv"][0], args=plan["argv"][1:], env=plan["environment"])
    with open(plan["stderr"], "w", encoding="utf-8") as errors:
        transport = stdio_client(parameters, errlog=errors)
        async with contextlib.AsyncExitStack() as stack:
            client = await stack.enter_async_context(
                Client(transport, mode=plan["mode"], message_handler=handle))
            events = None
            if plan["pause"] and client.session.protocol_version in ("2026-07-28",):
                events = await stack.enter_async_context(client.listen(tools_list_changed=True))
            await scenario.play(plan, Session(client, changed, events))


asyncio.run(asyncio.wait_for(main(), scenario.SECONDS))
