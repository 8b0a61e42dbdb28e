"""Raw rows of customers, and what the oracle makes of them.

The queries read what has happened (events, ledger, contacts, tags, settings) and never
a figure that the product has computed. Whoever runs them is given: the lanes inside
Odoo by their cursor, those outside by the contract, whose values are as in JSON.
"""

from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal

KINDS = {
    "message_received": "in",
    "message_sent": "out",
    "call_logged": "call",
    "link_clicked": "click",
    "referral_made": "referral",
}
BASIC = ("name", "email", "phone", "city", "source_id", "photo")

_PEOPLE = """
    SELECT p.id, p.name, p.email, p.phone, p.city, p.source_id, p.active, p.create_date,
        p.custom_fields_extra, {slots} f.imported_since,
        f.journey_stage AS shown_stage, f.journey_hold_until,
        EXISTS (SELECT FROM ir_attachment a WHERE a.res_model = 'res.partner'
            AND a.res_id = p.id AND a.res_field = 'image_1920') AS photo,
        (SELECT count(*) FROM res_partner r WHERE r.referred_by_id = p.id) AS referrals,
        EXISTS (SELECT FROM res_partner_res_partner_category_rel g
            JOIN res_partner_category c ON c.id = g.category_id
            WHERE g.partner_id = p.id AND c.mini_crm_advocate) AS advocate
    FROM res_partner p JOIN mini_crm_profile f ON f.id = p.id WHERE {which}
"""
_EVENTS = """
    SELECT e.partner_id, e.type, e.date FROM mini_crm_event e
    JOIN res_partner p ON p.id = e.partner_id
    WHERE e.type IN ({types}) AND {which} ORDER BY e.id
"""
_PURCHASES = """
    SELECT l.partner_id, l.kind, l.date, l.amount_company FROM mini_crm_purchase l
    JOIN res_partner p ON p.id = l.partner_id WHERE {which}
"""
_FIELDS = """
    SELECT key, type, slot, role FROM mini_crm_field WHERE active AND type <> 'boolean'
"""
_SETTINGS = """
    SELECT mini_crm_full_spent AS full_spent, mini_crm_full_order AS full_order
    FROM res_company ORDER BY id LIMIT 1
"""


def judged(oracle, run, now, which="TRUE", settings=None):
    """What the oracle says of customers.

    :param oracle: ``oracle.judge``, wherever it was imported from
    :param run: function of one SELECT that returns a list of dict
    :param datetime now: UTC
    :param str which: condition on ``res_partner p``, in SQL
    :param dict settings: full marks when the company has none of its own yet
    :return: {partner id: dict as of ``oracle.judge``, and ``birth_date``, ``active``,
        ``city``}
    """
    definitions = run(_FIELDS)
    (marks,) = run(_SETTINGS)
    marks = {name: value for name, value in marks.items() if value}
    settings = {
        **(settings or {}),
        **marks,
        "custom_fields": len(definitions),
    }
    slots = "".join(f"p.{one['slot']}, " for one in definitions if one["slot"])
    talk, bought = _histories(run, which)
    return {
        row["id"]: {
            **oracle(
                talk[row["id"]],
                bought[row["id"]],
                _details(row, definitions),
                settings,
                now,
            ),
            "birth_date": _birth_date(row, definitions),
            "active": row["active"],
            "city": row["city"],
        }
        for row in run(_PEOPLE.format(which=which, slots=slots))
    }


def _histories(run, which):
    """Events and purchases by customer, as the oracle takes them."""
    talk, bought = defaultdict(list), defaultdict(list)
    types = ", ".join(f"'{name}'" for name in KINDS)
    for row in run(_EVENTS.format(types=types, which=which)):
        talk[row["partner_id"]].append((KINDS[row["type"]], moment(row["date"])))
    for row in run(_PURCHASES.format(which=which)):
        amount = Decimal(str(row["amount_company"]))
        bought[row["partner_id"]].append((row["kind"], moment(row["date"]), amount))
    return talk, bought


def _details(row, definitions):
    """What the oracle wants to know of a contact besides his history."""
    details = {
        "basic": sum(bool(row[name]) for name in BASIC),
        "custom": sum(_filled(row, definition) for definition in definitions),
        "created": moment(row["create_date"]),
        "imported_since": moment(row["imported_since"]),
        "referrals": row["referrals"],
        "advocate": row["advocate"],
    }
    if row["journey_hold_until"]:
        details["hold"] = row["shown_stage"], day(row["journey_hold_until"])
    return details


def _birth_date(row, definitions):
    slots = [one["slot"] for one in definitions if one["role"] == "birthday"]
    return day(row[slots[0]]) if slots else None


def _filled(row, definition):
    slot = definition["slot"]
    value = (
        row[slot] if slot else (row["custom_fields_extra"] or {}).get(definition["key"])
    )
    return bool(value) if definition["type"] != "number" else bool(float(value or 0))


def moment(value):
    """A datetime (naive, UTC) from what a row holds; ``None`` stays."""
    if not value or isinstance(value, datetime):
        return value
    return datetime.fromisoformat(value)


def day(value):
    """A date from what a row holds; ``None`` stays."""
    if not value or isinstance(value, date):
        return value
    return date.fromisoformat(value[:10])
