"""Holds connections at once, says something else on each and hears it back: python3 many.py COUNT.

Prints on how many the words came back whole.
"""

import selectors
import socket
import sys


def main(count):
    socks, selector = {}, selectors.DefaultSelector()
    for number in range(count):
        sock = socket.create_connection(("several.ground.test", 8443), timeout=30)
        socks[sock] = (f"words of {number} " * 300).encode()
    # Only now that all of them are there.
    for sock, words in socks.items():
        sock.sendall(words)
        sock.setblocking(False)
        selector.register(sock, selectors.EVENT_READ, bytearray())
    whole = 0
    while selector.get_map():
        ready = selector.select(20)
        if not ready:
            break
        for key, _ in ready:
            data = key.fileobj.recv(65536)
            key.data.extend(data)
            expected = b"world\n" + socks[key.fileobj]
            if not data or len(key.data) >= len(expected):
                whole += bytes(key.data) == expected
                selector.unregister(key.fileobj)
    print(whole)


main(int(sys.argv[1]))
