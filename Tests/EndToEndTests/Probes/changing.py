"""A server of either era that becomes what its host tells it to be, while it runs.

    x-test/be     members of what it is: pages of its lists by method, "capabilities", "instructions",
                  "contents" by URI; "behind" is what it becomes once it has given a first page
    x-test/tell   lines: written as they are, before the answer
"""

import json
import sys

import minimal

LISTS = {"tools/list": "tools", "prompts/list": "prompts",
         "resources/templates/list": "resourceTemplates", "resources/list": "resources"}
is_ = {
    "tools/list": [[{"name": "act", "inputSchema": {"type": "object"}}],
                   [{"name": "chart", "inputSchema": {"type": "object"},
                     "_meta": {"ui": {"resourceUri": "ui://chart"}}}]],
    "prompts/list": [[{"name": "greet", "description": "Says hello."}], [{"name": "part"}]],
    "resources/templates/list": [[{"name": "memo", "uriTemplate": "memo://{name}"}]],
    "resources/list": [[{"name": "one", "uri": "memo://one"}], [{"name": "two", "uri": "memo://two"}]],
    "capabilities": {"tools": {}, "prompts": {}, "resources": {}, "completions": {}, "logging": {}},
    "instructions": "Be kind.",
    "contents": {"ui://chart": [{"uri": "ui://chart", "text": "<p>chart</p>"}]},
}


def page(method, params, is_modern):
    number = int(params.get("cursor", "0"))
    pages = is_[method]
    answer = {LISTS[method]: pages[number]}
    if number + 1 < len(pages):
        answer["nextCursor"] = str(number + 1)
    if is_modern:
        answer.update(resultType="complete", ttlMs=60000, cacheScope="public")
    if "behind" in is_:
        is_.update(is_.pop("behind"))
    return answer


def answer(method, params):
    is_modern = "io.modelcontextprotocol/protocolVersion" in params.get("_meta", {})
    if method in LISTS:
        return page(method, params, is_modern)
    if method == "initialize":
        return {"protocolVersion": params["protocolVersion"], "capabilities": is_["capabilities"],
                "serverInfo": {"name": "changing", "version": "1"}, "instructions": is_["instructions"]}
    if method == "server/discover":
        return {"resultType": "complete", "supportedVersions": ["2026-07-28"], "ttlMs": 1000,
                "cacheScope": "public", "capabilities": is_["capabilities"],
                "instructions": is_["instructions"]}
    if method == "tools/call":
        return {"content": [{"type": "text", "text": "done"}], "isError": False}
    if method == "prompts/get":
        return {"messages": [{"role": "user", "content": {"type": "text", "text": "hello"}}]}
    if method == "completion/complete":
        return {"completion": {"values": ["x"]}}
    if method == "resources/read":
        uri = params["uri"]
        return {"contents": is_["contents"].get(uri, [{"uri": uri, "text": "memo"}])}
    if method == "x-test/be":
        is_.update(params["be"])
        return {}
    if method == "x-test/tell":
        minimal.write("".join(line + "\n" for line in params["lines"]).encode())
        return {}
    return None


for line in sys.stdin.buffer:
    message = json.loads(line)
    if "method" not in message or "id" not in message:
        continue
    if message["method"] == "subscriptions/listen":
        minimal.send({"jsonrpc": "2.0", "method": "notifications/subscriptions/acknowledged", "params": {
            "_meta": {"io.modelcontextprotocol/subscriptionId": message["id"]},
            "notifications": message["params"]["notifications"]}})
        continue
    result = answer(message["method"], message.get("params", {}))
    if result is None:
        minimal.send({"jsonrpc": "2.0", "id": message["id"],
                      "error": {"code": -32601, "message": "unknown method"}})
    else:
        minimal.result(message["id"], result)
