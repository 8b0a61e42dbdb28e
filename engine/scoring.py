"""The score of a customer, 0 to 100: formula, parts, and what would raise it most.

The formula and its defaults are those of docs/architecture.md, "The score". The product
computes scores for everybody by one SQL statement (``models/score/score_sql.py``) that
takes its constants from here; this module explains single scores and must agree.
"""

from dataclasses import dataclass, field, replace
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from math import log

HALF_LIFE = 30  # days after which recency is worth half, as shipped
ASK_HOURS = 72  # an ask waits so long for its answer
UNITS = 100  # of which S (or A) has so many: u = S / UNITS
BASIC_DETAILS = ("name", "email", "phone", "photo", "source", "city")
DECIMALS = Decimal("1e-9")  # to which points are rounded

GREEN = 80  # from here on a customer is healthy
YELLOW = 50  # from here on moderate, below at risk
HYSTERESIS = 3  # points beyond the border before health_changed is logged
NOTEWORTHY = 5  # points that score_changed is worth

# Factor -> its parts; also the order in which equal remainders are given out.
FACTORS = {
    "engagement": ("interactions", "response", "recency"),
    "purchases": ("count", "spent", "average"),
    "completeness": ("basic", "custom"),
    "loyalty": ("since", "repeat"),
}

# Weights as shipped; the shop's own are in mini_crm.score.factor.
WEIGHTS = {
    "engagement": 0.4,
    "engagement.interactions": 0.3,
    "engagement.response": 0.2,
    "engagement.recency": 0.5,
    "purchases": 0.3,
    "purchases.count": 0.4,
    "purchases.spent": 0.4,
    "purchases.average": 0.2,
    "completeness": 0.2,
    "completeness.basic": 0.5,
    "completeness.custom": 0.5,
    "loyalty": 0.1,
    "loyalty.since": 0.5,
    "loyalty.repeat": 0.5,
}

# How many earn full marks as shipped: interactions, purchases, days as a customer,
# purchases after the first.
FULL_COUNTS = {
    "engagement.interactions": 50,
    "purchases.count": 10,
    "loyalty.since": 730,
    "loyalty.repeat": 4,
}


@dataclass(frozen=True)
class Facts:
    """What is known of a customer; amounts in the currency of ``Settings``."""

    interactions: int = 0
    asked: int = 0
    answered: int = 0
    contact_age: float | None = None  # days since the last contact; None: never
    purchases: int = 0
    spent: float = 0.0  # net of refunds
    average: float = 0.0  # spent / purchases
    basic_filled: int = 0  # of BASIC_DETAILS
    custom_filled: int = 0
    customer_age: float = 0.0  # days as a customer


@dataclass(frozen=True)
class Settings:
    """What earns full marks in this shop, and what counts how much."""

    full_spent: float  # S
    full_order: float  # A
    custom_fields: int = 0  # definitions in use that can be filled
    weights: dict = field(default_factory=WEIGHTS.copy)
    full_counts: dict = field(default_factory=FULL_COUNTS.copy)
    half_life: float = HALF_LIFE  # days


@dataclass(frozen=True)
class Part:
    """One part of a factor: its value 0..1, its points, and the most it could give."""

    value: float
    points: float
    most: float


@dataclass(frozen=True)
class Score:
    """A score that can explain itself."""

    score: int
    exact: Decimal  # x of the formula, 9 decimals
    factors: dict  # factor -> whole points; they add up to ``score``
    exact_factors: dict  # factor -> points as Decimal, 9 decimals
    parts: dict  # "factor.part" -> Part

    @property
    def stars(self):
        """Stars, 0 to 5."""
        return self.score // 20


def normal(weights):
    """Weights divided by the sum of their sisters, so that each level adds up to 1.

    :param dict weights: key -> number >= 0, keys as in ``WEIGHTS``
    :rtype: dict
    """
    result = {}
    for parent, names in (("", FACTORS), *FACTORS.items()):
        keys = [f"{parent}.{name}" if parent else name for name in names]
        total = sum(weights[key] for key in keys)
        result.update({key: weights[key] / total if total else 0.0 for key in keys})
    return result


def part_values(facts, settings):
    """Value 0..1 of every part, or ``None`` where its weight goes to its sisters.

    :rtype: dict[str, float | None]
    """
    fields, full = settings.custom_fields, settings.full_counts
    return {
        "engagement.interactions": _grown(
            facts.interactions, full["engagement.interactions"]
        ),
        "engagement.response": facts.answered / facts.asked if facts.asked else None,
        "engagement.recency": _recency(facts.contact_age, settings.half_life),
        "purchases.count": _grown(facts.purchases, full["purchases.count"]),
        "purchases.spent": _grown(
            max(0.0, facts.spent) * UNITS / settings.full_spent, UNITS
        ),
        "purchases.average": _grown(
            max(0.0, facts.average) * UNITS / settings.full_order, UNITS
        ),
        "completeness.basic": facts.basic_filled / len(BASIC_DETAILS),
        "completeness.custom": min(1.0, facts.custom_filled / fields)
        if fields
        else None,
        "loyalty.since": min(1.0, max(0.0, facts.customer_age) / full["loyalty.since"]),
        "loyalty.repeat": min(
            1.0, max(0, facts.purchases - 1) / full["loyalty.repeat"]
        ),
    }


def score(facts, settings):
    """Score of a customer with all its parts.

    :param Facts facts: what is known of the customer
    :param Settings settings: what earns full marks
    :rtype: Score
    """
    values = part_values(facts, settings)
    weights = normal(settings.weights)
    points, parts = {}, {}
    for factor, names in FACTORS.items():
        keys = [f"{factor}.{name}" for name in names]
        known = [key for key in keys if values[key] is not None]
        total = sum(weights[key] for key in known)
        for key in keys:
            share = weights[key] / total if key in known and total else 0.0
            most = 100 * weights[factor] * share
            value = values[key] or 0.0
            parts[key] = Part(value, most * value, most)
        points[factor] = sum(parts[key].points for key in keys)
    exact = _nine(sum(points.values()))
    exact_factors = {factor: _nine(value) for factor, value in points.items()}
    whole = int((exact + Decimal("0.5")).to_integral_value(ROUND_FLOOR))
    return Score(whole, exact, shared_out(whole, exact_factors), exact_factors, parts)


def shared_out(whole, exact):
    """Whole numbers that add up to ``whole``: largest remainder, ties in given order.

    :param int whole: the score
    :param dict[str, Decimal] exact: points of each factor
    :rtype: dict[str, int]
    """
    floors = {
        key: int(value.to_integral_value(ROUND_FLOOR)) for key, value in exact.items()
    }
    left = whole - sum(floors.values())
    by_remainder = sorted(exact, key=lambda key: floors[key] - exact[key])
    for key in by_remainder[:left]:
        floors[key] += 1
    return floors


def tenths(parts, exact):
    """Points of the parts of a factor in tenths that add up to those of the factor.

    :param dict[str, Part] parts: the factor's parts
    :param Decimal exact: exact points of the factor
    :return: key -> points with one decimal; their sum is ``exact`` to one decimal
    :rtype: dict[str, float]
    """
    points = {key: _nine(10 * part.points) for key, part in parts.items()}
    whole = int((10 * exact + Decimal("0.5")).to_integral_value(ROUND_FLOOR))
    return {key: n / 10 for key, n in shared_out(whole, points).items()}


def health(points):
    """Band of a score: "green", "yellow" or "red"."""
    return "green" if points >= GREEN else "yellow" if points >= YELLOW else "red"


def gains(facts, settings):
    """What would raise the score most: list of (code, points), best first.

    Codes: ``contact`` (a contact now), ``answer`` (the customer answers the next
    message), ``purchase`` (one more purchase like the average one, or of A / 2 for the
    first), ``basic`` (one more basic detail), ``custom`` (one more custom field).
    Only what gains half a point or more is in it.
    """
    now = score(facts, settings).exact
    found = [
        (code, float(score(better, settings).exact - now))
        for code, better in _better(facts, settings)
    ]
    worth = [(code, points) for code, points in found if points >= 0.5]
    return sorted(worth, key=lambda row: -row[1])


def _better(facts, settings):
    """(code, facts) after each thing that could be done for a customer."""
    talked = replace(facts, interactions=facts.interactions + 1, contact_age=0.0)
    yield "contact", talked
    yield (
        "answer",
        replace(
            talked,
            interactions=facts.interactions + 2,
            asked=facts.asked + 1,
            answered=facts.answered + 1,
        ),
    )
    order = facts.average if facts.average > 0 else settings.full_order / 2
    count = facts.purchases + 1
    spent = facts.spent + order
    yield (
        "purchase",
        replace(facts, purchases=count, spent=spent, average=spent / count),
    )
    if facts.basic_filled < len(BASIC_DETAILS):
        yield "basic", replace(facts, basic_filled=facts.basic_filled + 1)
    if facts.custom_filled < settings.custom_fields:
        yield "custom", replace(facts, custom_filled=facts.custom_filled + 1)


def _grown(value, full):
    """Logarithmic growth from 0 to 1, which ``full`` earns."""
    return min(1.0, log(1 + value) / log(1 + full))


def _recency(age, half_life):
    """1 today, half after each ``half_life`` (days); never in contact: 0."""
    return 0.0 if age is None else 0.5 ** (max(0.0, age) / half_life)


def _nine(value):
    """A float to 9 decimals, as PostgreSQL casts it to numeric (15 digits)."""
    return Decimal(format(value, ".15g")).quantize(DECIMALS, ROUND_HALF_UP)
