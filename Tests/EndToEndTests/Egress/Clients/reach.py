"""Connects to places and tells who answered there: python3 reach.py [--only] "HOST PORT"…

A line for each: the place, a tabulator, and "world", "machine" or how it failed. With --only there is
one place and no more than the answer, and a failure is the program's.
"""

import errno
import socket
import ssl
import sys
from concurrent.futures import ThreadPoolExecutor


def answer(place):
    host, port = place.split(" ")
    with socket.create_connection((host, int(port)), timeout=10) as sock:
        if port == "443":
            sock = ssl.create_default_context().wrap_socket(sock, server_hostname=host)
            sock.sendall(f"GET /hello HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        data = b""
        while b"world" not in data and b"machine" not in data:
            more = sock.recv(4096)
            if not more:
                return "closed"
            data += more
        return "world" if b"world" in data else "machine"


def outcome(place):
    try:
        return answer(place)
    except socket.gaierror as error:
        return "missing" if error.errno in (socket.EAI_NONAME, socket.EAI_NODATA) else str(error)
    except TimeoutError:
        return "timeout"
    except OSError as error:
        return errno.errorcode.get(error.errno, str(error))


def main(places):
    if places[0] == "--only":
        print(answer(places[1]))
        return
    with ThreadPoolExecutor(8) as pool:
        for place, word in zip(places, pool.map(outcome, places)):
            print(place, word, sep="\t")


main(sys.argv[1:])
