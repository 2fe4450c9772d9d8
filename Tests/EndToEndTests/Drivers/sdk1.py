#!/usr/bin/env python3
"""One scenario with the official Python SDK 1.x as the client; see scenario.py."""

import asyncio

import mcp.types as types
from mcp import ClientSession
from mcp.client.stdio import StdioServerParameters, stdio_client

import scenario


class Session:
    def __init__(self, session, initialized, changed):
        self.session, self.changed = session, changed
        self.version = initialized.protocolVersion
        self.instructions = initialized.instructions

    async def tools(self):
        tools, cursor = [], None
        while True:
            page = await self.session.list_tools(cursor)
            tools += [t.model_dump(mode="json", by_alias=True, exclude_none=True) for t in page.tools]
            cursor = page.nextCursor
            if cursor is None:
                return tools

    async def call(self, name, arguments):
        result = await self.session.call_tool(name, arguments)
        return {"isError": bool(result.isError), "text": scenario.text(result.content)}

    async def wait_for_change(self):
        await self.changed.wait()


async def main():
    plan = scenario.read()
    changed = asyncio.Event()

    async def handle(message):
        if isinstance(message, types.ServerNotification) and isinstance(
                message.root, types.ToolListChangedNotification):
            changed.set()

    parameters = StdioServerParameters(
        command=plan["argv"][0], args=plan["argv"][1:], env=plan["environment"])
    with open(plan["stderr"], "w", encoding="utf-8") as errors:
        async with stdio_client(parameters, errlog=errors) as (read, write):
            async with ClientSession(read, write, message_handler=handle) as session:
                initialized = await session.initialize()
                await scenario.play(plan, Session(session, initialized, changed))


asyncio.run(asyncio.wait_for(main(), scenario.SECONDS))
