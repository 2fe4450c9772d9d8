"""Fills its home with what is hard to remove, and ends."""

import os
import socket
import sys

os.chdir(os.path.expanduser("~"))

# Deeper than a path can name; every directory is left without a right for anybody.
levels = [os.open(".", os.O_RDONLY)]
for _ in range(300):
    name = "deep-" + "x" * 200
    os.mkdir(name, 0o700, dir_fd=levels[-1])
    os.symlink("/etc", "link", dir_fd=levels[-1])
    levels.append(os.open(name, os.O_RDONLY, dir_fd=levels[-1]))
for level in levels[:0:-1]:
    os.fchmod(level, 0)

# Links to everywhere, also with names that a careless program would expand.
for number, target in enumerate(["/", "/etc", "..", "/proc/self/root", sys.argv[1]]):
    os.symlink(target, f"link-{number}")
for name in [b"a\nb", b"-rf", b"*", b"\xff\xfe", b"\x1b[2J", " ‮x".encode(), b"x" * 255]:
    with open(name, "wb") as file:
        file.write(b"x")
    os.chmod(name, 0)
os.mkfifo("fifo", 0)
# The tmpfs is writable, so the socket's path can be short.
listener = socket.socket(socket.AF_UNIX)
listener.bind("socket")
os.mkdir("many")
for number in range(1000):
    os.symlink("x", f"many/{number}")
os.mkdir("sticky", 0o1777)
os.mkdir("sticky/in", 0)
os.chmod(".", 0)
print("made", file=sys.stderr)
