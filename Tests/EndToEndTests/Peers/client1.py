#!/usr/bin/env python3
"""The client on the official SDK 1.x; see steps.py."""

import asyncio
import warnings

import mcp.types as types
from mcp import ClientSession
from mcp.client.stdio import StdioServerParameters, stdio_client

import steps

warnings.simplefilter("ignore")
REFERENCES = {"ref/prompt": types.PromptReference, "ref/resource": types.ResourceTemplateReference}


def words(model):
    return model.model_dump(mode="json", by_alias=True, exclude_none=True)


class Client:
    era = "legacy"

    def __init__(self, plan, record):
        self.plan, self.record = plan, record
        self.root_count = 1
        self.waiting = asyncio.Event()

    def session_on(self, read, write):
        self.session = ClientSession(
            read, write, sampling_callback=self.on_sampling, elicitation_callback=self.on_elicitation,
            list_roots_callback=self.on_roots, logging_callback=self.on_log,
            message_handler=self.on_message,
            sampling_capabilities=types.SamplingCapability(
                tools=types.SamplingToolsCapability(), context=types.SamplingContextCapability()),
            client_info=types.Implementation(name="everything", version="1.0", title="Everything"))
        return self.session

    # What the server asks

    async def on_sampling(self, context, params):
        if context.meta and context.meta.progressToken is not None:
            for step in (1, 2):
                await self.session.send_progress_notification(
                    context.meta.progressToken, step, 2, f"thinking {step}")
        result = steps.sample(words(params))
        model = types.CreateMessageResultWithTools if params.tools else types.CreateMessageResult
        return model.model_validate(result)

    async def on_elicitation(self, context, params):
        return types.ElicitResult.model_validate(steps.elicit(words(params)))

    async def on_roots(self, context):
        return types.ListRootsResult.model_validate(
            steps.roots(self.plan["root"], self.root_count))

    async def on_log(self, params):
        if params.data == "waiting":
            self.waiting.set()

    async def on_message(self, message):
        if isinstance(message, types.ServerNotification):
            self.record.hear(words(message))

    # What the steps do

    async def list(self, kind):
        ask = {"tools": self.session.list_tools, "prompts": self.session.list_prompts,
               "resources": self.session.list_resources,
               "templates": self.session.list_resource_templates}[kind]
        pages, cursor = [], None
        while True:
            params = None if cursor is None else types.PaginatedRequestParams(cursor=cursor)
            page = await ask(params=params)
            pages.append(words(page))
            cursor = page.nextCursor
            if cursor is None:
                return pages

    async def ping(self):
        return words(await self.session.send_ping())

    async def set_level(self, level):
        return words(await self.session.set_logging_level(level))

    async def subscribe(self, uri):
        return words(await self.session.subscribe_resource(uri))

    async def unsubscribe(self, uri):
        return words(await self.session.unsubscribe_resource(uri))

    async def prompt(self, name, arguments):
        return words(await self.session.get_prompt(name, arguments))

    async def read(self, uri):
        return words(await self.session.read_resource(uri))

    async def complete(self, ref, argument, context):
        reference = REFERENCES[ref["type"]].model_validate(ref)
        return words(await self.session.complete(
            reference, {"name": argument["name"], "value": argument["value"]}, context))

    async def call(self, name, arguments, progress=False):
        heard = []

        async def hear(*values):
            heard.append(values)

        result = words(await self.session.call_tool(
            name, arguments, progress_callback=hear if progress else None))
        return [result, heard]

    async def roots_changed(self):
        self.root_count = 2
        await self.session.send_roots_list_changed()

    async def cancel(self, name, arguments):
        """This SDK does not cancel by itself."""
        call = asyncio.create_task(self.session.call_tool(name, arguments))
        await self.waiting.wait()
        await self.session.send_notification(types.ClientNotification(types.CancelledNotification(
            params=types.CancelledNotificationParams(
                requestId=self.session._request_id - 1, reason="no longer wanted"))))
        if self.plan["answersCancelled"]:
            return words(await call)
        call.cancel()
        return "cancelled"

    async def tasks(self, step):
        if self.session.get_server_capabilities().tasks is None:
            return
        tasks = self.session.experimental
        for arguments in ({}, {"hold": True}):
            created = await tasks.call_tool_as_task("work", arguments)
            await step("task", self.words_of(created))
            identifier = created.task.taskId
            await step("get", self.words_of(tasks.get_task(identifier)))
            if arguments:
                await step("cancel", self.words_of(tasks.cancel_task(identifier)))
            else:
                await step("proceed", self.call("proceed", {}))
                await step("get", self.words_of(tasks.get_task(identifier)))
            await step("result", self.words_of(
                tasks.get_task_result(identifier, types.CallToolResult)))
            await step("list", self.words_of(tasks.list_tasks()))
        await step("cancel", self.words_of(tasks.cancel_task(identifier)))
        await step("get", self.words_of(tasks.get_task("no-such-task")))

    async def words_of(self, result):
        return words(result if not asyncio.iscoroutine(result) else await result)


async def main():
    plan, record = steps.read(), steps.Record()
    parameters = StdioServerParameters(
        command=plan["argv"][0], args=plan["argv"][1:], env=plan["environment"])
    with open(plan["stderr"], "w", encoding="utf-8") as errors:
        async with stdio_client(parameters, errlog=errors) as (read, write):
            client = Client(plan, record)
            async with client.session_on(read, write) as session:
                await record.step("initialize", client.words_of(session.initialize()))
                await steps.play(client, record)
    record.print()


asyncio.run(asyncio.wait_for(main(), steps.SECONDS))
