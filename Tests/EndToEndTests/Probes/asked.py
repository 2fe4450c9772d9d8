"""Asks for what it is not given: the paths and commands that the arguments name, then calls.

    read PATH, write PATH, make PATH, run PATH, connect ADDRESS PORT, socket PATH
"""

import os
import socket
import subprocess
import sys

words = sys.argv[1:]
while words:
    act, path = words.pop(0), words.pop(0)
    try:
        if act == "read":
            open(path).close()
        elif act == "write":
            open(path, "w").close()
        elif act == "make":
            os.mkdir(path)
        elif act == "run":
            subprocess.run([path], check=False)
        elif act == "connect":
            socket.create_connection((path, int(words.pop(0))), timeout=2).close()
        elif act == "socket":
            with socket.socket(socket.AF_UNIX) as local:
                local.connect(path)
        print(act, path, "done", file=sys.stderr)
    except OSError as error:
        print(act, path, error.strerror, file=sys.stderr)
