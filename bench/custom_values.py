"""Definitions of custom fields and invented values of the seeded customers, by SQL."""

from odoo.tools import SQL

from engine.fields import SLOTS, slot_type

KEY = "seed_"
# Of 10,000 customers, how many have a value: of a type's first slots, the rest is
# empty. Thirty slots from "asked of nearly everybody" to "a handful".
SHARES = {
    "text": (8000, 5000, 3000, 2000, 1000, 500, 200, 100, 50, 5),
    "number": (7000, 4000, 1500, 300, 20),
    "date": (6000, 2500, 500, 30),
    "boolean": (4500, 1000, 50),
    "email": (2000,),
    "phone": (2000,),
    "url": (1000,),
    "select": (7000, 4000, 1500, 300, 20),
}
CODES = ("bronze", "silver", "gold", "platinum", "lost")
WORDS = (
    *("green", "wholesale", "carpet", "evening", "north gate", "gift", "repair"),
    *("saffron", "silk", "order by phone", "cash", "delivery", "second shop"),
    *("سفارش تلفنی", "عمده", "فرش دستباف", "هدیه", "تعمیر", "زعفران", "ابریشم"),
    *("تحویل عصر", "خیابان شمالی", "نقدی", "مشتری قدیمی", "بازار", "دوم"),
)


def filled_slots():
    """Slots that have values, with the share per 10,000: list of (str, int)."""
    return [
        (f"custom_{kind}_{number}", share)
        for kind, shares in SHARES.items()
        for number, share in enumerate(shares, 1)
    ]


def define(env, *, filterable=True):
    """Define all 90 slots that nobody has defined; returns the definitions made."""
    fields = env["mini_crm.field"]
    taken = set(fields.with_context(active_test=False).search([]).mapped("slot"))
    return fields.create(
        [
            {
                "name": f"{slot_type(slot).capitalize()} {slot.rpartition('_')[2]}",
                "key": f"{KEY}{slot}",
                "type": slot_type(slot),
                "slot": slot,
                "show_in_filter": filterable,
                "option_ids": [
                    (0, 0, {"name": code.capitalize(), "code": code})
                    for code in (CODES if slot_type(slot) == "select" else ())
                ],
            }
            for slot in SLOTS
            if slot not in taken
        ]
    )


def fill(env, condition):
    """Give values to customers, the same ones whenever it is done: one UPDATE.

    :param SQL condition: on ``res_partner p``: whom
    """
    changes = [
        SQL(
            "%s = CASE WHEN %s < %s THEN %s END",
            SQL.identifier(slot),
            _chance(SLOTS.index(slot), 10_000),
            share,
            _value(slot),
        )
        for slot, share in filled_slots()
    ]
    env.flush_all()
    env.cr.execute(
        SQL(
            "UPDATE res_partner p SET %s WHERE %s",
            SQL(", ").join(changes),
            condition,
        )
    )
    env.invalidate_all()


def _chance(salt, count):
    """A number below ``count`` that depends on the customer and on ``salt``: SQL."""
    return SQL("abs(hashint8extended(p.id, %s) %% %s)", salt, count)


def _value(slot):
    """Expression of the value of a slot; columns of ``res_partner p``."""
    salt = 1000 * (SLOTS.index(slot) + 1)
    some = _chance(salt, 100_000)
    word = SQL("(%s::text[])[1 + %s]", list(WORDS), _chance(salt + 1, len(WORDS)))
    # squared: the first ones are the commonest, as in life
    rank = SQL("(power(%s / 1000.0, 2) * %s)::int", _chance(salt, 1000), len(CODES))
    return {
        "text": SQL("%s || ' ' || %s::text", word, some),
        "number": SQL("%s / 10.0", some),
        "date": SQL("date '1945-01-01' + %s::int", _chance(salt, 25_000)),
        "boolean": SQL("TRUE"),
        "email": SQL("'c' || %s::text || '@' || 'mail.example'", some),
        "phone": SQL("'+98912' || (1000000 + %s)::text", _chance(salt, 8_999_999)),
        "url": SQL("'https://shop-' || %s::text || '.example/'", some),
        "select": SQL(
            "(%s::text[])[1 + least(%s, %s)]", list(CODES), rank, len(CODES) - 1
        ),
    }[slot_type(slot)]
