#!/usr/bin/env python3
"""A server on the official SDK 2.x that uses all of the protocol that this SDK has, in both eras.

The extension for tasks has no implementation in the SDK; it is made of the SDK's parts for extensions.
"""

import asyncio
import warnings
from typing import Literal

import anyio
import mcp_types as types
from mcp.server import Server
from mcp.server.lowlevel.server import NotificationOptions
from mcp.server.stdio import stdio_server
from mcp.server.subscriptions import (
    InMemorySubscriptionBus, ListenHandler, PromptsListChanged, ResourcesListChanged,
    ResourceUpdated, ToolsListChanged)
from mcp.shared.exceptions import MCPError, UrlElicitationRequiredError

import definitions as offered

warnings.simplefilter("ignore")
bus = InMemorySubscriptionBus()


class Peer:
    """The client that asked."""

    def __init__(self, context):
        self.context, self.session, self.id = context, context.session, context.request_id
        self.is_modern = context.protocol_version == "2026-07-28"

    async def log(self, level, data, logger):
        await self.session.send_log_message(level, data, logger, self.id)

    async def progress(self, step, total, message):
        await self.session.report_progress(step, total, message)

    async def ping(self):
        await self.session.send_ping()

    async def updated(self, uri):
        if self.is_modern:
            await bus.publish(ResourceUpdated(uri=uri))
        else:
            await self.session.send_resource_updated(uri)

    async def changed(self, kind):
        if self.is_modern:
            await bus.publish({"tools": ToolsListChanged, "prompts": PromptsListChanged,
                               "resources": ResourcesListChanged}[kind]())
        else:
            await {"tools": self.session.send_tool_list_changed,
                   "prompts": self.session.send_prompt_list_changed,
                   "resources": self.session.send_resource_list_changed}[kind]()

    async def forever(self):
        await anyio.sleep_forever()


def words(model):
    return model.model_dump(mode="json", by_alias=True, exclude_none=True)


async def call_tool(context, params):
    peer, arguments = Peer(context), params.arguments or {}
    result = await offered.call(peer, params.name, arguments)
    if result is None:
        ask = ask_by_rounds if peer.is_modern else ask_by_requests
        result = await ask(peer, params, arguments)
    if isinstance(result, dict) and "resultType" not in result:
        return types.CallToolResult.model_validate(result)
    return result


async def ask_by_requests(peer, params, arguments):
    session, name = peer.session, params.name
    messages = [types.SamplingMessage.model_validate(m) for m in offered.MESSAGES]
    if name == "sample":
        heard = []

        async def hear(progress, total, message):
            heard.append([progress, total, message])

        request = types.CreateMessageRequest(params=types.CreateMessageRequestParams(
            messages=messages, max_tokens=100, system_prompt="Be brief.", temperature=0.25,
            stop_sequences=["."], metadata={"purpose": "test"},
            model_preferences=types.ModelPreferences(
                hints=[types.ModelHint(name="small")], speed_priority=1.0)))
        result = await session.send_request(
            request, types.CreateMessageResult, progress_callback=hear)
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
            message="Visit first.", url=offered.PAGE_TO_VISIT, elicitation_id="visit-2")])
    if name == "roots":
        return offered.text(words(await session.list_roots()))
    return offered.text(f"nothing here does {name}", isError=True)


SAMPLING = {"method": "sampling/createMessage", "params": {
    "messages": offered.MESSAGES, "maxTokens": 100, "systemPrompt": "Be brief."}}
SAMPLING_WITH_TOOLS = {"method": "sampling/createMessage", "params": {
    "messages": offered.MESSAGES, "maxTokens": 7, "tools": [offered.TOOLS[1]],
    "toolChoice": {"mode": "required"}}}
VISIT = {"method": "elicitation/create", "params": {
    "mode": "url", "message": "Visit.", "url": offered.PAGE_TO_VISIT}}
ROOTS = {"method": "roots/list"}


def form(what):
    return {"method": "elicitation/create", "params": {
        "mode": "form", "message": what, "requestedSchema": offered.QUESTION}}


async def ask_by_rounds(peer, params, arguments):
    """In the modern era a server asks in its result, and the client calls again with the answers."""
    name = params.name
    if name == "work":
        return await begin_task(peer, arguments)
    if name == "proceed":
        return await proceed(peer)
    if name == "several":
        return several(params)
    if name == "authorize":
        raise MCPError(-32021, "needs a capability", {"requiredCapabilities": {"sampling": {}}})
    asked = {"sample": SAMPLING, "sample_with_tools": SAMPLING_WITH_TOOLS,
             "ask": form(arguments.get("what")), "visit": VISIT, "roots": ROOTS}.get(name)
    if asked is None:
        return offered.text(f"nothing here does {name}", isError=True)
    if not params.input_responses:
        return types.InputRequiredResult.model_validate({
            "inputRequests": {"it": asked}, "requestState": f"{name} {offered.SEPARATORS}"})
    return offered.text({"state": params.request_state, "answer": words(params.input_responses["it"])})


def several(params):
    """Three things at once; then nothing but a state to bring back; then the end."""
    if params.request_state is None:
        return types.InputRequiredResult.model_validate({
            "inputRequests": {"a": SAMPLING, "b": form("accept"), "c": ROOTS},
            "requestState": "first"})
    if params.request_state == "first":
        answers = {key: words(value) for key, value in params.input_responses.items()}
        return types.InputRequiredResult(request_state="second " + str(sorted(answers)))
    return offered.text(params.request_state)


# The extension for tasks, in its modern form.

class TaskParams(types.RequestParams):
    task_id: str
    input_responses: dict | None = None


class TaskParamsOfNotification(types.NotificationParams):
    task_id: str
    status: str


class TaskNotification(types.Notification[TaskParamsOfNotification, Literal["notifications/tasks"]]):
    method: Literal["notifications/tasks"] = "notifications/tasks"


known_tasks = {}


def task(identifier):
    if identifier not in known_tasks:
        raise MCPError(-32602, "no such task", {"taskId": identifier})
    return known_tasks[identifier]


async def begin_task(peer, arguments):
    identifier = f"task-{len(known_tasks) + 1}"
    known_tasks[identifier] = {
        "taskId": identifier, "status": "working", "createdAt": "2026-01-01T12:00:00Z",
        "lastUpdatedAt": "2026-01-01T12:00:00Z", "ttlMs": 60000, "pollIntervalMs": 1}
    return {"resultType": "task", **known_tasks[identifier]}


async def proceed(peer):
    current = list(known_tasks.values())[-1]
    current.update(status="input_required", inputRequests={"it": form("accept")})
    await peer.session.send_notification(TaskNotification(params=TaskParamsOfNotification(
        task_id=current["taskId"], status="input_required")))
    return offered.text("proceeding")


async def get_task(context, params):
    return {"resultType": "complete", **task(params.task_id)}


async def update_task(context, params):
    current = task(params.task_id)
    current.pop("inputRequests", None)
    current.update(status="completed", result=offered.text(params.input_responses or {}))
    return {"resultType": "complete"}


async def cancel_task(context, params):
    task(params.task_id)["status"] = "cancelled"
    return {"resultType": "complete"}


class VendorParams(types.RequestParams):
    value: object = None


async def vendor(context, params):
    return {"value": params.value, "method": context.method}


# Lists and what they name

async def list_tools(context, params):
    return types.ListToolsResult.model_validate({"tools": offered.TOOLS})


async def list_prompts(context, params):
    # One page: of what Cordon judges the host gets one in any case.
    return types.ListPromptsResult.model_validate({"prompts": offered.PROMPTS})


async def get_prompt(context, params):
    found = offered.prompt(params.name, params.arguments)
    if found is None:
        raise MCPError(-32602, "no such prompt", {"name": params.name})
    if params.name == "plain" and Peer(context).is_modern and not params.input_responses:
        return types.InputRequiredResult.model_validate({
            "inputRequests": {"it": ROOTS}, "requestState": "prompt"})
    return types.GetPromptResult.model_validate(found)


async def list_resources(context, params):
    items, cursor = offered.page(offered.RESOURCES, params and params.cursor)
    return types.ListResourcesResult.model_validate({"resources": items, "nextCursor": cursor})


async def list_templates(context, params):
    return types.ListResourceTemplatesResult.model_validate({"resourceTemplates": offered.TEMPLATES})


async def read_resource(context, params):
    is_modern = Peer(context).is_modern
    found = offered.contents(params.uri)
    if found is None:
        raise MCPError(-32602 if is_modern else -32002, "Resource not found", {"uri": params.uri})
    if params.uri == "memo://two" and is_modern and not params.input_responses:
        return types.InputRequiredResult.model_validate({
            "inputRequests": {"it": form("accept")}, "requestState": "resource"})
    return types.ReadResourceResult.model_validate({"contents": [found]})


async def complete(context, params):
    return types.CompleteResult.model_validate({"completion": offered.completion(
        words(params.ref), words(params.argument), params.context and params.context.arguments)})


async def nothing(context, params):
    return types.EmptyResult()


async def unheard(context, params):
    pass


async def main():
    server = Server(
        "everything", version="2.0", instructions=offered.INSTRUCTIONS,
        on_list_tools=list_tools, on_call_tool=call_tool, on_list_resources=list_resources,
        on_list_resource_templates=list_templates, on_read_resource=read_resource,
        on_subscribe_resource=nothing, on_unsubscribe_resource=nothing,
        on_subscriptions_listen=ListenHandler(bus), on_list_prompts=list_prompts,
        on_get_prompt=get_prompt, on_completion=complete, on_set_logging_level=nothing,
        on_roots_list_changed=unheard)
    server.extensions = {offered.TASKS: {}, offered.VENDOR: {"versions": [1, 2]}}
    server.add_request_handler(offered.VENDOR, VendorParams, vendor)
    for method, handler in [("get", get_task), ("update", update_task), ("cancel", cancel_task)]:
        server.add_request_handler("tasks/" + method, TaskParams, handler)
    options = server.create_initialization_options(
        NotificationOptions(prompts_changed=True, resources_changed=True, tools_changed=True),
        experimental_capabilities={offered.VENDOR: {"versions": [1, 2]}})
    async with stdio_server() as (read, write):
        await server.run(read, write, options)


asyncio.run(main())
