"""A program of the machine's that listens on a Unix socket, and answers `pong` to whoever connects.

Arguments: the sockets' paths. It ends with its standard input.
"""

import os
import select
import socket
import sys

listeners = []
for path in sys.argv[1:]:
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    os.chmod(path, 0o666)
    listener.listen()
    listeners.append(listener)
print('{"ready": true}', flush=True)
while True:
    for ready in select.select([sys.stdin, *listeners], [], [])[0]:
        if ready is sys.stdin:
            sys.exit()
        client = ready.accept()[0]
        with client:
            client.settimeout(5)
            try:
                client.recv(4)
                client.sendall(b"pong")
            except OSError:
                pass
