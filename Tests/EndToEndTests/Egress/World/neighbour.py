"""What stands on the machine itself and is not for a sandbox: python3 neighbour.py FOLDER.

Port 8443 of every own address, 5433 of the loopback, FOLDER/socket and the abstract socket
`ground-of-the-tests`.
"""

import os
import socket
import sys
import threading


def serve(sock):
    while True:
        connection, _ = sock.accept()
        with connection:
            connection.sendall(b"machine\n")


def main(folder):
    path = folder + "/socket"
    if os.path.exists(path):
        os.unlink(path)
    socks = [
        socket.create_server(("", 8443), family=socket.AF_INET6, dualstack_ipv6=True),
        socket.create_server(("127.0.0.1", 5433)),
        socket.create_server(("::1", 5433), family=socket.AF_INET6),
    ]
    for address in (path, "\0ground-of-the-tests"):
        sock = socket.socket(socket.AF_UNIX)
        sock.bind(address)
        sock.listen(64)
        socks.append(sock)
    os.chmod(path, 0o666)
    for sock in socks:
        threading.Thread(target=serve, args=[sock], daemon=True).start()
    threading.Event().wait()


main(sys.argv[1])
