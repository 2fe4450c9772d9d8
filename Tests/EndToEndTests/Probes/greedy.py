"""Takes without end what the call names: memory, processes, descriptors, room, time."""

import os
import signal
import tempfile
import threading
import time

import minimal


def memory(limit):
    """Blocks that are written to, so that they are there; none is given back."""
    blocks = []
    while len(blocks) < limit:
        blocks.append(bytearray(b"\1") * (1 << 20))
    return f"{len(blocks)} MiB"


def processes(limit):
    count = 0
    try:
        while count < limit:
            if os.fork() == 0:
                time.sleep(3600)
            count += 1
    except BlockingIOError as error:
        return f"{count}: {error.errno}"
    return f"{count}: no end"


def descriptors(limit):
    opened = []
    try:
        while len(opened) < limit:
            opened.append(os.open("/dev/null", os.O_RDONLY))
    except OSError as error:
        count = len(opened)
        for descriptor in opened:
            os.close(descriptor)
        return f"{count}: {error.errno}"
    return f"{len(opened)}: no end"


def write(path, limit):
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    with open(path, "wb", buffering=0) as file:
        for _ in range(limit):
            file.write(b"\1" * (1 << 20))
    os.unlink(path)
    return f"{limit} MiB"


def spin(seconds):
    """Processor seconds used in so many seconds, by four threads' worth of processes."""
    end = time.monotonic() + seconds
    pids = []
    for _ in range(3):
        pid = os.fork()
        if pid == 0:
            while time.monotonic() < end:
                pass
            os._exit(0)
        pids.append(pid)
    while time.monotonic() < end:
        pass
    for pid in pids:
        os.waitpid(pid, 0)
    used = os.times()
    return f"{used.user + used.system + used.children_user + used.children_system:.3f}"


def everything():
    """All of it at once, from the processes too."""
    def opener():
        opened = []
        while True:
            try:
                opened.append(os.open("/dev/null", os.O_RDONLY))
            except OSError:
                time.sleep(0.01)

    def forker():
        while True:
            try:
                if os.fork() == 0:
                    # The rest goes on beside it.
                    os.nice(19)
                    while True:
                        pass
            except OSError:
                time.sleep(0.01)

    def writer():
        while True:
            try:
                with tempfile.TemporaryFile(dir="/tmp") as file:
                    while True:
                        file.write(b"\1" * 65536)
            except OSError:
                time.sleep(0.01)

    # The forker last: once it has run no thread can be started any more.
    for work in (opener, writer, forker):
        threading.Thread(target=work, daemon=True).start()
    blocks = []
    while True:
        blocks.append(bytearray(b"\1") * (1 << 20))


def act(identifier, arguments):
    what = arguments["what"]
    if what == "memory":
        answer = memory(arguments.get("limit", 1 << 20))
    elif what == "processes":
        answer = processes(arguments.get("limit", 4096))
    elif what == "descriptors":
        answer = descriptors(arguments.get("limit", 65536))
    elif what == "write":
        answer = write(os.path.expanduser(arguments["path"]), arguments.get("limit", 1024))
    elif what == "spin":
        answer = spin(arguments["seconds"])
    elif what == "everything":
        answer = everything()
    else:
        with open("/proc/self/cgroup") as cgroups, open("/proc/self/mounts") as mounts:
            answer = cgroups.read() + "".join(line for line in mounts if "cgroup" in line)
    minimal.text(identifier, answer)


minimal.serve(act)
