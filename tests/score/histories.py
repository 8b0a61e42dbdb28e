"""Histories of customers: invented, entered through the product's doors, judged."""

from datetime import timedelta

from odoo.tools import SQL

from . import oracle

TYPES = {
    "in": "message_received",
    "out": "message_sent",
    "call": "call_logged",
    "referral": "referral_made",
}


def enter_events(env, rows):
    """Log (partner, kind, date) in one statement, in this order."""
    if not rows:
        return
    env["mini_crm.event"]._log_many(
        {
            "partner_id": SQL("r.partner_id"),
            "type": SQL("r.type"),
            "date": SQL("r.date"),
        },
        SQL(
            """FROM unnest(%s::int[], %s::varchar[], %s::timestamp[])
                WITH ORDINALITY AS r(partner_id, type, date, place) ORDER BY r.place""",
            [partner.id for partner, _kind, _date in rows],
            [TYPES[kind] for _partner, kind, _date in rows],
            [date for _partner, _kind, date in rows],
        ),
    )


def enter_purchases(env, rows, start=0):
    """Enter (partner, kind, date, amount) in the ledger in one statement."""
    if not rows:
        return
    env["mini_crm.purchase"]._record_many(
        {
            "partner_id": SQL("r.partner_id"),
            "date": SQL("r.date"),
            "amount": SQL("r.amount"),
            "origin": SQL("'test:' || r.place"),
        },
        SQL(
            """FROM (SELECT partner_id, date, amount, place + %s AS place FROM unnest(
                %s::int[], %s::timestamp[], %s::numeric[])
                WITH ORDINALITY AS u(partner_id, date, amount, place)) r""",
            start,
            [row[0].id for row in rows],
            [row[2] for row in rows],
            [row[3] for row in rows],
        ),
    )


def random_events(rng, now, most=25):
    """A conversation: list of (kind, date) before ``now``."""
    return [
        (
            rng.choice(["in", "out", "out", "in", "call"]),
            now
            - timedelta(minutes=rng.randrange(1, 60 * 24 * rng.choice([3, 60, 900]))),
        )
        for _each in range(rng.randrange(most) if rng.random() < 0.8 else 0)
    ]


def random_purchases(rng, now, most=12):
    """Purchases and refunds: list of (kind, date, amount) before ``now``."""
    bought = []
    for _each in range(rng.randrange(most) if rng.random() < 0.6 else 0):
        date = now - timedelta(minutes=rng.randrange(1, 60 * 24 * 900))
        amount = round(rng.choice([0.0, rng.lognormvariate(3, 1.5)]), 2)
        if rng.random() < 0.15:
            bought.append(("refund", date, -amount or -1.0))
        else:
            bought.append(("purchase", date, amount))
    return bought


def details_of(partner, custom_slots, custom_keys=(), **others):
    """What the oracle wants to know of a customer's details.

    :param custom_keys: of the fields beyond the slots
    """
    beyond = partner.custom_fields_extra or {}
    basic = (
        partner.name,
        partner.email,
        partner.phone,
        partner.image_1920,
        partner.source_id,
        partner.city,
    )
    return {
        "basic": sum(1 for value in basic if value),
        "custom": sum(1 for slot in custom_slots if partner[slot])
        + sum(1 for key in custom_keys if beyond.get(key)),
        "created": partner.create_date,
        **others,
    }


def expected(events, purchases, details, settings, now):
    """What the profile must show: dict of field values of ``res.partner``."""
    judged = oracle.judge(events, purchases, details, settings, now)
    return {
        "crm_score": judged["score"],
        "score_parts": judged["parts"],
        "crm_health": judged["health"] or False,
        "journey_stage": judged["stage"],
        "total_interactions": judged["total_interactions"],
        "response_rate": judged["response_rate"],
        "last_contacted_at": judged["last_contacted_at"] or False,
        "total_purchases": judged["total_purchases"],
        "total_spent": judged["total_spent"],
        "average_order_value": judged["average_order_value"],
        "customer_since": judged["customer_since"],
    }


def shown(partner, names):
    """Values of fields of a partner, dates without microseconds cut off."""
    return {name: partner[name] for name in names}
