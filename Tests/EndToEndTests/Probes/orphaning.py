"""Leaves as many orphans as the call says, each of which ends at once."""

import os

import minimal


def act(identifier, arguments):
    for _ in range(arguments["count"]):
        if (child := os.fork()) == 0:
            if os.fork() == 0:
                os._exit(7)
            os._exit(0)
        os.waitpid(child, 0)
    minimal.text(identifier, "done")


minimal.serve(act)
