"""Makes every system call once, each in a child of its own, and prints what each one got.

Told on standard error as JSON: the number, and the errno's name, "ok" or the signal. With the argument
"refused" only calls of which a server is known to be refused, with the arguments that decide.
"""

import ctypes
import errno
import json
import os
import signal
import sys

LIBC = ctypes.CDLL(None, use_errno=True)
ARM = os.uname().machine == "aarch64"
# Numbers up to 334 are x86-64's own; from 424 on they are everybody's.
REFUSED = [
    ("io_uring_setup", 425, 425, (1, 0)),
    ("bpf", 321, 280, (0, 0, 0)),
    ("perf_event_open", 298, 241, (0, 0, -1, -1, 0)),
    ("userfaultfd", 323, 282, (1,)),
    ("keyctl", 250, 219, (0, -3, 0)),
    ("ptrace", 101, 117, (0, 0, 0, 0)),
    ("process_vm_readv", 310, 270, (1, 0, 0, 0, 0, 0)),
    ("pidfd_getfd", 438, 438, (0, 0, 0)),
    ("unshare", 272, 97, (0x10000000,)),
    ("setns", 308, 268, (-1, 0)),
    ("mount", 165, 40, (0, 0, 0, 0, 0)),
    ("chroot", 161, 51, (0,)),
    ("open_by_handle_at", 304, 265, (-100, 0, 0)),
    ("clone user", 56, 220, (0x10000000 | 17, 0, 0, 0, 0)),
    ("clone user, upper bits", 56, 220, ((1 << 32) | 0x10000000 | 17, 0, 0, 0, 0)),
    ("clone3", 435, 435, (0, 0)),
    ("sendfile", 40, 71, (-1, -1, 0, 0)),
    ("vsock", 41, 198, (40, 1, 0)),
    ("vsock, upper bits", 41, 198, ((1 << 32) | 40, 1, 0)),
    ("alg", 41, 198, (38, 5, 0)),
    ("packet", 41, 198, (17, 3, 0)),
    ("raw", 41, 198, (2, 3, 1)),
    ("multipath", 41, 198, (2, 1, 262)),
    ("xfrm", 41, 198, (16, 3, 6)),
    ("tiocsti", 16, 29, (0, 0x5412, 0)),
    ("tioclinux", 16, 29, (0, 0x541C, 0)),
    ("PR_SET_MM", 157, 167, (35, 0, 0, 0, 0)),
    ("personality", 135, 92, (0x400000,)),
    ("listener", 317, 277, (1, 8, 0)),
    ("ulp", 54, 208, (-1, 6, 31, 0, 0)),
    ("splice", 275, 76, (-1, 0, -1, 0, 0, 0)),
    ("block device", 259, 33, (-1, 0, 0x6000, 0)),
]

def attempt(number, arguments):
    """In a child, because a call may end it, stop it or change what it is."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        signal.alarm(1)
        ctypes.set_errno(0)
        result = LIBC.syscall(ctypes.c_long(number), *[ctypes.c_long(a) for a in arguments])
        code = ctypes.get_errno()
        os.write(writing, (errno.errorcode.get(code, str(code)) if result == -1 else "ok").encode())
        os._exit(0)
    os.close(writing)
    said = os.read(reading, 100).decode()
    os.close(reading)
    _, status = os.waitpid(child, 0)
    return said or f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else said or "ended"


def sweep():
    found = {}
    for number in range(0, 480):
        # Pointers and descriptors that nobody has: what is allowed fails too, and does nothing.
        if number in WAITING:
            continue
        found[str(number)] = attempt(number, (-1, -1, -1, -1, -1, -1))
    return found


# Calls that wait, end or signal whatever their arguments are: pause, exit, kill and the like.
WAITING = {34, 56, 57, 58, 60, 61, 62, 231, 247, 130, 15, 219, 234, 200, 35, 230} if not ARM else {
    93, 94, 95, 129, 130, 131, 133, 139, 128, 220, 260, 101, 115}

if sys.argv[1:] == ["refused"]:
    print(json.dumps({name: attempt(arm if ARM else x86, arguments)
                      for name, x86, arm, arguments in REFUSED}), file=sys.stderr)
else:
    print(json.dumps(sweep()), file=sys.stderr)
