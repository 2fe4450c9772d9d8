"""Looks names up through the C library: python3 resolve.py NAME… (see resolve.mjs for the lines)."""

import socket
import sys

for name in sys.argv[1:]:
    try:
        found = {entry[4][0] for entry in socket.getaddrinfo(name, 443, type=socket.SOCK_STREAM)}
        print(name, *sorted(found))
    except socket.gaierror as error:
        missing = error.errno in (socket.EAI_NONAME, socket.EAI_NODATA)
        print(name, "missing" if missing else f"failed {error.errno} {error.strerror}")
