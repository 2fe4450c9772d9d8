"""What every way out has in common: the table, the words for an outcome, and how to talk.

A way takes its canary, a word that is its own and that it sends with whatever it sends, so that a
capture tells which way a packet took. It returns where it got through and raises where it did not:
OSError with the errno, or Word.
"""

import errno
import os
import socket
import ssl
import struct
import sys
from concurrent.futures import ThreadPoolExecutor

API4, API6, API = "11.20.1.10", "2a0e:c0d0:1::10", "api.ground.test"
DENIED4, DENIED6, DENIED = "11.20.1.11", "2a0e:c0d0:1::11", "denied.ground.test"
RESOLVER = "11.20.1.53"
METADATA = "169.254.169.254"
SECONDS = 5

WAYS = []
# What the test says on the command line, as KEY=VALUE: where (outside or inside), socket.
GIVEN = {}


class Word(Exception):
    """An outcome that has no errno."""


class Way:
    def __init__(self, name, what, expected, make, **more):
        self.name, self.what, self.expected, self.make = name, what, expected.split(), make
        # Answers outside by which the kernel says that it lacks the thing, or that it is root's.
        self.lacking = more.get("lacking", "").split()
        self.root = more.get("root", False)
        # It is answered by something that no packet reaches: nothing of it can be in a capture.
        self.unseen = more.get("unseen", False)

    def outcome(self):
        try:
            self.make(f"canary-{self.name}-end")
            return "through", ""
        except Word as word:
            return str(word), ""
        except socket.gaierror as error:
            missing = error.errno in (socket.EAI_NONAME, socket.EAI_NODATA)
            return ("missing" if missing else "unresolved"), str(error)
        except ssl.SSLError as error:
            return "closed", str(error)
        except TimeoutError as error:
            return ("ETIMEDOUT" if error.errno else "timeout"), str(error)
        except OSError as error:
            return errno.errorcode.get(error.errno, str(error)), str(error)
        except Exception as error:  # it is for the test to say that this is no answer
            return f"fault in {self.name}", repr(error)


def way(name, what, expected, **more):
    def add(make):
        WAYS.append(Way(name, what, expected, make, **more))
        return make
    return add


def is_outside():
    return GIVEN["where"] == "outside"


# Refused at once, or taken and reset; never more.
REFUSED = "ECONNREFUSED ECONNRESET EPIPE closed"


def connect(host, port, seconds=SECONDS):
    return socket.create_connection((host, port), timeout=seconds)


def listen_for(sock, *words):
    """Reads until one of the words that only something outside says."""
    data = b""
    while not any(word in data for word in words or (b"world", b"machine")):
        more = sock.recv(65536)
        if not more:
            raise Word("closed")
        data += more
    return data


def talk(host, port, data, *words):
    with connect(host, port) as sock:
        sock.sendall(data if isinstance(data, bytes) else data.encode())
        return listen_for(sock, *words)


def datagram(family, address, port, data, protocol=0):
    with socket.socket(family, socket.SOCK_DGRAM, protocol) as sock:
        sock.settimeout(SECONDS)
        sock.connect((address, port))
        sock.send(data.encode())
        listen_for(sock)


def name_question(name, kind, identifier=0x4242, extra=b"", additional=0):
    labels = b"".join(
        bytes([len(label)]) + label.encode() for label in name.rstrip(".").split("."))
    head = struct.pack("!6H", identifier, 0x0100, 1, 0, 0, additional)
    return head + labels + struct.pack("!BHH", 0, kind, 1) + extra


def read_answer(packet):
    _, flags, _, count, _, _ = struct.unpack("!6H", packet[:12])
    code = flags & 15
    if code:
        raise Word({1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED"}
                   .get(code, f"code {code}"))
    if not count:
        raise Word("NODATA")


def ask(server, name, kind=1, **more):
    with socket.socket(
            socket.AF_INET6 if ":" in server else socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(SECONDS)
        sock.connect((server, 53))
        sock.send(name_question(name, kind, **more))
        read_answer(sock.recv(65535))


def ask_stream(server, name, kind=1):
    with connect(server, 53) as sock:
        question = name_question(name, kind)
        sock.sendall(struct.pack("!H", len(question)) + question)
        data = b""
        while len(data) < 2 or len(data) < 2 + struct.unpack("!H", data[:2])[0]:
            more = sock.recv(65536)
            if not more:
                raise Word("closed")
            data += more
        read_answer(data[2:])


class Hello:
    """A TLS client that shows what it sends before it sends it."""

    def __init__(self, server_name, canary):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        # An extension that anybody on the way can read.
        context.set_alpn_protocols([canary])
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.incoming, self.outgoing, server_hostname=server_name)
        try:
            self.tls.do_handshake()
        except ssl.SSLWantReadError:
            pass
        self.hello = self.outgoing.read()

    def go_on(self, sock, host, *pieces):
        for piece in pieces or (self.hello,):
            sock.sendall(piece)
        self.step(sock, self.tls.do_handshake)
        self.tls.write(request(host, "x"))
        sock.sendall(self.outgoing.read())
        data = b""
        while b"world" not in data:
            data += self.step(sock, lambda: self.tls.read(65536))
            if not data:
                raise Word("closed")

    def step(self, sock, act):
        while True:
            try:
                value = act()
                if self.outgoing.pending:
                    sock.sendall(self.outgoing.read())
                return value
            except ssl.SSLWantReadError:
                if self.outgoing.pending:
                    sock.sendall(self.outgoing.read())
                more = sock.recv(65536)
                if not more:
                    raise Word("closed") from None
                self.incoming.write(more)

    def in_records(self, size):
        """The same message in records of `size` bytes."""
        body = self.hello[5:]
        parts = [body[at:at + size] for at in range(0, len(body), size)]
        return b"".join(self.hello[:3] + struct.pack("!H", len(part)) + part for part in parts)


def request(host, canary, path="/hello", method="GET", extra="", body=""):
    return (f"{method} {path} HTTP/1.1\r\nHost: {host}\r\nX-Canary: {canary}\r\n{extra}\r\n{body}"
            ).encode()


def main():
    if sys.argv[1] == "list":
        for one in WAYS:
            print(one.name, one.what, " ".join(one.expected), " ".join(one.lacking),
                  "root" if one.root else "anyone", "unseen" if one.unseen else "seen", sep="\t")
        return
    GIVEN.update(word.split("=", 1) for word in sys.argv[2:])
    # The order does not matter, and most of it is waiting.
    with ThreadPoolExecutor(8) as pool:
        for one, (word, detail) in zip(WAYS, pool.map(Way.outcome, WAYS)):
            print("result", one.name, word, detail.replace("\t", " ").replace("\n", " "), sep="\t")
    print("end", flush=True)
    os._exit(0)
