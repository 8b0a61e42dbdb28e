"""What the score of a customer must be: plain Python, written from the formula alone.

Shares no line with the product (docs/architecture.md, "The score" is the source) and
imports nothing but the standard library, so it also runs outside Odoo. Slow and simple:
it replays every event.
"""

from datetime import timedelta
from decimal import Decimal
from math import floor, log

WEIGHTS = {
    "engagement": (0.4, {"interactions": 0.3, "response": 0.2, "recency": 0.5}),
    "purchases": (0.3, {"count": 0.4, "spent": 0.4, "average": 0.2}),
    "completeness": (0.2, {"basic": 0.5, "custom": 0.5}),
    "loyalty": (0.1, {"since": 0.5, "repeat": 0.5}),
}
FULL = {"interactions": 50, "purchases": 10, "days": 730, "repeats": 4}


def judge(events, purchases, details, settings, now):
    """Judge one customer.

    :param list events: (kind, datetime) in order of arrival; kind is "in", "out",
        "call" (interactions), "click" or "referral"
    :param list purchases: (kind, datetime, amount); kind is "purchase" or "refund", the
        amount in the customer's currency, that of a refund negative
    :param dict details: ``basic`` (filled of the six), ``custom`` (filled custom
        fields), ``created`` (datetime); optional ``imported_since``, ``referrals``
        (others that were referred by this one), ``advocate`` (bool), ``hold``
        (stage, date)
    :param dict settings: ``full_spent`` (S), ``full_order`` (A), ``custom_fields``
        (definitions that can be filled); optional ``weights`` as ``WEIGHTS``,
        ``full`` (what earns full marks: ``interactions``, ``purchases``, ``days``,
        ``repeats``), ``half_life`` (days), ``advocacy_score``, ``advocacy_purchases``
    :param datetime now: all times are UTC
    :return: dict of score, stars, parts, points, health (None: not enough data yet),
        stage, and the counters total_interactions, asked, answered, response_rate,
        last_contacted_at, total_purchases, total_spent, average_order_value,
        customer_since
    """
    facts = {**talk(events, now), **bought(purchases)}
    facts["customer_since"] = min(
        moment
        for moment in (
            details["created"],
            details.get("imported_since"),
            facts["first_contact"],
            facts["first_purchase"],
        )
        if moment
    )
    points = weigh(
        factors(facts, details, settings, now), settings.get("weights", WEIGHTS)
    )
    total = nine(sum(points.values()))
    score = floor(total + Decimal("0.5"))
    rounded = {name: nine(value) for name, value in points.items()}
    enough = facts["total_interactions"] or facts["total_purchases"]
    band = "green" if score >= 80 else "yellow" if score >= 50 else "red"
    return {
        **facts,
        "score": score,
        "stars": score // 20,
        "points": {**rounded, "total": total},
        "parts": largest_remainder(score, rounded),
        "health": band if enough else None,
        "stage": stage(events, facts, details, settings, score, now),
    }


def talk(events, now):
    """Interactions and asks, by replaying the events in order."""
    ordered = sorted(events, key=lambda event: event[1])  # stable: equal times as given
    contacts = [date for kind, date in ordered if kind in ("in", "out", "call")]
    asks = []  # [time of the last outgoing message, answered in time?]
    waiting = False
    for kind, date in ordered:
        if kind == "out" and waiting:
            asks[-1][0] = date
        elif kind == "out":
            asks.append([date, None])
            waiting = True
        elif kind == "in" and waiting:
            asks[-1][1] = date - asks[-1][0] <= timedelta(hours=72)
            waiting = False
    counting = [
        answered
        for date, answered in asks
        if answered is not None or now - date >= timedelta(hours=72)
    ]
    answered = sum(1 for answer in counting if answer)
    return {
        "total_interactions": len(contacts),
        "first_contact": min(contacts, default=None),
        "last_contacted_at": max(contacts, default=None),
        "asked": len(counting),
        "answered": answered,
        "response_rate": answered / len(counting) if counting else 0.0,
    }


def bought(purchases):
    """Purchases and what was spent net of refunds."""
    dates = [date for kind, date, _amount in purchases if kind == "purchase"]
    spent = float(
        sum((Decimal(str(amount)) for _k, _d, amount in purchases), Decimal())
    )
    return {
        "total_purchases": len(dates),
        "total_spent": spent,
        "average_order_value": spent / len(dates) if dates else 0.0,
        "first_purchase": min(dates, default=None),
        "last_purchase": max(dates, default=None),
    }


def factors(facts, details, settings, now):
    """Value of every part of every factor; None: its weight goes to its sisters."""

    def grown(value, full):
        return min(1.0, log(1 + value) / log(1 + full))

    def of_full(amount, full):
        unit = full / 100
        return min(1.0, log(1 + max(amount, 0) / unit) / log(1 + full / unit))

    def days(since):
        return max(0.0, (now - since).total_seconds() / 86400)

    most = {**FULL, **settings.get("full", {})}
    half_life = settings.get("half_life", 30)
    last = facts["last_contacted_at"]
    bought_times = facts["total_purchases"]
    defined = settings["custom_fields"]
    return {
        "engagement": {
            "interactions": grown(facts["total_interactions"], most["interactions"]),
            "response": facts["response_rate"] if facts["asked"] else None,
            "recency": 0.5 ** (days(last) / half_life) if last else 0.0,
        },
        "purchases": {
            "count": grown(bought_times, most["purchases"]),
            "spent": of_full(facts["total_spent"], settings["full_spent"]),
            "average": of_full(facts["average_order_value"], settings["full_order"]),
        },
        "completeness": {
            "basic": details["basic"] / 6,
            "custom": min(1.0, details["custom"] / defined) if defined else None,
        },
        "loyalty": {
            "since": min(1.0, days(facts["customer_since"]) / most["days"]),
            "repeat": min(1.0, max(0, bought_times - 1) / most["repeats"]),
        },
    }


def weigh(values, weights):
    """Points of the four factors: {factor: float}."""
    whole = sum(weight for weight, _parts in weights.values())
    points = {}
    for factor, (weight, parts) in weights.items():
        known = {
            part: share
            for part, share in parts.items()
            if values[factor][part] is not None
        }
        shares = sum(known.values())
        value = sum(share * values[factor][part] for part, share in known.items())
        points[factor] = 100 * weight / whole * (value / shares if shares else 0.0)
    return points


def nine(value):
    """Rounded half up to 9 decimals, as a decimal number of 15 digits."""
    return (Decimal(f"{value:.15g}") * 10**9 + Decimal("0.5")) // 1 / 10**9


def largest_remainder(score, points):
    """Whole parts that add up to the score."""
    parts = {name: int(value // 1) for name, value in points.items()}
    ranking = sorted(points, key=lambda name: points[name] % 1, reverse=True)
    for name in ranking[: score - sum(parts.values())]:
        parts[name] += 1
    return parts


def stage(events, facts, details, settings, score, now):
    """Journey stage."""
    held, until = details.get("hold") or (None, None)
    if held and until >= now.date():
        return held
    times = facts["total_purchases"]
    kinds = {kind for kind, _date in events}
    vip = score >= settings.get("advocacy_score", 80) and times >= settings.get(
        "advocacy_purchases", 5
    )
    if (
        vip
        or details.get("advocate")
        or details.get("referrals")
        or "referral" in kinds
    ):
        return "advocacy"
    if times:
        return "retention" if times >= 2 else "purchase"
    return "consideration" if kinds & {"in", "click"} else "awareness"
