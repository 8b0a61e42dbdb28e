"""The journey of customers in numbers: who moved on, who moved back, who fell silent.

What the numbers mean stands in docs/journey.md. Ages and times in a stage are whole
days: the difference of two dates in UTC.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

STAGES = ("awareness", "consideration", "purchase", "retention", "advocacy")
PERIODS = {"30": 30, "90": 90, "365": 365, "all": None}  # in days
SILENT_ALL = 365  # days without a sign of life, when the period is "all"
WATCHED = 5  # stays that a step of the curve must rest on

_EVEN = 1e-9  # as many steps of a curve may go wrong by rounding


class Point(NamedTuple):
    """What happens at one age of the stays in a stage."""

    stage: str
    age: int  # days since the stay began
    came: int  # stays that are watched from this age on
    left: int  # stays that are watched up to this age
    moved: int  # of those, the ones that ended: the customer moved


class Stays(NamedTuple):
    """Equal stays: still open ones, or what is told of closed ones.

    ``kind`` is "open" or "began", with the days since the stay began, or "ended", with
    the days that it lasted: each closed stay stands in one "began" and one "ended".
    """

    kind: str
    stage: str
    period: int  # place of the shortest period in which the stay ended
    days: int
    number: int


class StageFigures(NamedTuple):
    """One stage in a period; shares are in 0..1, None where nobody was there."""

    stage: str
    customers: int  # now
    stays: int  # customers that were there in the period, once for each stay
    forward: int  # moves to a later stage
    back: int  # moves to an earlier stage
    silent: int | None  # customers there now without a sign of life in the period
    conversion: float | None
    drop_off: float | None
    median_days: int | None  # None: fewer than half have moved, or too few are watched


def median_days(points: Iterable[Point]) -> int | None:
    """Median time in one stage: the age by which half of the stays have ended.

    The product-limit estimate (Kaplan and Meier 1958) with delayed entry: whoever is
    still there counts for as long as he has been, and a stay that began before the
    period counts from the age that it had by then. Steps that rest on fewer than
    ``WATCHED`` stays are passed over (Lai and Ying 1991): else two early customers
    would decide for everybody.

    :param points: those of one stage, in any order
    """
    watched, still_there = 0, 1.0
    for point in sorted(points, key=lambda point: point.age):
        watched += point.came
        if point.moved and watched >= WATCHED:
            still_there *= 1 - point.moved / watched
            if still_there <= 0.5 + _EVEN:
                return point.age
        watched -= point.left
    return None


def medians(
    stays: Iterable[Stays], period: int, length: int | None
) -> dict[str, int | None]:
    """Median time in each stage, in days.

    :param period: the place of the period: stays that ended before it are left out
    :param length: days since the period began; None: since ever
    """
    ages = defaultdict(Counter)
    for kind, stage, place, days, number in stays:
        if place > period:
            continue
        if kind != "ended":
            came = 0 if length is None else max(0, days - length)
            ages[stage, came]["came"] += number
        if kind != "began":
            ages[stage, days]["left"] += number
        if kind == "ended":
            ages[stage, days]["moved"] += number
    points = defaultdict(list)
    for (stage, age), counts in ages.items():
        points[stage].append(
            Point(stage, age, counts["came"], counts["left"], counts["moved"])
        )
    return {stage: median_days(points[stage]) for stage in STAGES}


def stage_figures(
    customers: Mapping[str, int],
    moves: Mapping[tuple[str, str], int],
    silent: Mapping[str, int] | None,
    median: Mapping[str, int | None],
) -> list[StageFigures]:
    """The figures of all stages, in order.

    :param customers: stage -> how many are there now
    :param moves: (from, to) -> moves in the period
    :param silent: stage -> how many there gave no sign of life in the period; None:
        nobody knows, and so nobody knows the drop-off
    :param median: stage -> days
    """
    rows = []
    for stage in STAGES:
        forward = sum(moves.get((stage, to), 0) for to in to_later(stage))
        back = sum(moves.get((stage, to), 0) for to in to_earlier(stage))
        now = customers.get(stage, 0)
        stays = now + forward + back
        still = None if silent is None else silent.get(stage, 0)
        known = stays and still is not None
        rows.append(
            StageFigures(
                stage=stage,
                customers=now,
                stays=stays,
                forward=forward,
                back=back,
                silent=still,
                conversion=forward / stays if stays and to_later(stage) else None,
                drop_off=(back + still) / stays if known else None,
                median_days=median.get(stage),
            )
        )
    return rows


def to_later(stage: str) -> tuple[str, ...]:
    """The stages that a customer can move on to from a stage."""
    return STAGES[STAGES.index(stage) + 1 :]


def to_earlier(stage: str) -> tuple[str, ...]:
    """The stages that a customer can move back to from a stage."""
    return STAGES[: STAGES.index(stage)]
