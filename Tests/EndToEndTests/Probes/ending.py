"""Ends as the call says, with an exit status or by a signal, and leaves a grandchild behind."""

import os
import time

import minimal


def act(identifier, arguments):
    if os.fork() == 0:
        os.setsid()
        time.sleep(3600)
    if "signal" in arguments:
        os.kill(os.getpid(), arguments["signal"])
        time.sleep(10)
    os._exit(arguments["status"])


minimal.serve(act)
