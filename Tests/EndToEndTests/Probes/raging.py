"""Makes as many refused calls as the argument says, kills all that it may, and tells how many of its
calls got another answer than the filter's."""

import ctypes
import errno
import os
import signal
import sys

LIBC = ctypes.CDLL(None, use_errno=True)
signal.signal(signal.SIGTERM, signal.SIG_IGN)


def refused():
    """io_uring_setup has one number everywhere."""
    return LIBC.syscall(425, 1, None) == -1 and ctypes.get_errno() == errno.ENOSYS


wrong = sum(not refused() for _ in range(int(sys.argv[1])))
# The arguments that decide differ each time: records of them must not grow without bound.
for family in range(1000, 4000):
    try:
        LIBC.socket(family, 1, 0)
    except OSError:
        pass
for number in range(3000):
    try:
        os.stat(f"/nowhere/{number}")
    except OSError:
        pass
killed = []
for pid in range(1, 100):
    if pid != os.getpid():
        try:
            os.kill(pid, signal.SIGKILL)
            killed.append(pid)
        except OSError:
            pass
try:
    os.kill(-1, signal.SIGKILL)
except OSError:
    pass
# What is asked after that gets no other answer: the filter's, or ENOSYS of a witness that is gone.
wrong += sum(not refused() for _ in range(1000))
print("wrong", wrong, "killed", len(killed), file=sys.stderr)
