#!/usr/bin/env python3
"""Runs parts of CPython's own test suite and says how each test ended: one line `NAME OUTCOME` for
each, in the order of their names, so that two runs can be compared.

    suites.py [--without PATTERN]… NAME…     of modules, classes or tests; PATTERN as the shell has it
"""

import fnmatch
import sys
import unittest

from test import support


def tests(suite):
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            yield from tests(item)
        else:
            yield item


class Outcomes(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.outcomes, self.details = {}, []

    def startTest(self, test):
        super().startTest(test)
        self.outcomes[test.id()] = "ok"

    def note(self, test, outcome, details=None):
        self.outcomes[test.id()] = outcome
        if details is not None:
            self.details.append(f"{test.id()}: {details}")

    def addError(self, test, error):
        super().addError(test, error)
        self.note(test, "error", self.errors[-1][1])

    def addFailure(self, test, error):
        super().addFailure(test, error)
        self.note(test, "failed", self.failures[-1][1])

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.note(test, "skipped")

    def addExpectedFailure(self, test, error):
        super().addExpectedFailure(test, error)
        self.note(test, "expected failure")

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self.note(test, "unexpected success")

    def addSubTest(self, test, subtest, error):
        super().addSubTest(test, subtest, error)
        if error is not None:
            self.note(test, "failed", error[1])


def main():
    support.use_resources = {}  # no network, no large files, no long waits
    arguments, patterns, modules = iter(sys.argv[1:]), [], []
    for argument in arguments:
        if argument == "--without":
            patterns.append(next(arguments))
        else:
            modules.append(argument)
    chosen = unittest.TestSuite(
        test for test in tests(unittest.defaultTestLoader.loadTestsFromNames(modules))
        if not any(fnmatch.fnmatchcase(test.id(), pattern) for pattern in patterns))
    outcomes = Outcomes()
    with support.captured_stdout(), support.captured_stderr():
        chosen.run(outcomes)
    for name, outcome in sorted(outcomes.outcomes.items()):
        print(name, outcome)
    print(*outcomes.details, sep="\n", file=sys.stderr)


if __name__ == "__main__":
    main()
