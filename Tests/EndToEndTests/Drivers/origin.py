#!/usr/bin/env python3
"""Finds for each line that arrived the line that was sent: `origin.py SENT RECEIVED host|server`.

A line passes with white space for its control characters and escapes for the line ends that only some
readers see, and no other byte changed; of a batch each element passes by itself. Prints how many lines
passed, how many of them changed, what is Cordon's own by its kind, and the first that are neither.
"""

import collections
import json
import re
import sys

SEPARATORS = {b"\xc2\x85": b"\\u0085", b"\xe2\x80\xa8": b"\\u2028", b"\xe2\x80\xa9": b"\\u2029"}
CHANGES = re.compile(b"[\x00-\x1f]|\xc2\x85|\xe2\x80[\xa8\xa9]")


def one_line(data):
    return CHANGES.sub(lambda found: SEPARATORS.get(found[0], b" "), data)


def elements(line):
    """A batch's elements as they stand; nothing where it is no batch."""
    text = line.decode("utf-8", "replace").lstrip(" \t\r")
    if not text.startswith("["):
        return
    decoder, at = json.JSONDecoder(), 1
    space = re.compile(r"[ \t\r,]*")
    while True:
        at = space.match(text, at).end()
        try:
            _, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return
        yield text[at:end].encode()
        at = end


def own(line, receiver):
    """What kind of Cordon's own messages this is; None where it is none."""
    message = json.loads(line)
    if "error" in message and "method" not in message:
        return f"error {message['error']['code']}"
    if receiver == "server" and message.get("method") == "tools/list" and "cordon-" in str(message["id"]):
        return "tools/list"
    if receiver == "host" and message.get("result", {}).get("isError") is True:
        return "no call"
    return None


def main(sent_path, received_path, receiver):
    sent = open(sent_path, "rb").read().split(b"\n")[:-1]
    received = open(received_path, "rb").read().split(b"\n")[:-1]
    places = collections.defaultdict(collections.deque)
    raw = set()
    for number, line in enumerate(sent):
        line = line[:-1] if line.endswith(b"\r") else line
        raw.add(line)
        places[one_line(line)].append(number)
        for element in elements(line):
            raw.add(element)
            places[one_line(element)].append(number)
    passed = changed = 0
    last = -1
    kinds, strange = collections.Counter(), []
    for line in received:
        numbers = places.get(line)
        # In the order in which they were sent.
        while numbers and numbers[0] < last:
            numbers.popleft()
        if numbers:
            last = numbers.popleft()
            passed += 1
            changed += line not in raw
        elif kind := own(line, receiver):
            kinds[kind] += 1
        elif not is_the_plays(line, receiver):
            strange.append(line[:300].decode("utf-8", "replace"))
    print(json.dumps({
        "sent": len(sent), "passed": passed, "changed": changed, "own": dict(kinds),
        "strange": strange[:5]}))


def is_the_plays(line, receiver):
    """Part of the play around the hostile lines: what the other side sent while it behaved."""
    message = json.loads(line)
    if receiver == "server":
        return message.get("method") in {
            "initialize", "notifications/initialized", "tools/list", "tools/call", "ping", "x/wait",
            "notifications/turn"} or message.get("result") == {}
    # The requests that are answered in a hostile way have ids of their own.
    return message.get("method") == "notifications/done" or (
        isinstance(message.get("result"), dict) and not str(message["id"]).startswith("w\u2028"))


main(*sys.argv[1:])
