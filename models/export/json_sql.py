"""One customer as JSON: everything that is stored, each value in its own type."""

from odoo.tools import SQL

from .column_sql import FIGURES, joins, segments, tags

# Named as an import names them, or as the contact does.
_TEXTS = ("name", "ref", "email", "phone", "company_name", "function", "street")
_TEXTS += ("street2", "city", "zip", "lang", "comment")
_FIGURES = (*FIGURES, "crm_health", "journey_stage")
MARK = "\u0001"  # quotes values for COPY: JSON has no such character
DELIMITER = "\u0002"


def _utc(column):
    return SQL("""to_char(%s, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')""", column)


def _lists(voice):
    """What is joined for the lists of tags and segments, made for all in one go."""
    return SQL(" ").join(
        SQL(
            """LEFT JOIN (
                SELECT r.partner_id, jsonb_agg(r.name ORDER BY r.place) AS names
                FROM (%s) r GROUP BY r.partner_id) %s ON %s.partner_id = p.id""",
            rows,
            SQL.identifier(alias),
            SQL.identifier(alias),
        )
        for alias, rows in (
            ("tg", tags(voice, archived=True)),
            ("sg", segments(voice)),
        )
    )


def _names(alias):
    return SQL("coalesce(%s, '[]')", SQL.identifier(alias, "names"))


def record(voice, allowed, archived, others):
    """A customer as one text of JSON with a comma before it: SELECT list and joins.

    :param Voice voice: not for people
    :param allowed: whether the reader may read a field of the contact
    :param list archived: (key, slot) of archived custom fields
    :param list others: further columns of the contact: {"name": SQL}
    :return: (expression, joins)
    """
    parts = {"id": SQL("p.id"), "active": SQL("p.active")}
    parts |= {n: SQL.identifier("p", n) for n in _TEXTS if allowed(n)}
    parts |= {
        name: expression
        for name, field, expression in (
            ("country", "country_id", SQL("rc.code")),
            ("state", "state_id", SQL("rs.code")),
            ("owner", "user_id", SQL("ou.login")),
            ("source", "source_id", SQL("us.name")),
            ("tags", "category_id", _names("tg")),
            ("segments", "segment_ids", _names("sg")),
            ("since", "customer_since", _utc(SQL("f.customer_since"))),
            ("currency", "mini_crm_currency_id", SQL("cu.name")),
        )
        if allowed(field)
    }
    parts |= {
        n: _utc(SQL.identifier("f", n)) if n.endswith("_at") else SQL.identifier("f", n)
        for n in _FIGURES
        if allowed(n)
    }
    parts["create_date"] = _utc(SQL("p.create_date"))
    slots = [(rule.key, rule.slot) for rule in voice.rules.values()]
    parts["custom"] = _values([s for s in slots if s[1] and allowed(s[1])], allowed)
    parts["archived_custom"] = _values([s for s in archived if allowed(s[1])])
    parts["other"] = _object(others)
    names = {"state", "country", "owner", "source", "currency"}
    joined = SQL("%s %s", joins(names, voice), _lists(voice))
    return SQL("',' || row_to_json(r)::text"), _object(parts, row=True), joined


def _values(slots, allowed=None):
    """Values of custom fields by their key, with those beyond the slots."""
    own = _object({key: SQL.identifier("p", slot) for key, slot in slots})
    if not allowed or not allowed("custom_fields_extra"):
        return own
    return SQL(
        """%s::jsonb || CASE WHEN jsonb_typeof(p.custom_fields_extra) = 'object'
            THEN p.custom_fields_extra ELSE '{}' END""",
        own,
    )


def _object(parts, *, row=False):
    """Named expressions as an object of JSON, or as a SELECT list."""
    listed = SQL(", ").join(
        SQL("%s AS %s", expression, SQL.identifier(name))
        for name, expression in parts.items()
    )
    if row:
        return listed
    if not parts:
        return SQL("'{}'::json")
    return SQL("(SELECT row_to_json(o) FROM (SELECT %s) o)", listed)
