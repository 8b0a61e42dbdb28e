"""Dates in conditions: "2026-01-31", or relative ones as Odoo has them, "today -30d".

A relative date is a beginning, ``today`` or ``now``, and steps: ``-30d`` (units d w m y
H M S), ``=1d`` (sets a part), ``=monday``, ``+week_start``. Days are those of whoever
evaluates: the rule's company.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime

from .calendars import GREGORIAN_YEARS

MAX_STEPS = 5
WEEKDAYS = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "week_start",
]
# The most of each unit that a step may move: about a century.
_FARTHEST = {
    "d": 36_600,
    "w": 5_200,
    "m": 1_200,
    "y": 100,
    "H": 880_000,
    "M": 10_000_000,
    "S": 100_000_000,
}
_SETTABLE = {
    "d": range(1, 32),
    "m": range(1, 13),
    "y": GREGORIAN_YEARS,
    "H": range(24),
    "M": range(60),
    "S": range(60),
}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(_DAY.pattern + r"[ T][0-9]{2}:[0-9]{2}:[0-9]{2}")
_STEP = re.compile(r"([-+=])(?:([0-9]{1,9})([dwmyHMS])|([a-z_]+))")


@dataclass(frozen=True)
class Step:
    """One step of a relative date: ``-30d`` is ("-", 30, "d"), ``=monday`` ("=", 0,
    "monday")."""

    sign: str
    count: int
    unit: str


@dataclass(frozen=True)
class Relative:
    """A relative date; ``start``: ``today`` (a day) or ``now`` (a moment)."""

    start: str
    steps: tuple[Step, ...]

    @property
    def whole_days(self) -> bool:
        """Whether it changes once a day only: it begins with ``today``."""
        return self.start == "today"

    @property
    def forward(self) -> bool:
        """Whether it never moves back while time goes on.

        "Now", with a part set, goes back by an hour when clocks go forward; a month or
        a year that is set ("today =1m") goes back when the next one begins.
        """
        if any(step.sign == "=" and step.unit in ("m", "y") for step in self.steps):
            return False
        return self.whole_days or all(step.sign != "=" for step in self.steps)


def read_date(text: str, days_only: bool) -> date | datetime | Relative | None:
    """What a date in a condition says; ``None``: nothing that can be read.

    :param days_only: it is compared with a day: no hours, and no ``now``, whose day
        would be that of UTC
    """
    if re.match(r"[0-9]", text):
        return _absolute(text, days_only)
    words = text.split(" ")
    start = words.pop(0) if words[0] in ("today", "now") else "now"
    steps = tuple(_step(word) for word in words)
    if None in steps or len(steps) > MAX_STEPS or (start == "now" and not words):
        return Relative("now", ()) if text == "now" and not days_only else None
    hours = any(step.unit in "HMS" for step in steps)
    if (start == "today" and hours) or (start == "now" and days_only):
        return None
    return Relative(start, steps)


def _absolute(text, days_only):
    kind = date if _DAY.fullmatch(text) else datetime
    if kind is datetime and (days_only or not _MOMENT.fullmatch(text)):
        return None
    try:
        said = kind.fromisoformat(text)
    except ValueError:
        return None
    return said if said.year in GREGORIAN_YEARS else None


def _step(word):
    match = _STEP.fullmatch(word)
    if not match:
        return None
    sign, digits, unit, day = match.groups()
    if day:
        return Step(sign, 0, day) if day in WEEKDAYS else None
    count = int(digits)
    if sign == "=":
        return Step(sign, count, unit) if count in _SETTABLE.get(unit, ()) else None
    return Step(sign, count, unit) if count <= _FARTHEST[unit] else None
