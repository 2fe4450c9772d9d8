"""What the servers of both generations offer, as it stands on the wire, and what their tools do."""

import json

INSTRUCTIONS = "Use every tool at least once.\nThen use it again."
TASKS = "io.modelcontextprotocol/tasks"
VENDOR = "com.example/echo"

# Every reader must find one line: the separators of U+0085, U+2028 and U+2029 are escaped by Cordon.
SEPARATORS = "next line \u0085, line separator \u2028, paragraph separator \u2029"
WORDS = "plain, \"quoted\", back\\slash, tab\t, line\nfeed, ünï çödé, \u4f60\u597d, \U0001f9f5, \u007f, \u200b"
NUMBERS = [0, -1, 2**53 + 1, 1e100, 0.1, -2.5e-7, 123456789012345678901234567890]

ANYTHING = {"type": "object", "additionalProperties": True}
NOTHING = {"type": "object", "properties": {}, "additionalProperties": False}


def tool(name, description, schema=NOTHING, **more):
    return {"name": name, "description": description, "inputSchema": schema, **more}


TOOLS = [
    tool("echo", "Gives back its arguments. " + WORDS, ANYTHING, title="Echo",
         outputSchema={"type": "object"}, annotations={"readOnlyHint": True, "title": "Echo"},
         _meta={"com.example/colour": "blue", "com.example/numbers": [1, 1.5, 1e30]}),
    tool("fail", "Fails, as a tool does.", annotations={"destructiveHint": True}),
    tool("count", "Reports progress.", {"type": "object", "properties": {"steps": {"type": "integer"}}}),
    tool("speak", "Logs at every level."),
    tool("sample", "Asks for a message of a model."),
    tool("sample_with_tools", "Asks for a message of a model that may use tools."),
    tool("ask", "Asks the user for something.",
         {"type": "object", "properties": {"what": {"enum": ["accept", "decline", "cancel"]}}}),
    tool("visit", "Sends the user to a page."),
    tool("authorize", "Needs the user to visit a page first."),
    tool("roots", "Asks for the roots."),
    tool("ping", "Pings the client."),
    tool("touch", "Tells that a resource has changed."),
    tool("change", "Tells that every list has changed."),
    tool("wait", "Waits until it is cancelled."),
    tool("work", "Works as a task.", {"type": "object", "properties": {"hold": {"type": "boolean"}}},
         execution={"taskSupport": "optional"}),
    tool("proceed", "Lets a task go on."),
    tool("several", "Asks for several things, in several rounds."),
]
PROMPTS = [
    {"name": "greet", "title": "Greet", "description": "Greets somebody.",
     "arguments": [{"name": "who", "description": "Whom.", "required": True}, {"name": "how"}]},
    {"name": "plain", "description": "Has no arguments."},
    {"name": "picture", "description": "Contains a picture and a resource."},
]
RESOURCES = [
    {"uri": "memo://one", "name": "one", "title": "One", "mimeType": "text/plain", "size": 3,
     "annotations": {"audience": ["user"], "priority": 0.5}},
    {"uri": "memo://two", "name": "two", "mimeType": "application/octet-stream"},
    {"uri": "memo://three", "name": "three", "description": WORDS},
]
TEMPLATES = [
    {"uriTemplate": "memo://{name}", "name": "memo", "description": "Any memo.", "mimeType": "text/plain"},
]
PAGE = 2


def page(items, cursor):
    """A page and the next cursor; that of the second page is empty, which is a cursor like any other."""
    cursors = {None: 0, "": PAGE}
    start = cursors[cursor]
    return items[start:start + PAGE], "" if start == 0 and len(items) > PAGE else None


def prompt(name, arguments):
    """None for an unknown one."""
    if name == "greet":
        text = f"Say hello to {(arguments or {}).get('who', 'somebody')}. {SEPARATORS}"
        return {"description": "A greeting.", "messages": [
            {"role": "user", "content": {"type": "text", "text": text}},
            {"role": "assistant", "content": {"type": "text", "text": "Hello."}}]}
    if name == "plain":
        return {"messages": [{"role": "user", "content": {"type": "text", "text": "Plain."}}]}
    if name == "picture":
        return {"messages": [
            {"role": "user", "content": {"type": "image", "data": "iVBORw0KGgo=", "mimeType": "image/png"}},
            {"role": "user", "content": {"type": "resource", "resource": {
                "uri": "memo://one", "text": "one", "mimeType": "text/plain"}}}]}
    return None


def contents(uri):
    """None for an unknown one."""
    if uri == "memo://one":
        return {"uri": uri, "mimeType": "text/plain", "text": "one: " + WORDS}
    if uri == "memo://two":
        return {"uri": uri, "mimeType": "application/octet-stream", "blob": "AAECAwT/"}
    return None


def completion(ref, argument, context):
    values = [argument["value"] + end for end in ("", "a", "b")]
    if context:
        values += [f"{name}={value}" for name, value in context.items()]
    return {"values": values, "total": len(values), "hasMore": ref["type"] == "ref/prompt"}


MESSAGES = [{"role": "user", "content": {"type": "text", "text": "Two and two? " + WORDS}}]
QUESTION = {"type": "object", "properties": {
    "name": {"type": "string", "title": "Name", "minLength": 1},
    "age": {"type": "integer", "minimum": 0}, "mail": {"type": "string", "format": "email"},
    "sure": {"type": "boolean", "default": False},
    "colour": {"type": "string", "enum": ["red", "green"]}}, "required": ["name"]}
PAGE_TO_VISIT = "https://example.com/visit?state=%20x&y=1"
LEVELS = ["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"]


def text(value, **more):
    written = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return {"content": [{"type": "text", "text": written}], **more}


async def call(peer, name, arguments):
    """A tool's result; None for a tool that the server's own file has. `peer` is the client as a server
    of that generation sees it."""
    if name == "echo":
        return text(arguments, structuredContent=arguments)
    if name == "fail":
        return text("It has failed. " + SEPARATORS, isError=True)
    if name == "count":
        steps = arguments.get("steps", 3)
        for step in range(steps):
            await peer.progress(step + 0.5, steps, f"step {step}")
        return text(f"{steps} steps")
    if name == "speak":
        for level in LEVELS:
            await peer.log(level, {"level": level, "words": WORDS}, "everything")
        await peer.log("info", SEPARATORS, None)
        return text("spoken")
    if name == "ping":
        await peer.ping()
        return text("pinged")
    if name == "touch":
        await peer.updated("memo://one")
        await peer.updated("memo://three")
        return text("touched")
    if name == "change":
        for kind in ("tools", "prompts", "resources"):
            await peer.changed(kind)
        return text("changed")
    if name == "wait":
        await peer.log("info", "waiting", "everything")
        await peer.forever()
    return None
