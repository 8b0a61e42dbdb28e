"""Whom shipped segments and tag rules hold: plain Python, from mission and words alone.

Shares no line with the product and imports nothing but the standard library, so it also
runs outside Odoo. What it is told of a customer is what the score's oracle has judged.
"""

from datetime import date, timedelta, timezone

SEGMENTS = ("vip", "inactive", "new", "high_value", "regular")
TAG_RULES = ("vip", "birthday", "high_spender", "regular", "inactive")


def segments(judged, now, zone):
    """Keys of the shipped segments that a customer belongs to (frozenset).

    :param dict judged: score, total_purchases, total_spent, last_contacted_at,
        customer_since (UTC) and ``active``
    :param datetime now: UTC, naive
    :param tzinfo zone: of the company: days begin at its midnight
    """
    holds = {
        "vip": _vip(judged),
        "inactive": _silent(judged, now, zone),
        "new": _days_ago(judged["customer_since"], now, zone) <= 7,
        "high_value": judged["total_spent"] >= 1_000_000,
        "regular": _regular(judged, now, zone),
    }
    return frozenset(key for key in SEGMENTS if judged["active"] and holds[key])


def tag_rules(judged, now, zone, *, jalali=False):
    """Keys of the shipped tag rules whose condition holds for a customer (frozenset).

    :param dict judged: as of ``segments``, and ``birth_date``
    :param bool jalali: the shop's months are those of the Jalali calendar
    """
    holds = {
        "vip": _vip(judged),
        "birthday": _birthday(judged["birth_date"], now, zone, jalali),
        "high_spender": judged["total_spent"] >= 2_000_000,
        "regular": _regular(judged, now, zone),
        "inactive": _silent(judged, now, zone),
    }
    return frozenset(key for key in TAG_RULES if judged["active"] and holds[key])


class Carried:
    """The tags of one customer: what people and what rules have done, step by step."""

    def __init__(self, by_hand=()):
        self.by_hand = set(by_hand)
        self.wanted = {}
        self.declined = set()

    @property
    def tags(self):
        """Tags that the customer carries now (set)."""
        rules = {t for rule, t in self.wanted.items() if rule not in self.declined}
        return self.by_hand | rules

    def add(self, tag):
        """A person puts a tag on, also one that a rule has put on: it stays."""
        self.by_hand.add(tag)

    def remove(self, tag):
        """A person takes a tag off: no rule puts it on while it goes on holding."""
        self.by_hand.discard(tag)
        self.declined |= {rule for rule, wants in self.wanted.items() if wants == tag}

    def rules_hold(self, wanted):
        """The rules were looked at.

        :param dict wanted: {rule: tag} of the rules whose condition holds
        """
        self.wanted = dict(wanted)
        self.declined &= set(wanted)


def alternate(changes):
    """What is wrong with the entering and leaving of customers, if anything.

    :param changes: (customer, segment, "in" or "out") in the order they were logged
    :return: list of (customer, segment, sides): do not begin with "in" and alternate
    """
    sides = {}
    for customer, segment, side in changes:
        sides.setdefault((customer, segment), []).append(side)
    return [
        (*both, told)
        for both, told in sides.items()
        if told != [("in", "out")[place % 2] for place in range(len(told))]
    ]


def _vip(judged):
    return judged["score"] >= 80 and judged["total_purchases"] >= 5


def _silent(judged, now, zone):
    heard = judged["last_contacted_at"] or judged["customer_since"]
    return _days_ago(heard, now, zone) > 30


def _regular(judged, now, zone):
    bought = judged["total_purchases"] > 0
    return bought and not _vip(judged) and not _silent(judged, now, zone)


def _days_ago(when, now, zone):
    """How many of the company's days lie between a moment and today."""
    return (_local_day(now, zone) - _local_day(when, zone)).days


def _local_day(when, zone):
    return when.replace(tzinfo=timezone.utc).astimezone(zone).date()


def _birthday(born, now, zone, jalali):
    if not born:
        return False
    today = _local_day(now, zone)
    if not jalali:
        return born.month == today.month
    return jalali_month(born) == jalali_month(today)


def jalali_month(day):
    """Month (1 to 12) of a date in the Jalali calendar."""
    new_year = _new_year(day.year)
    if day < new_year:
        new_year = _new_year(day.year - 1)
    passed = (day - new_year).days
    return passed // 31 + 1 if passed < 186 else (passed - 186) // 30 + 7


def _new_year(year):
    """The first of Farvardin within a Gregorian year, by the rule of 33 years.

    It holds from 1925 to 2088; leap are the years that leave one of these remainders.
    """
    jalali = year - 621
    first = date(1925, 3, 21)  # 1 Farvardin 1304
    years = jalali - 1304
    leaps = sum((1304 + n) % 33 in (1, 5, 9, 13, 17, 22, 26, 30) for n in range(years))
    if years < 0:
        leaps = -sum(
            (1304 - n) % 33 in (1, 5, 9, 13, 17, 22, 26, 30)
            for n in range(1, 1 - years)
        )
    return first + timedelta(days=365 * years + leaps)
