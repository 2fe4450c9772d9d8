"""Runs commands for a test, each in an empty folder of its own, and tells how they ended.

A call's arguments: command (a list), input, variables (added to a small fixed environment), seconds.
The answer: status (negative for a signal), output, errors.
"""

import json
import os
import signal
import subprocess
import tempfile

import minimal


def act(identifier, arguments):
    with tempfile.TemporaryDirectory(prefix="run-", dir=os.environ["HOME"]) as folder:
        environment = {
            "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": folder, "LANG": "C.UTF-8",
            "TMPDIR": folder, **(arguments.get("variables") or {})}
        try:
            done = subprocess.run(
                arguments["command"], cwd=folder, env=environment, capture_output=True,
                input=(arguments.get("input") or "").encode(), check=False,
                timeout=arguments.get("seconds") or 60)
            answer = {
                "status": done.returncode,
                "output": done.stdout.decode(errors="replace").replace(folder, "."),
                "errors": done.stderr.decode(errors="replace").replace(folder, ".")[-8000:]}
        except (OSError, subprocess.TimeoutExpired) as error:
            answer = {"status": None, "output": "", "errors": str(error)}
    minimal.text(identifier, json.dumps(answer))


# Outside, the test's own process has signals blocked; a sandbox is free of that.
signal.pthread_sigmask(signal.SIG_SETMASK, [])
minimal.serve(act)
