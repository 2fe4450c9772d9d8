#!/usr/bin/env python3
"""A client or a server that says what a script says, byte for byte, when it is its turn.

    scripted.py SCRIPT                   the server
    scripted.py SCRIPT COMMAND …         the host, with the server that it starts

A script has one message on a line: `> ` before what the host says, `< ` before what the server says; `#`
begins a comment. Each side says its next message once it has read as many as come before it. A server
answers Cordon's own requests for its lists as the script answers the host's, whenever they come; where
the script has the host's request, one of Cordon's stands for it.
"""

import json
import subprocess
import sys


# What Cordon asks for itself.
LISTS = ("tools/list", "prompts/list", "resources/templates/list")


def messages(path):
    with open(path, encoding="utf-8") as script:
        for line in script:
            if line[:2] in ("> ", "< "):
                yield line[0], line[2:].rstrip("\n")


class Server:
    def __init__(self, script):
        self.turns = list(messages(script))
        parsed = [(speaker, json.loads(text)) for speaker, text in self.turns]
        lists = {json.dumps(m["id"]): m["method"] for s, m in parsed
                 if s == ">" and m.get("method") in LISTS}
        self.is_list = [json.dumps(m.get("id")) in lists for _, m in parsed]
        self.answers = {lists[json.dumps(m["id"])]: text
                        for (speaker, text), (_, m), is_list in
                        zip(reversed(self.turns), reversed(parsed), reversed(self.is_list))
                        if is_list and speaker == "<"}
        self.is_contained = False

    def run(self):
        """The turns of the host's lists stand still once Cordon asks instead."""
        for (speaker, text), is_list in zip(self.turns, self.is_list):
            if speaker == "<":
                if not (is_list and self.is_contained):
                    self.say(text)
                continue
            if is_list and self.is_contained:
                continue
            while self.is_cordons(line := self.read(text)):
                self.is_contained = True
                self.say(self.answer(line))
                if is_list:
                    break

    def read(self, text):
        line = sys.stdin.buffer.readline()
        if not line:
            sys.exit(f"the host has ended before: {text}")
        return json.loads(line)

    def say(self, text):
        sys.stdout.buffer.write(text.encode() + b"\n")
        sys.stdout.buffer.flush()

    def is_cordons(self, message):
        return str(message.get("id", "")).startswith("cordon")

    def answer(self, message):
        """The script's answer under another id, which stands in its first place."""
        answer = self.answers[message["method"]]
        was = json.dumps(json.loads(answer)["id"])
        return answer.replace(f'"id":{was}', f'"id":{json.dumps(message["id"])}', 1)


def host(script, command):
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    for speaker, text in messages(script):
        if speaker == ">":
            process.stdin.write(text.encode() + b"\n")
            process.stdin.flush()
        elif not process.stdout.readline():
            sys.exit(f"the server has ended before: {text}")
    process.stdin.close()
    rest = process.stdout.read()
    if rest:
        sys.exit(f"the server says more: {rest}")
    process.wait()


if len(sys.argv) > 2:
    host(sys.argv[1], sys.argv[2:])
else:
    server = Server(sys.argv[1])
    server.run()
    # Cordon may still ask for the list.
    for line in sys.stdin.buffer:
        message = json.loads(line)
        if server.is_cordons(message):
            server.say(server.answer(message))
