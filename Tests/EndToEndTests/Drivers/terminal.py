#!/usr/bin/env python3
"""Runs a command in a terminal of its own and types into it.

    terminal.py SECONDS TYPED… -- COMMAND…

Each word of TYPED is typed, as it is, once the command has said nothing for a moment. What the terminal showed
goes to standard output; the status is the command's own, or 124 when the time was over.
"""

import os
import pty
import select
import sys
import time

QUIET = 0.4


def main():
    split = sys.argv.index("--")
    seconds, typed, command = float(sys.argv[1]), sys.argv[2:split], sys.argv[split + 1:]
    child, terminal = pty.fork()
    if child == 0:
        os.execv(command[0], command)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        ready, _, _ = select.select([terminal], [], [], QUIET)
        if ready:
            try:
                data = os.read(terminal, 65536)
            except OSError:
                data = b""
            if not data:
                break
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        elif typed:
            os.write(terminal, typed.pop(0).encode())
    else:
        os.kill(child, 9)
        os.waitpid(child, 0)
        return 124
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    sys.exit(main())
