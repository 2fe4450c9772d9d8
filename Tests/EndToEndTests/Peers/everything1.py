#!/usr/bin/env python3
"""A server on the official SDK 1.x that uses all of the protocol that this SDK has."""

import asyncio
import datetime
import itertools
import uuid
import warnings

import anyio
import mcp.server.experimental.task_scope
import mcp.server.session
import mcp.shared.experimental.tasks.helpers
import mcp.shared.experimental.tasks.in_memory_task_store
import mcp.types as types
from mcp.server.lowlevel import NotificationOptions, Server
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import McpError, UrlElicitationRequiredError

import definitions as offered

warnings.simplefilter("ignore")


class Noon(datetime.datetime):
    """Two runs of this server say the same: its time stands still, and its ids are counted."""

    @classmethod
    def now(cls, tz=None):
        return cls(2026, 1, 1, 12, tzinfo=tz)


numbers = itertools.count(1)
for module in (mcp.shared.experimental.tasks.helpers,
               mcp.shared.experimental.tasks.in_memory_task_store):
    module.datetime = Noon
for module in (mcp.shared.experimental.tasks.helpers, mcp.server.experimental.task_scope):
    module.uuid4 = lambda: uuid.UUID(int=next(numbers), version=4)

# It names some of its requests by their addresses.
mcp.server.session.id = lambda _: next(numbers)

server = Server("everything", version="1.0", instructions=offered.INSTRUCTIONS)
tasks = server.experimental.enable_tasks()


class Peer:
    """The client that asked."""

    def __init__(self):
        self.context = server.request_context
        self.session, self.id = self.context.session, self.context.request_id

    async def log(self, level, data, logger):
        await self.session.send_log_message(level, data, logger, self.id)

    async def progress(self, step, total, message):
        if self.context.meta and self.context.meta.progressToken is not None:
            await self.session.send_progress_notification(
                self.context.meta.progressToken, step, total, message, self.id)

    async def ping(self):
        await self.session.send_ping()

    async def updated(self, uri):
        await self.session.send_resource_updated(uri)

    async def changed(self, kind):
        await {"tools": self.session.send_tool_list_changed,
               "prompts": self.session.send_prompt_list_changed,
               "resources": self.session.send_resource_list_changed}[kind]()

    async def forever(self):
        await anyio.sleep_forever()


def words(model):
    return model.model_dump(mode="json", by_alias=True, exclude_none=True)


@server.list_tools()
async def list_tools(request: types.ListToolsRequest) -> types.ListToolsResult:
    return types.ListToolsResult.model_validate({"tools": offered.TOOLS})


@server.call_tool()
async def call_tool(name, arguments):
    peer = Peer()
    result = await offered.call(peer, name, arguments) or await ask(peer, name, arguments)
    if isinstance(result, types.CreateTaskResult):
        return result
    return types.CallToolResult.model_validate(result)


async def ask(peer, name, arguments):
    session = peer.session
    messages = [types.SamplingMessage.model_validate(m) for m in offered.MESSAGES]
    if name == "sample":
        heard = []

        async def hear(progress, total, message):
            heard.append([progress, total, message])

        request = types.CreateMessageRequest(params=types.CreateMessageRequestParams(
            messages=messages, maxTokens=100, systemPrompt="Be brief.", temperature=0.25,
            stopSequences=["."], metadata={"purpose": "test"},
            modelPreferences=types.ModelPreferences(
                hints=[types.ModelHint(name="small")], speedPriority=1.0)))
        result = await session.send_request(
            types.ServerRequest(request), types.CreateMessageResult, progress_callback=hear)
        return offered.text({"heard": heard, "result": words(result)})
    if name == "sample_with_tools":
        result = await session.create_message(
            messages, max_tokens=7, tools=[types.Tool.model_validate(offered.TOOLS[0])],
            tool_choice=types.ToolChoice(mode="required"), related_request_id=peer.id)
        return offered.text(words(result))
    if name == "ask":
        result = await session.elicit_form(arguments["what"], offered.QUESTION, peer.id)
        return offered.text(words(result))
    if name == "visit":
        result = await session.elicit_url("Visit.", offered.PAGE_TO_VISIT, "visit-1", peer.id)
        await session.send_elicit_complete("visit-1", peer.id)
        return offered.text(words(result))
    if name == "authorize":
        raise UrlElicitationRequiredError([types.ElicitRequestURLParams(
            message="Visit first.", url=offered.PAGE_TO_VISIT, elicitationId="visit-2")])
    if name == "roots":
        return offered.text(words(await session.list_roots()))
    if name == "work":
        return await work(peer, arguments)
    if name == "proceed":
        proceeding.set()
        while (await tasks.store.list_tasks())[0][-1].status != "input_required":
            await anyio.sleep(0.001)
        return offered.text("proceeding")
    return offered.text(f"there is no tool {name}", isError=True)


proceeding = asyncio.Event()


async def work(peer, arguments):
    experimental = peer.context.experimental
    if not experimental.is_task:
        return offered.text("done at once")

    async def background(task):
        if arguments.get("hold"):
            await tasks.store.wait_for_update(task.task_id)
            # The SDK would complete it: it looks at a copy of the state from before it was cancelled.
            task._ctx._task = await tasks.store.get_task(task.task_id)
            return types.CallToolResult(content=[])
        await proceeding.wait()
        await task.update_status("asking")
        answer = await task.elicit("accept", offered.QUESTION)
        return types.CallToolResult.model_validate(offered.text(words(answer)))

    return await experimental.run_task(background, model_immediate_response="It has begun.")


@server.list_prompts()
async def list_prompts(request: types.ListPromptsRequest) -> types.ListPromptsResult:
    # One page: of what Cordon judges the host gets one in any case.
    return types.ListPromptsResult.model_validate({"prompts": offered.PROMPTS})


@server.get_prompt()
async def get_prompt(name, arguments):
    found = offered.prompt(name, arguments)
    if found is None:
        raise McpError(types.ErrorData(code=-32602, message="no such prompt", data={"name": name}))
    return types.GetPromptResult.model_validate(found)


@server.list_resources()
async def list_resources(request: types.ListResourcesRequest) -> types.ListResourcesResult:
    items, cursor = offered.page(offered.RESOURCES, request.params and request.params.cursor)
    return types.ListResourcesResult.model_validate({"resources": items, "nextCursor": cursor})


@server.list_resource_templates()
async def list_templates():
    return [types.ResourceTemplate.model_validate(item) for item in offered.TEMPLATES]


async def read_resource(request):
    found = offered.contents(str(request.params.uri))
    if found is None:
        raise McpError(types.ErrorData(
            code=-32002, message="Resource not found", data={"uri": str(request.params.uri)}))
    return types.ServerResult(types.ReadResourceResult.model_validate({"contents": [found]}))


server.request_handlers[types.ReadResourceRequest] = read_resource


@server.completion()
async def complete(ref, argument, context):
    return types.Completion.model_validate(offered.completion(
        words(ref), words(argument), context and context.arguments))


@server.set_logging_level()
async def set_level(level):
    pass


@server.subscribe_resource()
async def subscribe(uri):
    pass


@server.unsubscribe_resource()
async def unsubscribe(uri):
    pass


async def main():
    options = server.create_initialization_options(
        NotificationOptions(prompts_changed=True, resources_changed=True, tools_changed=True),
        experimental_capabilities={offered.VENDOR: {"versions": [1, 2]}})
    options.capabilities.resources.subscribe = True
    async with stdio_server() as (read, write):
        await server.run(read, write, options)


asyncio.run(main())
