"""Closes its standard output when it is called, and stays."""

import os
import time

import minimal


def act(identifier, arguments):
    os.close(1)
    time.sleep(3600)


minimal.serve(act)
