"""The search row of a contact as SQL expressions over ``res_partner p``."""

from odoo.tools import SQL

from ...engine.search import (
    EVERYDAY_TEXT,
    FOLD_FROM,
    FOLD_TO,
    ONE_DIGIT_CODES,
    ORDER_FROM,
    ORDER_TO,
    SORT_LENGTH,
    TWO_DIGIT_CODES,
)

# Columns that make the row: when one changes, the row is made anew.
SOURCES = frozenset({"complete_name", "email", "phone", "phone_sanitized", "ref"})
_DIGITS = ("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")


def fold(text):
    """``engine.text.match_key`` of a text for which ``folds`` is true.

    :param SQL text: expression, not NULL
    :rtype: SQL
    """
    # COLLATE "C": only ASCII, whatever the database's locale says of other letters.
    # translate() looks through all its letters for each one: only where it has to.
    return SQL(
        """btrim(CASE WHEN octet_length(%(x)s) > length(%(x)s) AND %(x)s ~ %(any)s
            THEN translate(lower(%(x)s COLLATE "C"), %(from)s, %(to)s)
            ELSE lower(%(x)s COLLATE "C") END)""",
        **{"x": text, "any": f"[{FOLD_FROM}]", "from": FOLD_FROM, "to": FOLD_TO},
    )


def folds(text, folded):
    """Condition: SQL folds this text as Python does.

    :param SQL text: expression, not NULL
    :param SQL folded: what ``fold`` makes of it
    :rtype: SQL
    """
    return SQL(
        "(%s ~ %s AND strpos(%s, '  ') = 0)",
        text,
        EVERYDAY_TEXT,
        folded,
    )


def sort_key(folded):
    """``engine.search.sort_key`` of a folded text, as SQL."""
    return SQL(
        """left(CASE WHEN octet_length(%(x)s) = length(%(x)s) THEN %(x)s
            ELSE translate(%(x)s, %(from)s, %(to)s) END, %(length)s)""",
        **{
            "x": folded,
            "from": ORDER_FROM,
            "to": ORDER_TO,
            "length": SORT_LENGTH,
        },
    )


def rows(condition):
    """SELECT id, name, email, ref (as typed), phones (digits) of some contacts.

    ``phones``: digits in international form and, with a zero in front, in national
    form; of a number that Odoo cannot read, the digits that are there.

    :param SQL condition: on ``res_partner p``
    :rtype: SQL
    """
    digits = SQL("substr(p.phone_sanitized, 2)")
    return SQL(
        """SELECT p.id, coalesce(p.complete_name, p.name, '') AS name,
            coalesce(p.email, '') AS email, coalesce(p.ref, '') AS ref,
            CASE WHEN p.phone_sanitized LIKE '+%%' THEN %(digits)s || ' 0'
                    || substr(p.phone_sanitized, %(code)s + 2)
                WHEN p.phone <> '' THEN regexp_replace(
                    translate(p.phone, %(from)s, %(to)s), '^00|[^0-9]+', '', 'g')
                ELSE '' END AS phones
        FROM res_partner p WHERE %(condition)s""",
        **{
            "digits": digits,
            "code": _code_length(digits),
            "from": _DIGITS[0],
            "to": _DIGITS[1],
            "condition": condition,
        },
    )


def _code_length(digits):
    """Length of the calling code at the beginning of an international number."""
    return SQL(
        """CASE WHEN left(%(d)s, 1) = ANY(%(one)s) THEN 1
            WHEN left(%(d)s, 2) = ANY(%(two)s) THEN 2 ELSE 3 END""",
        d=digits,
        one=list(ONE_DIGIT_CODES),
        two=list(TWO_DIGIT_CODES),
    )
