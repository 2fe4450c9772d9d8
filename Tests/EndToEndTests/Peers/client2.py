#!/usr/bin/env python3
"""The client on the official SDK 2.x, in each of its modes; see steps.py."""

import asyncio
import contextlib
import warnings
from typing import Any, Literal

import anyio
import mcp_types as types
from mcp import Client as SDKClient
from mcp.client.extension import ClientExtension, NotificationBinding, ResultClaim
from mcp.client.stdio import StdioServerParameters, stdio_client
from pydantic import ConfigDict

import definitions as offered
import steps

warnings.simplefilter("ignore")
REFERENCES = {"ref/prompt": types.PromptReference, "ref/resource": types.ResourceTemplateReference}


class Anything(types.Result):
    model_config = ConfigDict(extra="allow")


class Task(Anything):
    """A call's result that names a task, as the extension for tasks has it."""

    result_type: Literal["task"] = "task"


class TaskNotice(types.NotificationParams):
    model_config = ConfigDict(extra="allow")


def words(model):
    return model.model_dump(mode="json", by_alias=True, exclude_none=True)


class Tasks(ClientExtension):
    """The extension for tasks: the SDK has the parts and not the whole."""

    identifier = offered.TASKS

    def __init__(self, client):
        self.client = client

    def claims(self):
        return [ResultClaim(result_type="task", model=Task, resolve=self.resolve)]

    def notifications(self):
        return [NotificationBinding(
            method="notifications/tasks", params_type=TaskNotice, handler=self.hear)]

    async def hear(self, params):
        self.client.record.hear(["notifications/tasks", words(params)])

    async def resolve(self, task, context):
        """To the end of a task that asks once."""
        identifier = task.model_extra["taskId"]
        step = self.client.record.step
        await step("get", self.client.request("tasks/get", {"taskId": identifier}))
        await step("proceed", self.client.call("proceed", {}))
        await step("get", self.client.request("tasks/get", {"taskId": identifier}))
        await step("update", self.client.request("tasks/update", {
            "taskId": identifier, "inputResponses": {"it": {"action": "decline"}}}))
        done = await self.client.request("tasks/get", {"taskId": identifier})
        return types.CallToolResult.model_validate(done["result"])


class Vendor(ClientExtension):
    identifier = offered.VENDOR

    def settings(self):
        return {"versions": [2]}


class Client:
    def __init__(self, plan, record):
        self.plan, self.record = plan, record
        self.root_count = 1
        self.waiting = asyncio.Event()

    def over(self, transport):
        self.client = SDKClient(
            transport, mode=self.plan["mode"], sampling_callback=self.on_sampling,
            sampling_capabilities=types.SamplingCapability(
                tools=types.SamplingToolsCapability(), context=types.SamplingContextCapability()),
            elicitation_callback=self.on_elicitation, list_roots_callback=self.on_roots,
            logging_callback=self.on_log, message_handler=self.on_message, log_level="debug",
            client_info=types.Implementation(name="everything", version="2.0", title="Everything"),
            extensions=[Tasks(self), Vendor()])
        return self.client

    @property
    def era(self):
        return "modern" if self.client.session.protocol_version == "2026-07-28" else "legacy"

    @property
    def session(self):
        return self.client.session

    # What the server asks

    async def on_sampling(self, context, params):
        token = (context.meta or {}).get("progress_token")
        if token is not None:
            for step in (1, 2):
                await self.session.send_progress_notification(token, step, 2, f"thinking {step}")
        model = types.CreateMessageResultWithTools if params.tools else types.CreateMessageResult
        return model.model_validate(steps.sample(words(params)))

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
        ask = {"tools": self.client.list_tools, "prompts": self.client.list_prompts,
               "resources": self.client.list_resources,
               "templates": self.client.list_resource_templates}[kind]
        pages, cursor = [], None
        while True:
            page = await ask(cursor=cursor)
            pages.append(words(page))
            cursor = page.next_cursor
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
        return words(await self.client.get_prompt(name, arguments))

    async def read(self, uri):
        return words(await self.client.read_resource(uri))

    async def complete(self, ref, argument, context):
        return words(await self.client.complete(
            REFERENCES[ref["type"]].model_validate(ref),
            {"name": argument["name"], "value": argument["value"]}, context))

    async def call(self, name, arguments, progress=False):
        heard = []

        async def hear(*values):
            heard.append(values)

        result = words(await self.client.call_tool(
            name, arguments, progress_callback=hear if progress else None))
        return [result, heard]

    async def request(self, method, params):
        """One that the SDK has no function for."""
        request = types.Request[dict[str, Any], str](method=method, params=params)
        return words(await self.session.send_request(request, Anything))

    async def vendor(self, params):
        return await self.request(offered.VENDOR, params)

    async def roots_changed(self):
        self.root_count = 2
        await self.client.send_roots_list_changed()

    async def cancel(self, name, arguments):
        async with anyio.create_task_group() as group:

            async def stop():
                await self.waiting.wait()
                group.cancel_scope.cancel()

            group.start_soon(stop)
            await self.client.call_tool(name, arguments)
        return "cancelled"

    async def listen(self, step):
        """Two subscriptions at once, each with what it asked for."""
        async with contextlib.AsyncExitStack() as stack:
            every = await stack.enter_async_context(self.client.listen(
                tools_list_changed=True, prompts_list_changed=True, resources_list_changed=True,
                resource_subscriptions=["memo://one"]))
            other = await stack.enter_async_context(self.client.listen(
                resource_subscriptions=["memo://three"]))
            await step("honored", self.words_of(every.honored))
            await step("honored", self.words_of(other.honored))
            await step("touch", self.call("touch", {}))
            await step("change", self.call("change", {}))
            for subscription, count in ((every, 4), (other, 1)):
                for _ in range(count):
                    await step("event", self.text_of(anext(subscription)))
        await step("tools", self.list("tools"))

    async def tasks(self, step):
        if self.era != "modern":
            return
        await step("work", self.call("work", {}))
        held = await self.session.call_tool("work", {"hold": True}, allow_claimed=True)
        identifier = held.model_extra["taskId"]
        await step("cancel", self.request("tasks/cancel", {"taskId": identifier}))
        await step("get", self.request("tasks/get", {"taskId": identifier}))
        await step("get", self.request("tasks/get", {"taskId": "no-such-task"}))

    async def words_of(self, model):
        return words(model)

    async def text_of(self, value):
        return repr(await value)


async def main():
    plan, record = steps.read(), steps.Record()
    parameters = StdioServerParameters(
        command=plan["argv"][0], args=plan["argv"][1:], env=plan["environment"])
    with open(plan["stderr"], "w", encoding="utf-8") as errors:
        client = Client(plan, record)
        async with client.over(stdio_client(parameters, errlog=errors)) as sdk:
            opened = sdk.session.discover_result or sdk.session.initialize_result
            await record.step("open", client.words_of(opened))
            await steps.play(client, record)
    record.print()


asyncio.run(asyncio.wait_for(main(), steps.SECONDS))
