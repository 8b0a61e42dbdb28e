"""Reading what test programs print: who ran, who failed, what our add-on complained of.

Pure: lines or text in, numbers and sentences out.
"""

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field

_LINE = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ (?P<level>_?[A-Z]+) (?P<db>\S+) "
    r"(?P<logger>[\w.?-]+): (?P<text>.*)$"
)
_STARTING = re.compile(r"^Starting (?P<test>\S+) \.\.\.")
_SKIPPED = re.compile(r"^skipped (?P<test>\S+) : (?P<reason>.*)$")
_FAILED = re.compile(r"^(?:FAIL|ERROR): (?P<test>.*)$")
_TOTAL = re.compile(r"^(\d+) failed, (\d+) error\(s\) of (\d+) tests")
_CLOSING = re.compile(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$", re.MULTILINE)
_COMPLAINTS = ("WARNING", "ERROR", "CRITICAL")


@dataclass(frozen=True)
class Counts:
    """Numbers of one lane; they can be added."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other):
        return Counts(
            self.passed + other.passed,
            self.failed + other.failed,
            self.skipped + other.skipped,
        )

    @property
    def ran(self):
        """How many tests were met at all."""
        return self.passed + self.failed + self.skipped

    def line(self):
        """The closing line of `./run test`.

        >>> Counts(3).line(), Counts(3, 1, 2).line()
        ('3 passed, 0 failed', '3 passed, 1 failed, 2 skipped')
        """
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"


def closing_counts(text):
    """What the last closing line in the output of `./run test` says.

    :param str text: all of it
    :returns: Counts; of one failure where there is no such line

    >>> closing_counts("== fast: 1 passed, 0 failed (1 s)\\n3 passed, 1 failed\\n")
    Counts(passed=3, failed=1, skipped=0)
    """
    found = _CLOSING.findall(text)
    if not found:
        return Counts(failed=1)
    return Counts(*(int(number or 0) for number in found[-1]))


@dataclass
class OdooLog:
    """Reads an Odoo test run line by line.

    :param str module: the add-on whose complaints count as failures
    """

    module: str = "mini_crm"
    started: set = field(default_factory=set)
    failed: set = field(default_factory=set)
    skipped: dict = field(default_factory=dict)
    complaints: list = field(default_factory=list)
    total: int = -1
    broken: int = 0
    exit_code: int = 0

    def read(self, line):
        """Take one line.

        :param str line: without the newline
        :returns: True when a person should see it, False when not, None when it only
            continues the line before (a traceback)
        """
        match = _LINE.match(line)
        if not match:
            return None
        level, logger, text = match["level"], match["logger"], match["text"]
        total = _TOTAL.match(text)
        if total and logger.startswith(("odoo.tests", "odoo.modules")):
            self.total = int(total[3])
            self.broken = int(total[1]) + int(total[2])
            return False
        if self._is_test_line(level, logger, text):
            return level in _COMPLAINTS
        if level in _COMPLAINTS and self._is_ours(logger, text, match["db"]):
            self.complaints.append(f"{level} {logger}: {text}")
        return level in _COMPLAINTS

    def _is_test_line(self, level, logger, text):
        for pattern in (_STARTING, _SKIPPED, _FAILED):
            match = pattern.match(text)
            if match:
                break
        else:
            return False
        name = _test_name(logger, match["test"])
        if pattern is _STARTING:
            self.started.add(name)
        elif pattern is _SKIPPED:
            self.skipped[name] = match["reason"]
        elif level not in _COMPLAINTS:
            return False  # a first try that Odoo repeats; it marks the level with "_"
        elif ".tests." in logger or "setUpClass" in text or "tearDownClass" in text:
            self.failed.add(name)
        else:
            return False
        return True

    def _is_ours(self, logger, text, db):
        if logger.startswith(f"odoo.addons.{self.module}."):
            return True
        return self.module in text.replace(db, "")

    def counts(self, *, skip_is_failure=True):
        """Numbers of the run.

        A run that broke off, or in which Odoo counted failures we did not see, has at
        least one failure whatever else was printed. So has one with complaints.

        :param bool skip_is_failure: lanes of the add-on may not skip anything
        :rtype: Counts
        """
        failed = len(self.failed) or (1 if self.broken else 0)
        failed += len(self.complaints)
        if not failed and (self.total < 0 or self.exit_code):
            failed = 1
        skipped = set(self.skipped) - self.failed
        passed = len(self.started - self.failed - skipped)
        if skip_is_failure:
            return Counts(passed, failed + len(skipped), 0)
        return Counts(passed, failed, len(skipped))


def _test_name(logger, words):
    """One name per test: sub-tests are their test, set-up errors their class."""
    subtest = re.match(r"Subtest (\S+)", words)
    return f"{logger}.{subtest[1] if subtest else words.split(' ')[0]}"


def junit_counts(text):
    """Numbers out of pytest's JUnit file.

    :param str text: XML
    :rtype: Counts
    """
    root = ElementTree.fromstring(text)
    suites = [root] if root.tag == "testsuite" else list(root)
    numbers = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    for suite in suites:
        for name in numbers:
            numbers[name] += int(suite.get(name, 0))
    failed = numbers["failures"] + numbers["errors"]
    passed = max(0, numbers["tests"] - failed - numbers["skipped"])
    return Counts(passed, failed, numbers["skipped"])
