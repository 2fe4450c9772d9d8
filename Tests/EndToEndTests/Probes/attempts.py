"""Tries things with files and says how each ended, one line on stderr: `verb name = OK`, or an errno.

Arguments: the directory that names are relative to, then one attempt each: `verb name [name]`. An
attempt that succeeds is undone, so that each finds what the one before found.
"""

import errno
import os
import socket
import sys


def write(path):
    with open(path, "r+b") as file:
        data = file.read()
        file.seek(0)
        file.write(data or b"x")
        file.truncate(len(data))


def create(path):
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
    os.unlink(path)


def mkdir(path):
    os.mkdir(path)
    os.rmdir(path)


def remove(path):
    os.rename(path, path + ".removed")
    os.rename(path + ".removed", path)


def rename(path, to):
    os.rename(path, to)
    os.rename(to, path)


def replace(path):
    kept = path + ".kept"
    os.rename(path, kept)
    try:
        os.symlink("/nonexistent", path)
        os.unlink(path)
    finally:
        os.rename(kept, path)


def link(path, to):
    os.link(path, to)
    os.unlink(to)


def connect(path):
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(5)
        client.connect(path)
        client.sendall(b"ping")
        answer = client.recv(4)
        if answer != b"pong":
            raise OSError(errno.EPROTO, "another answer")


def serve(path):
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        server.bind(path)
        server.listen()
        client.connect(path)
    os.unlink(path)


def pipe(path):
    # With a reader on the other side this succeeds at once; without one it is ENXIO.
    os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK))


def read(path):
    with open(path, "rb") as file:
        file.read(1)


VERBS = {
    verb.__name__: verb
    for verb in (write, create, mkdir, remove, rename, replace, link, connect, serve, pipe, read)
}
VERBS["list"] = os.listdir


def main():
    root, attempts = sys.argv[1], sys.argv[2:]
    for attempt in attempts:
        verb, *names = attempt.split(" ")
        try:
            VERBS[verb](*(os.path.join(root, name) for name in names))
            outcome = "OK"
        except OSError as error:
            outcome = errno.errorcode.get(error.errno, str(error.errno))
        print(f"{attempt} = {outcome}", file=sys.stderr, flush=True)
    print(f"cwd = {os.getcwd()}", file=sys.stderr)


main()
