"""Says goodbye when it is asked to end."""

import os
import signal

import minimal


def leave(number, frame):
    os.write(2, b"goodbye\n")
    os._exit(0)


signal.signal(signal.SIGTERM, leave)
minimal.serve(lambda identifier, _: None)
