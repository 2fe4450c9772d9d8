"""The servers of the world behind the gateway, in one process: python3 world.py FOLDER.

Names on port 53, HTTP on 80, HTTPS on 443; on the other ports, and to whoever speaks no TLS on 443,
"world" and then whatever was said.
"""

import socket
import ssl
import struct
import sys
import threading

import names
import web

STREAMS = (25, 853, 4444, 8443, 9418)
DATAGRAMS = (123, 443, 5353, 9999)
IP_PKTINFO, IPV6_FREEBIND, IPPROTO_UDPLITE = 8, 78, 136


class Reply:
    """Datagrams are answered from the address that was asked."""

    @staticmethod
    def receive(sock):
        data, ancillary, _, peer = sock.recvmsg(65535, 512)
        return data, peer, ancillary[0] if ancillary else None

    @staticmethod
    def send(sock, data, peer, info):
        level, kind, value = info
        if level == socket.IPPROTO_IP:
            _, _, asked = struct.unpack("i4s4s", value)
            value = struct.pack("i4s4s", 0, asked, bytes(4))
        else:
            value = value[:16] + struct.pack("i", 0)
        sock.sendmsg([data], [(level, kind, value)], 0, peer)


def start(work, *arguments):
    threading.Thread(target=work, args=arguments, daemon=True).start()


def guarded(serve, *arguments):
    try:
        serve(*arguments)
    except (OSError, ssl.SSLError, ValueError):
        pass


def listen(port, serve):
    for family, address in ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")):
        sock = socket.socket(family, socket.SOCK_STREAM)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_FASTOPEN, 16)
        sock.bind((address, port))
        sock.listen(512)
        start(accept, sock, serve)


def accept(sock, serve):
    while True:
        connection, peer = sock.accept()
        connection.settimeout(30)
        start(guarded, serve, connection, peer)


def datagrams(port, serve, protocol=0):
    for family, address in ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")):
        try:
            sock = socket.socket(family, socket.SOCK_DGRAM, protocol)
        except OSError:
            continue  # a kernel without UDP-Lite
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
            # The addresses are routes, not addresses of an interface.
            sock.setsockopt(socket.IPPROTO_IPV6, IPV6_FREEBIND, 1)
        else:
            sock.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)
        sock.bind((address, port))
        start(serve, sock)


def echo_datagrams(sock):
    while True:
        data, peer, info = Reply.receive(sock)
        guarded(Reply.send, sock, b"world " + data, peer, info)


def echo(connection, _):
    with connection:
        connection.sendall(b"world\n")
        while data := connection.recv(65536):
            connection.sendall(data)


def main(folder):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{folder}/server.crt", f"{folder}/server.key")
    context.set_alpn_protocols(["http/1.1"])
    handler = type("Handler", (web.Handler,), {"folder": folder})
    zone = names.Zone()

    def plain(connection, peer):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with connection:
            handler(connection, peer, None)

    def secure(connection, peer):
        if connection.recv(1, socket.MSG_PEEK)[:1] != b"\x16":
            return echo(connection, peer)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with context.wrap_socket(connection, server_side=True) as wrapped:
            handler(wrapped, peer, None)

    listen(80, plain)
    listen(443, secure)
    listen(53, lambda connection, _: names.serve_stream(zone, connection))
    for port in STREAMS:
        listen(port, echo)
    datagrams(53, lambda sock: names.serve_datagrams(zone, sock, Reply))
    for port in DATAGRAMS:
        datagrams(port, echo_datagrams)
    datagrams(9999, echo_datagrams, IPPROTO_UDPLITE)
    threading.Event().wait()


main(sys.argv[1])
