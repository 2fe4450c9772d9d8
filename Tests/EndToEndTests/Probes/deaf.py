"""Stops reading its input after the handshake."""

import time

import minimal


def stop():
    time.sleep(3600)


minimal.serve(lambda identifier, _: None, initialized=stop)
