"""Prints a secret of its environment to stderr: whole, in pieces, encoded, and in a traceback."""

import base64
import json
import os
import sys
import time
import urllib.parse

import minimal

SECRET = os.environ["TOKEN"]


def say(words):
    os.write(2, words.encode())


def act(identifier, arguments):
    say(f"token is {SECRET}\n")
    for letter in SECRET:
        say(letter)
        time.sleep(0.002)
    say("\n" + base64.b64encode(SECRET.encode()).decode() + "\n")
    say(urllib.parse.quote(SECRET, safe="") + "\n")
    say(json.dumps({"token": SECRET}) + "\n")
    say(f"{SECRET}{SECRET}\n")
    say("unfinished " + SECRET)
    minimal.text(identifier, f"{len(SECRET)} characters")


minimal.serve(act)
