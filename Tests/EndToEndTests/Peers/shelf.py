"""A server that offers what a file says, byte for byte, and reads the file again for every answer.

The file has the pages of each method's result as text, `{"tools/list": ["{…}", "{…}"]}`; an object in
place of the list has pages by the parameter `uri` or `name`. `x-test/say` sends the notifications that it
is given, in the words of either era.
"""

import json
import sys

META = "io.modelcontextprotocol/"
path = sys.argv[1]
subscriptions = []


def write(text):
    sys.stdout.buffer.write(text.encode() + b"\n")
    sys.stdout.buffer.flush()


def notify(method, params=None):
    message = {"jsonrpc": "2.0", "method": method}
    if params:
        message["params"] = params
    write(json.dumps(message))


def listen(identifier, params):
    subscriptions.append(identifier)
    notify("notifications/subscriptions/acknowledged", {
        "notifications": params.get("notifications", {}),
        "_meta": {META + "subscriptionId": identifier}})


def say(methods):
    for method in methods:
        if subscriptions:
            for identifier in subscriptions:
                notify(method, {"_meta": {META + "subscriptionId": identifier}})
        else:
            notify(method)


def page(method, params):
    """None where the file has nothing for it."""
    with open(path, encoding="utf-8") as file:
        pages = json.load(file).get(method)
    if isinstance(pages, dict):
        pages = pages.get(params.get("uri", params.get("name")))
    number = int(params.get("cursor", "0"))
    return pages[number] if pages is not None and number < len(pages) else None


def main():
    for line in sys.stdin.buffer:
        message = json.loads(line)
        method, identifier = message.get("method"), message.get("id")
        params = message.get("params") or {}
        if method is None or identifier is None:
            continue
        name = json.dumps(identifier)
        if method == "subscriptions/listen":
            listen(identifier, params)
        elif method == "x-test/say":
            say(params["methods"])
            write(f'{{"jsonrpc":"2.0","id":{name},"result":{{}}}}')
        elif (text := page(method, params)) is not None:
            write(f'{{"jsonrpc":"2.0","id":{name},"result":{text}}}')
        else:
            write(f'{{"jsonrpc":"2.0","id":{name},"error":{{"code":-32601,"message":"not offered"}}}}')


main()
