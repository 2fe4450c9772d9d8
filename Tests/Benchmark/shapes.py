"""Tool results of 16 MB, one for each shape that results have; and lists of tools."""

import base64
import json
import random

SIZE = 16_000_000
WORDS = ("the of and a to in he have it that for they with as not on she at by this we you do but from or"
         " which one would all will there say who make when can more if no man out other so what time up go"
         " about than into could state only new year some take come these know see use get like then first"
         " any work now may such give over think most even find day also after way many must look before"
         " great back through long where much should well people down own just because good each those feel"
         " seem how high too place little world very still nation hand old life tell write become here"
         " show house both between need mean call develop under last right move thing general school never").split()


def message(result):
    return json.dumps({"jsonrpc": "2.0", "id": 7, "result": result}, ensure_ascii=False,
                      separators=(",", ":")).encode()


def text(characters):
    return message({"content": [{"type": "text", "text": characters}]})


def filled(piece):
    pieces, size = [], 0
    while size < SIZE:
        pieces.append(piece(len(pieces)))
        size += len(pieces[-1] if isinstance(pieces[-1], str) else json.dumps(pieces[-1]))
    return pieces


def make():
    """The name and the bytes of each."""
    chance = random.Random(4)

    def words(count):
        return " ".join(chance.choices(WORDS, k=count))

    def row(number):
        return {"id": number, "name": f"{words(1)}{number}", "ok": chance.random() < 0.5,
                "value": round(chance.random() * 1000, 2), "tags": words(2).split()}

    def match(_):
        return {"path": f"/src/{words(1)}/{words(1)}.py", "line": chance.randrange(1, 900),
                "text": "\n".join(words(chance.randrange(3, 12)) for _ in range(2))}

    def issue(number):
        return {"number": number, "title": words(6), "state": "open", "comments": chance.randrange(40),
                "user": {"login": words(1), "id": chance.randrange(10**6), "site_admin": False},
                "labels": [{"name": words(1), "color": "d73a4a"} for _ in range(chance.randrange(3))],
                "assignee": None, "created_at": "2026-03-01T12:00:00Z", "body": words(20)}

    def line(number):
        return f'    if {words(1)}[{number}] != "{words(1)}":\n        return {words(1)}({words(2)!r})\n'

    yield "base64", text(base64.b64encode(chance.randbytes(SIZE * 3 // 4)).decode())
    yield "prose", text("".join(filled(lambda _: words(12) + ".\n")))
    yield "code", text("".join(filled(line)))
    yield "JSON as text", text(json.dumps(filled(row), indent=2))
    yield "CJK", text("".join(chr(chance.randrange(0x4E00, 0x9FA5)) for _ in range(SIZE // 3)))
    yield "search results", message({"structuredContent": {"matches": filled(match)}})
    yield "issues, nested", message({"structuredContent": {"issues": filled(issue)}})
    yield "rows", message({"structuredContent": {"rows": filled(row)}})
    yield "map of many keys", message(
        {"structuredContent": {f"{words(1)}-{number}": number for number in range(SIZE // 21)}})


def tools(count, changed=None):
    """A tools/list result as the official SDK for Python writes one: each tool has about 1 kB with nested
    schemas, as those of the reference servers for git and time have. `changed`: whose words differ."""
    chance = random.Random(7)

    def words(number):
        return " ".join(chance.choices(WORDS, k=number))

    def field(kind, **more):
        return {"description": words(9).capitalize() + ".", **more, "title": words(2).title(), "type": kind}

    def tool(number):
        name = f"{words(1)}_{words(1)}_{number}"
        description = words(18).capitalize() + "."
        if number == changed:
            description += " And more."
        nested = {"properties": {"path": field("string"), "lines": field("integer", default=3, minimum=0),
                                 "mode": {"enum": ["added", "removed", "both"], "type": "string"}},
                  "required": ["path"], "title": "Selection", "type": "object"}
        properties = {"repo_path": field("string"), "max_count": field("integer", default=10),
                      "selection": {"anyOf": [{"items": nested, "type": "array"}, {"type": "null"}],
                                    "default": None}}
        return {"name": name, "description": description,
                "inputSchema": {"properties": properties, "required": ["repo_path"],
                                "title": name.title(), "type": "object"},
                "annotations": {"readOnlyHint": True, "destructiveHint": False,
                                "idempotentHint": True, "openWorldHint": False}}

    return json.dumps({"tools": [tool(number) for number in range(count)]}, separators=(",", ":"))
