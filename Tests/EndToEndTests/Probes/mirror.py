"""Answers by a book that its host gives it, and tells what it heard, byte for byte.

    x-test/book   book: the results of later requests as text, by method
    x-test/say    lines: written as they are, before the answer
    x-test/heard  the lines since the last time, as text

Every other request is answered from the book, with an error where the book does not have it and not
at all where the book has null.
"""

import json
import sys

import minimal

book, heard = {}, []


def answer(identifier, text):
    minimal.write(f'{{"jsonrpc": "2.0", "id": {json.dumps(identifier)}, {text}}}\n'.encode())


for line in sys.stdin.buffer:
    message = json.loads(line)
    method, identifier = message.get("method"), message.get("id")
    if method == "x-test/heard":
        answer(identifier, '"result": ' + json.dumps({"lines": heard}))
        heard = []
        continue
    if method == "x-test/book":
        book = message["params"]["book"]
        answer(identifier, '"result": {}')
        continue
    if method == "x-test/say":
        minimal.write("".join(said + "\n" for said in message["params"]["lines"]).encode())
        answer(identifier, '"result": {}')
        continue
    heard.append(line.rstrip(b"\n").decode())
    if method is not None and identifier is not None and book.get(method, "") is not None:
        answer(identifier, '"result": ' + book[method] if method in book
               else '"error": {"code": -32601, "message": "not in the book"}')
