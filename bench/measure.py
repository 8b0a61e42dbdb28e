"""Figures: measured in turns, compared as ratios, printed with goal and verdict."""

import statistics
import time
from dataclasses import asdict, dataclass, field

from .environment import say


@dataclass(frozen=True)
class Goal:
    """What a ratio must be.

    ``kind`` is "faster" (at least ``value`` times as fast as the other) or "cost" (at
    most ``value`` times the other's time).
    """

    kind: str
    value: float

    def ratio(self, ours, other):
        """The ratio that this goal is about (float), from two times in seconds."""
        return other / ours if self.kind == "faster" else ours / other

    def met(self, ours, other):
        """Whether the goal is met (bool)."""
        ratio = self.ratio(ours, other)
        return ratio >= self.value if self.kind == "faster" else ratio <= self.value

    def text(self):
        """The goal for people (str)."""
        return f">= {self.value:g}" if self.kind == "faster" else f"<= {self.value:g}"


def at_least_as_fast(times):
    """Goal: ours is at least ``times`` times as fast as the other."""
    return Goal("faster", times)


def at_most_cost(times):
    """Goal: ours takes at most ``times`` times as long as the other."""
    return Goal("cost", times)


@dataclass
class Figure:
    """Our time for something, beside others' times for the same thing, in seconds.

    ``limit`` is a time in seconds that is only reported: machines differ. ``others`` is
    a list of (name, seconds, Goal or None). ``broken`` says which promise other than a
    time is not kept, if any.
    """

    name: str
    ours: float
    limit: float | None = None
    others: list = field(default_factory=list)
    note: str = ""
    broken: str = ""

    def against(self, name, seconds, goal=None):
        """Add another's time; without a goal it is only reported. Returns self."""
        self.others.append((name, seconds, goal))
        return self

    @property
    def missed(self):
        """Whether a goal is missed (bool); times alone never count."""
        return bool(self.broken) or any(
            goal and not goal.met(self.ours, other) for _n, other, goal in self.others
        )

    def as_dict(self):
        """This figure for a JSON file (dict)."""
        return {
            "name": self.name,
            "ours_seconds": self.ours,
            "limit_seconds": self.limit,
            "note": self.note,
            "broken": self.broken,
            "others": [
                {
                    "name": name,
                    "seconds": seconds,
                    "goal": asdict(goal) if goal else None,
                    "ratio": (goal or at_most_cost(1)).ratio(self.ours, seconds),
                    "met": goal.met(self.ours, seconds) if goal else None,
                }
                for name, seconds, goal in self.others
            ],
        }


def in_turns(contestants, rounds, *, before=None):
    """Measure contestants in turns, so that a busy moment hits all of them.

    :param dict contestants: name -> function of the round's number; it may return the
        seconds it took, otherwise the whole call is timed
    :param int rounds: how often; the order is turned round each time
    :param before: function called before each measurement, not timed
    :return: dict: name -> median of the seconds
    """
    taken = {name: [] for name in contestants}
    order = list(contestants)
    for number in range(rounds):
        for name in order if number % 2 == 0 else reversed(order):
            if before:
                before()
            began = time.perf_counter()
            returned = contestants[name](number)
            seconds = time.perf_counter() - began
            taken[name].append(returned if isinstance(returned, float) else seconds)
    return {name: statistics.median(seconds) for name, seconds in taken.items()}


def print_figures(figures):
    """Print figures as a table."""
    rows = [("figure", "ours", "against", "its time", "ratio", "goal", "verdict")]
    for figure in figures:
        name, ours = figure.name, _time(figure.ours)
        for other, seconds, goal in figure.others:
            ratio = (goal or at_most_cost(1)).ratio(figure.ours, seconds)
            told = f"{ratio:.2f} times as fast"
            if not goal or goal.kind == "cost":
                told = f"{ratio:.2f} times its time"
            verdict = (
                ("PASS" if goal.met(figure.ours, seconds) else "MISS") if goal else ""
            )
            goal_text = goal.text() if goal else "reported"
            rows.append((name, ours, other, _time(seconds), told, goal_text, verdict))
            name = ours = ""
        if figure.limit:
            held = "below it" if figure.ours < figure.limit else "ABOVE it"
            rows.append(
                (name, ours, "", "", "", f"< {_time(figure.limit)} reported", held)
            )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        say(
            "  ".join(
                cell.ljust(width) for cell, width in zip(row, widths, strict=True)
            ).rstrip()
        )
    for figure in figures:
        if figure.note:
            say(f"{figure.name}: {figure.note}")
        if figure.broken:
            say(f"{figure.name}: MISS: {figure.broken}")


def _time(seconds):
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"
