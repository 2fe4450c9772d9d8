"""Writes notifications without end once it is called."""

import minimal


def act(identifier, arguments):
    minimal.text(identifier, "here it comes")
    line = b'{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"%s"}}\n'
    line %= b"x" * 8000
    while True:
        minimal.write(line)


minimal.serve(act)
