#!/usr/bin/env python3
"""How Python reads each line of a file: `reading.py FILE` writes FILE.python, one line for each.

A value is written so that every reader can write the same: n, t, f; d and the bits of a number as the
double that it is nearest to (zeros alike); s and a string's UTF-8 in hexadecimal; [a,b]; {key:value}
in the order of the keys' bytes. Prints how many lines there are for readers that split otherwise.
"""

import io
import json
import struct
import sys


def double(number):
    try:
        value = float(number)
    except OverflowError:
        value = float("inf") if number > 0 else float("-inf")
    return "d" + struct.pack(">d", value + 0.0).hex()


def pairs(members):
    keys = [key for key, _ in members]
    if len(set(keys)) != len(keys):
        raise ValueError(f"a key twice: {keys}")
    return dict(members)


def form(value):
    if isinstance(value, str):
        return "s" + value.encode().hex()
    if isinstance(value, bool):
        return "t" if value else "f"
    if value is None:
        return "n"
    if isinstance(value, (int, float)):
        return double(value)
    if isinstance(value, list):
        return "[" + ",".join(map(form, value)) + "]"
    members = sorted((key.encode().hex(), form(member)) for key, member in value.items())
    return "{" + ",".join(f"{key}:{member}" for key, member in members) + "}"


path = sys.argv[1]
with open(path, "rb") as file:
    data = file.read()
lines = data.split(b"\n")[:-1]
with open(path + ".python", "w") as output:
    for line in lines:
        output.write(form(json.loads(line.decode(), object_pairs_hook=pairs)) + "\n")
text = data.decode()
print(json.dumps({
    "newlines": len(lines),
    "splitlines": len(text.splitlines()),
    "bytes": len(data.splitlines()),
    "universal": sum(1 for _ in io.StringIO(text, newline=None)),
}))
