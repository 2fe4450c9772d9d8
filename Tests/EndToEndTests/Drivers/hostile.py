#!/usr/bin/env python3
"""Takes something away from the machine, for one command alone, and looks what the command leaves.

    hostile.py WORD… -- COMMAND…

Started as root, it makes namespaces of its own first, so that nothing outside changes; an ordinary
user can only deny calls and set limits. The words, in the order in which they are to happen:

    deny:CALL:ERRNO             the system call fails so (a seccomp filter, inherited by all below)
    deny:CALL:ERRNO:ARG:MASK:VALUE   only where that argument, masked, has that value
    namespaces:0                no further user namespace can be made (ENOSPC)
    mount:TYPE:TARGET:OPTIONS   mounts a file system over TARGET
    bind:SOURCE:TARGET          binds one path over another
    read-only:TARGET            makes what is at TARGET read-only, with what is mounted below
    fill:TARGET                 writes a file there until the file system is full
    file:PATH:TEXT              makes a file; \\n is a newline
    directory:PATH              makes a directory
    hide:PATH                   the same directory without this name (an overlay)
    capability:NAME             takes a capability away for good
    no-new-privileges           as a service with NoNewPrivileges=yes has it
    groups:A,B                  supplementary groups
    user:NAME                   becomes this user, with all that it belongs to
    limit:NAME:VALUE            setrlimit, soft and hard
    unset:NAME                  takes a variable out of the environment

A word that a kernel cannot carry out is an error (status 98), never a test that passes. The status
is the command's; 99 where it left a process behind, and then standard error says which.
"""

import ctypes
import errno
import os
import pwd
import resource
import struct
import sys
import time

LIBC = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNS, CLONE_NEWUSER = 0x20000, 0x10000000
MS_RDONLY, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 1, 32, 4096, 16384, 1 << 18
PR_CAPBSET_DROP, PR_SET_SECCOMP, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 24, 22, 36, 38

# Numbers of system calls: x86-64, aarch64.
CALLS = {
    "bpf": (321, 280), "capset": (126, 91), "clone": (56, 220), "clone3": (435, 435),
    "close_range": (436, 436), "fsconfig": (431, 431), "fsmount": (432, 432), "fsopen": (430, 430),
    "keyctl": (250, 219), "landlock_create_ruleset": (444, 444), "memfd_create": (319, 279),
    "mount": (165, 40), "mount_setattr": (442, 442), "move_mount": (429, 429),
    "open_tree": (428, 428), "openat2": (437, 437), "pidfd_send_signal": (424, 424),
    "pivot_root": (155, 41), "prctl": (157, 167), "seccomp": (317, 277), "setgroups": (116, 159),
    "sethostname": (170, 161), "setresuid": (117, 147), "setrlimit": (160, 164),
    "prlimit64": (302, 261), "execveat": (322, 281), "socket": (41, 198), "umount2": (166, 39),
    "unshare": (272, 97), "write": (1, 64),
}
CAPABILITIES = {
    "chown": 0, "dac_override": 1, "fowner": 3, "kill": 5, "setgid": 6, "setuid": 7, "setpcap": 8,
    "net_admin": 12, "sys_chroot": 18, "sys_ptrace": 19, "sys_admin": 21, "sys_resource": 24,
}
ARCHITECTURE = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}[os.uname().machine]


def check(result, what):
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")


def mount(source, target, kind, flags, options=""):
    def text(value):
        return value.encode() if value else None
    check(LIBC.mount(text(source), text(target), text(kind), ctypes.c_ulong(flags), text(options)),
          f"mount {target}")


def prctl(*arguments):
    check(LIBC.prctl(*[ctypes.c_ulong(a) for a in arguments]), f"prctl {arguments[0]}")


def instruction(code, yes=0, no=0, value=0):
    return struct.pack("HBBI", code, yes, no, value)


def filter_of(rules):
    """Classic BPF over struct seccomp_data: nr at 0, architecture at 4, arguments from 16 on."""
    load, equal, mask, answer = 0x20, 0x15, 0x54, 0x06
    program = [instruction(load, value=4), instruction(equal, 1, 0, ARCHITECTURE[1]),
               instruction(answer, value=0x7FFF0000), instruction(load, value=0)]
    for call, code, test in rules:
        failing = instruction(answer, value=0x50000 | code)
        if test:
            argument, bits, value = test
            body = [instruction(load, value=16 + 8 * argument), instruction(mask, value=bits),
                    instruction(equal, 0, 1, value), failing, instruction(load, value=0)]
        else:
            body = [failing]
        program += [instruction(equal, 0, len(body), CALLS[call][ARCHITECTURE[0]])] + body
    program.append(instruction(answer, value=0x7FFF0000))
    return b"".join(program), len(program)


def install(rules):
    code, count = filter_of(rules)
    buffer = ctypes.create_string_buffer(code)
    program = struct.pack("HxxxxxxP", count, ctypes.addressof(buffer))
    if os.geteuid() != 0:
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    # A name of its own keeps it alive until the call is made.
    address = ctypes.create_string_buffer(program)
    prctl(PR_SET_SECCOMP, 2, ctypes.addressof(address), 0, 0)


def without_user_namespaces():
    """A user namespace with every ID as it is outside, in which no other can be made."""
    ready, mapped = os.pipe(), os.pipe()
    parent = os.getpid()
    if (child := os.fork()) == 0:
        os.read(ready[0], 1)
        for name in ("uid_map", "gid_map"):
            with open(f"/proc/{parent}/{name}", "w") as file:
                file.write("0 0 4294967295\n")
        os.write(mapped[1], b"x")
        os._exit(0)
    check(LIBC.unshare(CLONE_NEWUSER | CLONE_NEWNS), "unshare")
    os.write(ready[1], b"x")
    os.read(mapped[0], 1)
    os.waitpid(child, 0)
    for descriptor in ready + mapped:
        os.close(descriptor)
    with open("/proc/sys/user/max_user_namespaces", "w") as file:
        file.write("0")


def fill(target):
    with open(f"{target}/full", "wb", buffering=0) as file:
        while True:
            try:
                file.write(b"x" * 4096)
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
                return


def number(name):
    return getattr(errno, name)


class Commands:
    def __init__(self):
        self.rules, self.user, self.groups = [], None, None
        self.environment = dict(os.environ)

    def carry_out(self, word):
        name, *rest = word.split(":")
        getattr(self, "do_" + name.replace("-", "_"))(*rest)

    def do_deny(self, call, code, *test):
        self.rules.append((call, number(code), tuple(int(t, 0) for t in test)))

    def do_namespaces(self, _):
        without_user_namespaces()

    def do_mount(self, kind, target, options=""):
        mount(kind, target, kind, 0, options)

    def do_bind(self, source, target):
        mount(source, target, None, MS_BIND | MS_REC)

    def do_read_only(self, target):
        mount(target, target, None, MS_BIND)
        mount(None, target, None, MS_BIND | MS_REMOUNT | MS_RDONLY)

    def do_fill(self, target):
        fill(target)

    def do_file(self, path, *text):
        with open(path, "w") as file:
            file.write(":".join(text).replace("\\n", "\n"))

    def do_directory(self, path):
        os.makedirs(path, exist_ok=True)

    def do_hide(self, path):
        """A directory whose names are links to the real ones, but for one."""
        directory, name = os.path.split(path)
        aside = "/run/cordon-hidden"
        os.makedirs(aside, exist_ok=True)
        mount("tmpfs", aside, "tmpfs", 0, "mode=755")
        os.mkdir(aside + "/real")
        mount(directory, aside + "/real", None, MS_BIND)
        os.mkdir(aside + "/view")
        for entry in os.listdir(directory):
            if entry != name:
                os.symlink(f"{aside}/real/{entry}", f"{aside}/view/{entry}")
        mount(aside + "/view", directory, None, MS_BIND)

    def do_capability(self, name):
        prctl(PR_CAPBSET_DROP, CAPABILITIES[name], 0, 0, 0)

    def do_no_new_privileges(self):
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)

    def do_groups(self, groups):
        self.groups = [int(group) for group in groups.split(",")]

    def do_user(self, name):
        self.user = pwd.getpwnam(name)
        # What is found by $HOME is this user's too.
        self.environment["HOME"] = self.user.pw_dir

    def do_limit(self, name, value):
        resource.setrlimit(getattr(resource, "RLIMIT_" + name.upper()), (int(value), int(value)))

    def do_unset(self, name):
        self.environment.pop(name, None)

    def become(self):
        """The filter before the user: only root can install one without no_new_privs."""
        if self.user:
            os.initgroups(self.user.pw_name, self.user.pw_gid)
        if self.groups is not None:
            os.setgroups(self.groups)
        if self.rules:
            install(self.rules)
        if self.user:
            os.setresgid(*[self.user.pw_gid] * 3)
            os.setresuid(*[self.user.pw_uid] * 3)


def left_behind():
    """Descendants that outlived the command: they are this process's children by now."""
    left = []
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return left
        if pid == 0:
            break
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat") as file:
                fields = file.read().rpartition(")")
        except OSError:
            continue
        if fields[2].split()[1] == str(os.getpid()):
            left.append(fields[0] + ")")
    return left or ["a process that /proc does not show"]


def execute(command, environment):
    """A copy that a test has just made is busy while a child forked meanwhile holds it open."""
    for _ in range(100):
        try:
            os.execve(command[0], command, environment)
        except OSError as error:
            if error.errno != errno.ETXTBSY:
                raise
            time.sleep(0.05)
    raise TimeoutError(f"{command[0]} stays busy")


def main():
    split = sys.argv.index("--")
    words, command = sys.argv[1:split], sys.argv[split + 1:]
    commands = Commands()
    try:
        prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        if os.geteuid() == 0:
            check(LIBC.unshare(CLONE_NEWNS), "unshare")
            mount(None, "/", None, MS_REC | MS_PRIVATE)
        for word in words:
            commands.carry_out(word)
    except Exception as error:
        print(f"hostile: {error!r}", file=sys.stderr)
        return 98
    if (child := os.fork()) == 0:
        try:
            commands.become()
            execute(command, commands.environment)
        except BaseException as error:
            print(f"hostile: {error!r}", file=sys.stderr)
        os._exit(98)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    # The kernel ends what is left of a sandbox at once, but not in the same moment.
    for _ in range(40):
        if not (left := left_behind()):
            return status if status >= 0 else 128 - status
        time.sleep(0.05)
    print(f"hostile: left behind: {left}", file=sys.stderr)
    return 99


if __name__ == "__main__":
    sys.exit(main())
