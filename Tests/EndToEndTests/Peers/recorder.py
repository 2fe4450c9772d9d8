#!/usr/bin/env python3
"""Runs a command between its own standard input and output and keeps what passes.

    recorder.py FOLDER -- COMMAND …

The bytes are passed on as they come: to the command and into FOLDER/to-server, from the command and
into FOLDER/to-host. They are kept before they are passed on, so that nothing that arrived is missing.
"""

import os
import selectors
import subprocess
import sys


def write(descriptor, data):
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view):]


def main():
    folder, command = sys.argv[1], sys.argv[sys.argv.index("--") + 1:]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    flows = selectors.DefaultSelector()
    for source, target, name in [(0, process.stdin, "to-server"), (process.stdout, 1, "to-host")]:
        record = os.open(f"{folder}/{name}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        flows.register(source, selectors.EVENT_READ, (record, target))
    while flows.get_map():
        for key, _ in flows.select():
            record, target = key.data
            data = os.read(key.fd, 1 << 16)
            try:
                write(record, data)
                if data:
                    write(target if target == 1 else target.fileno(), data)
                    continue
            except BrokenPipeError:
                pass
            flows.unregister(key.fileobj)
            if target != 1:
                target.close()
            else:
                os.close(1)
    sys.exit(process.wait() % 256)


main()
