#!/usr/bin/env python3
"""Reads the test runner's event streams and says honestly what passed, failed and was skipped.

    summary.py --name PART --status N --expected-skips FILE EVENTS LOG   one part
    summary.py --total EVENTS…                                           all parts, as one line

A part fails when a test failed, when the runner ended badly or before its end, when no test ran,
or when a test was skipped for a reason that is not a line of FILE.
"""

import argparse
import json
import re
import sys


class Part:
    def __init__(self, path):
        self.passed, self.failed, self.skipped, self.issues = [], [], {}, []
        self.ended, self.started, functions = False, set(), set()
        for event in events(path):
            payload = event["payload"]
            if event["kind"] == "test":
                if payload["kind"] == "function":
                    functions.add(payload["id"])
                continue
            test, kind = payload.get("testID"), payload["kind"]
            texts = payload.get("messages", [])
            if kind == "runEnded":
                self.ended = True
            elif kind == "issueRecorded" and any(m["symbol"] == "fail" for m in texts):
                self.issues.append("\n".join(m["text"] for m in texts))
            elif test not in functions:
                pass  # a suite: its tests speak for it
            elif kind == "testStarted":
                self.started.add(test)
            elif kind in ("testSkipped", "testCancelled"):
                self.skipped[test] = reason(texts)
            elif kind == "testEnded":
                bad = any(m["symbol"] == "fail" for m in texts)
                (self.failed if bad else self.passed).append(test)
        self.passed = [test for test in self.passed if test not in self.skipped]
        over = {*self.passed, *self.failed, *self.skipped}
        self.unfinished = sorted(self.started - over)


def events(path):
    try:
        with open(path, encoding="utf-8") as file:
            for line in file:
                try:
                    yield json.loads(line)
                except ValueError:
                    return  # the runner was ended in the middle of a line
    except FileNotFoundError:
        return


def reason(messages):
    text = " ".join(message["text"] for message in messages)
    found = re.search(r'(?:skipped|cancelled)[^:]*: "?(.*?)"?$', text, re.DOTALL)
    return found.group(1) if found else ""


def expected(path):
    with open(path, encoding="utf-8") as file:
        return {line.strip() for line in file if line.strip() and not line.startswith("#")}


def report(options):
    part = Part(options.paths[0])
    for issue in part.issues:
        print(issue[:2000])
    for test in part.failed:
        print(f"failed: {test}")
    for test in part.unfinished:
        print(f"not finished: {test}")
    known, unexpected = expected(options.expected_skips), 0
    for test, why in sorted(part.skipped.items()):
        note = "" if why in known else "  (not listed in .ci/expected-skips)"
        unexpected += why not in known
        print(f"skipped: {test}: {why or 'no reason given'}{note}")
    complete = part.ended and options.status in (0, 1)
    if not complete:
        print(f"the test runner did not come to its end (status {options.status}); its last words:")
        with open(options.paths[1], encoding="utf-8", errors="replace") as file:
            print("".join(line[:300] + "\n" for line in file.read().splitlines()[-15:]), end="")
    print(
        f"{options.name}: {len(part.passed)} passed, {len(part.failed)} failed,"
        f" {len(part.skipped)} skipped")
    bad = part.failed or part.issues or part.unfinished or unexpected or options.status
    return 1 if bad or not complete or not part.passed else 0


def total(paths):
    parts = [Part(path) for path in paths]
    passed = sum(len(part.passed) for part in parts)
    failed = sum(len(part.failed) + len(part.unfinished) for part in parts)
    skipped = sum(len(part.skipped) for part in parts)
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or not passed else 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--name")
    parser.add_argument("--status", type=int, default=0)
    parser.add_argument("--expected-skips")
    parser.add_argument("--total", action="store_true")
    parser.add_argument("paths", nargs="+")
    options = parser.parse_args()
    return total(options.paths) if options.total else report(options)


if __name__ == "__main__":
    sys.exit(main())
