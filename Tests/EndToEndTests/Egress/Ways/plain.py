"""HTTP on an allowed name's port that is not for that name."""

from table import API, DENIED, METADATA, REFUSED, Word, connect, listen_for, request, talk, way

ANSWER = b"world: "



@way("host", "a request for another host", REFUSED)
def _(canary):
    talk(API, 80, request(DENIED, canary))


@way("host-reused", "a connection reused for another host", REFUSED)
def _(canary):
    with connect(API, 80) as sock:
        sock.sendall(request(API, "x"))
        listen_for(sock, ANSWER)
        sock.sendall(request(DENIED, canary))
        listen_for(sock, ANSWER)


@way("host-pipelined", "a second request for another host at once", REFUSED)
def _(canary):
    talk(API, 80, request(API, "x") + request(DENIED, canary), f"world: {DENIED}".encode())


@way("host-twice", "two Host fields", REFUSED)
def _(canary):
    talk(API, 80, request(API, canary, extra=f"Host: {DENIED}\r\n"))


@way("host-folded", "a Host field in two lines", REFUSED)
def _(canary):
    talk(API, 80, f"GET /hello HTTP/1.1\r\nHost:\r\n {DENIED}\r\nX-Canary: {canary}\r\n\r\n")


@way("host-absent", "no Host field", REFUSED)
def _(canary):
    talk(API, 80, f"GET /hello HTTP/1.0\r\nX-Canary: {canary}\r\n\r\n")


@way("absolute-form", "a target with another host", REFUSED)
def _(canary):
    talk(API, 80, request(API, canary, path=f"http://{DENIED}/hello"), b"world", b"HTTP/1.1 404")


@way("connect", "CONNECT", REFUSED)
def _(canary):
    talk(API, 80, request(API, canary, path=f"{DENIED}:443", method="CONNECT"), b"HTTP/1.1 501")


@way("upgrade", "another protocol after an Upgrade", REFUSED)
def _(canary):
    extra = "Connection: Upgrade\r\nUpgrade: words\r\n"
    talk(API, 80, request(API, canary, extra=extra))


@way("smuggled", "a request within a body of two lengths", REFUSED)
def _(canary):
    hidden = request(DENIED, canary).decode()
    extra = f"Content-Length: {len(hidden) + 5}\r\nTransfer-Encoding: chunked\r\n"
    talk(API, 80, request(API, "x", method="POST", extra=extra, body="0\r\n\r\n" + hidden),
         f"world: {DENIED}".encode())


@way("smuggled-chunk", "a request behind a chunk with a sloppy length", REFUSED)
def _(canary):
    hidden = request(DENIED, canary).decode()
    extra = "Transfer-Encoding: chunked\r\n"
    body = "0 \t;x=\n\r\n\r\n" + hidden
    talk(API, 80, request(API, "x", method="POST", extra=extra, body=body), b"HTTP/1.1")


@way("not-http", "words of no protocol", REFUSED)
def _(canary):
    talk(API, 80, f"{canary}\r\n\r\n", b"HTTP/1.1 400", b"Error code: 400")


@way("redirect", "a redirect to a cloud's metadata, followed", REFUSED + " ENETUNREACH")
def _(canary):
    target = f"http://{METADATA}/hello"
    with connect(API, 80) as sock:
        sock.sendall(request(API, "x", path=f"/redirect?to={target}"))
        answer = listen_for(sock, b"\r\n\r\n").decode()
    if f"Location: {target}" not in answer:
        raise Word("no redirect")
    talk(METADATA, 80, request(METADATA, canary))
