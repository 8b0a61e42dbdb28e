"""What stands in the columns of an export, as SQL over a contact and his profile."""

from dataclasses import dataclass, field

from odoo.tools import SQL

from ...engine.columns import CUSTOM
from ...engine.field_values import show_value
from ..customer.plain_text import plain_text

SEPARATORS = '[",;|\n\u060c\u061b]'  # in a tag's name: it is put into quotes
PLAIN = ("ref", "name", "phone", "email", "company_name", "function", "street")
PLAIN += ("street2", "city", "zip")
FIGURES = ("crm_score", "last_contacted_at", "total_interactions", "response_rate")
FIGURES += ("total_purchases", "total_spent", "average_order_value", "last_purchase_at")


@dataclass(frozen=True)
class Voice:
    """For whom a file is written.

    :param lang: code of the language of labels and names
    :param zone: name of the time zone; ``None`` for UTC
    :param people: names and labels, else codes
    :param companies: ids of the companies whose segments are shown
    :param labels: {field: {code: label}} of choices
    :param rules: {key: FieldRule} of the custom fields
    :param many: customers enough to gather lists in one go
    """

    lang: str
    zone: str | None
    people: bool
    companies: tuple
    labels: dict = field(default_factory=dict)
    rules: dict = field(default_factory=dict)
    many: bool = True

    @property
    def persian(self):
        """Whether the person reads Persian (bool)."""
        return self.lang.startswith("fa")


def value(column, voice):
    """What stands in a column, typed as it says: SQL over ``p`` and the joins."""
    if column.group == "custom":
        return _custom(voice.rules[column.name.removeprefix(CUSTOM)], voice)
    if column.name in PLAIN:
        return SQL.identifier("p", column.name)
    if column.name in FIGURES or column.name == "since":
        name = "customer_since" if column.name == "since" else column.name
        figure = SQL.identifier("f", name)
        return moment(figure, voice.zone) if column.type == "datetime" else figure
    if column.name in voice.labels:
        source = SQL.identifier("p" if column.name == "lang" else "f", column.name)
        return _labelled(source, voice.labels[column.name])
    return _NAMED[column.name](voice)


def moment(column, zone):
    """A moment in UTC as the time of a zone, in whole seconds."""
    column = SQL("date_trunc('second', %s)", column)
    if not zone:
        return column
    return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)", column, zone)


def _labelled(source, labels):
    """A code as its label; an unknown one as itself."""
    if not labels:
        return source
    cases = [SQL("WHEN %s THEN %s", code, label) for code, label in labels.items()]
    return SQL("CASE %s %s ELSE %s END", source, SQL(" ").join(cases), source)


def _custom(rule, voice):
    """The value of a custom field."""
    beyond = SQL("(p.custom_fields_extra ->> %s)", rule.key)
    source = SQL.identifier("p", rule.slot) if rule.slot else beyond
    if rule.type == "number" and not rule.slot:
        return SQL(
            """CASE WHEN jsonb_typeof(p.custom_fields_extra -> %s) = 'number'
                THEN %s::float8 END""",
            rule.key,
            beyond,
        )
    if rule.type == "boolean":
        given = source if rule.slot else SQL("(%s = 'true')", source)
        yes, no = (show_value(rule, v, _persian(voice)) for v in (True, False))
        return SQL("CASE %s WHEN TRUE THEN %s WHEN FALSE THEN %s END", given, yes, no)
    if rule.type == "select" and voice.people:
        codes = (option.code for option in rule.options)
        return _labelled(source, {c: show_value(rule, c, voice.persian) for c in codes})
    return source


def _persian(voice):
    return voice.people and voice.persian


def _name_of(alias, voice):
    """A translated name."""
    name = SQL.identifier(alias, "name")
    return SQL("coalesce(%s ->> %s, %s ->> 'en_US')", name, voice.lang, name)


_NAMED = {
    "state": lambda voice: SQL("rs.name"),
    "country": lambda voice: SQL("rc.name"),
    "tags": lambda voice: SQL("tg.names"),
    "segments": lambda voice: SQL("sg.names"),
    "owner": lambda voice: SQL("op.name") if voice.people else SQL("ou.login"),
    "source": lambda voice: SQL("us.name"),
    "comment": lambda voice: plain_text(SQL("p.comment")),
    "currency": lambda voice: SQL("cu.name"),
}


def joins(names, voice):
    """What is joined to contact ``p`` and profile ``f`` for some columns: SQL.

    :param names: of the columns
    """
    found = [_JOINS[name] for name in _JOINS if name in names]
    if "country" in names:
        found.append(_countries(voice))
    if "tags" in names:
        found.append(_list("tg", tags(voice), voice))
    if "segments" in names:
        found.append(_list("sg", segments(voice), voice))
    return SQL(" ").join(found)


_JOINS = {
    "state": SQL("LEFT JOIN res_country_state rs ON rs.id = p.state_id"),
    "owner": SQL(
        """LEFT JOIN res_users ou ON ou.id = p.user_id
        LEFT JOIN res_partner op ON op.id = ou.partner_id"""
    ),
    "source": SQL("LEFT JOIN utm_source us ON us.id = p.source_id"),
    "currency": SQL("LEFT JOIN res_currency cu ON cu.id = f.currency_id"),
}


def _countries(voice):
    """Countries by name or code; the few names are made before they are joined."""
    name = _name_of("c", voice) if voice.people else SQL("c.code")
    return SQL(
        """LEFT JOIN (SELECT c.id, c.code, %s AS name FROM res_country c OFFSET 0) rc
        ON rc.id = p.country_id""",
        name,
    )


def _list(alias, rows, voice):
    """Join names, with commas between them; one with a separator in it is in quotes.

    For many customers all lists are made in one go, for a few each by the index.
    """
    gathered = SQL(
        "string_agg(r.quoted, %s ORDER BY r.place) AS names",
        ", " if voice.people else ",",
    )
    alias = SQL.identifier(alias)
    if voice.many:
        return SQL(
            """LEFT JOIN (SELECT r.partner_id, %s FROM (%s) r GROUP BY r.partner_id) %s
            ON %s.partner_id = p.id""",
            gathered,
            rows,
            alias,
            alias,
        )
    return SQL(
        """LEFT JOIN LATERAL (SELECT %s FROM (%s) r WHERE r.partner_id = p.id) %s
        ON TRUE""",
        gathered,
        rows,
        alias,
    )


def tags(voice, *, archived=False):
    """The tags of customers: SELECT of partner_id, name, quoted, place."""
    return SQL(
        """SELECT r.partner_id, t.name, t.quoted, t.place
        FROM res_partner_res_partner_category_rel r
        JOIN (%s) t ON t.id = r.category_id""",
        _named("res_partner_category", SQL() if archived else SQL("x.active"), voice),
    )


def segments(voice):
    """The segments that customers are in: SELECT of partner_id, name, quoted, place."""
    own = SQL("x.active AND x.company_id = ANY(%s)", list(voice.companies))
    return SQL(
        """SELECT m.partner_id, t.name, t.quoted, t.place
        FROM mini_crm_segment_member m JOIN (%s) t ON t.id = m.segment_id""",
        _named("mini_crm_segment", own, voice),
    )


def _named(table, condition, voice):
    """The few things that lists are made of, in order of their names: SELECT of id,
    name, quoted (where it has a separator), place."""
    return SQL(
        """SELECT n.id, n.name, CASE WHEN n.name ~ %s
                THEN '"' || replace(n.name, '"', '""') || '"' ELSE n.name END AS quoted,
            row_number() OVER (ORDER BY n.name, n.id) AS place
        FROM (SELECT x.id, %s AS name FROM %s x%s) n""",
        SEPARATORS,
        _name_of("x", voice),
        SQL.identifier(table),
        SQL(" WHERE %s", condition) if condition else SQL(),
    )
