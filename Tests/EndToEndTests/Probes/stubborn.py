"""Ignores end of input and SIGTERM, and leaves a grandchild in a session of its own."""

import os
import signal
import time

import minimal

for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGPIPE):
    signal.signal(number, signal.SIG_IGN)


def live_on():
    while True:
        time.sleep(3600)


reader, writer = os.pipe()
if os.fork() == 0:
    os.setsid()
    if (grandchild := os.fork()) == 0:
        os.closerange(0, 3)
        os.close(writer)
        live_on()
    os.write(writer, str(grandchild).encode())
    os._exit(0)
os.wait()
GRANDCHILD = os.read(reader, 20).decode()

minimal.serve(lambda identifier, _: minimal.text(identifier, GRANDCHILD))
live_on()
