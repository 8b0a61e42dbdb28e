"""A place in which a database has values of contacts already, as SQL."""

from collections.abc import Mapping
from dataclasses import dataclass

from odoo.tools import SQL

from ..customer.plain_text import plain_text

PROPERTY = "property:"  # before the name of one of Odoo's properties
PROPERTIES = "properties"  # the column in which they stand
# What is no value, whatever the kind: the ORM stores 0 and false where nothing is.
EMPTY = SQL("""('null'::jsonb, 'false'::jsonb, '0'::jsonb, '""'::jsonb, '[]'::jsonb)""")
DAY = SQL(r"'^\d{4}-\d\d-\d\d'")
NAMED = ("many2one", "many2many")  # ids, told by the names of what they mean
CODED = ("selection", "tags")  # codes, told by their labels


@dataclass(frozen=True)
class Source:
    """A field of contacts that is not ours, or one of Odoo's properties.

    :param str name: of the field, or ``property:`` and that of the property
    :param str kind: a key of ``engine.intake.TYPES``
    :param labels: in every language: {language: text}
    :param choices: of a selection or tags: pairs of code and {language: text}
    :param str comodel: of ids: what they mean
    :param bool translated: whether the column holds a text for every language
    :param relation: of a many2many field: table, column of the contact, of the other
    """

    name: str
    kind: str
    labels: Mapping[str, str]
    choices: tuple = ()
    comodel: str = ""
    translated: bool = False
    relation: tuple[str, ...] = ()

    @property
    def is_property(self):
        return self.name.startswith(PROPERTY)

    def label(self, lang):
        """The label in a language, or in any, or the name."""
        return _text(self.labels, lang) or self.name.removeprefix(PROPERTY)

    def value(self, alias, lang, zone):
        """What stands there: SQL of jsonb, in which days are ISO text.

        :param str alias: of ``res_partner``
        :param str lang: language of translated texts
        :param str zone: time zone in which the day of a point in time is meant
        """
        if self.relation:
            table, own, other = map(SQL.identifier, self.relation)
            return SQL(
                "(SELECT jsonb_agg(r.%s ORDER BY r.%s) FROM %s r WHERE r.%s = %s)",
                other,
                other,
                table,
                own,
                SQL.identifier(alias, "id"),
            )
        if self.is_property:
            return self._property(alias, zone)
        column = SQL.identifier(alias, self.name)
        if self.translated:
            column = SQL("coalesce(%s ->> %s, %s ->> 'en_US')", column, lang, column)
        if self.kind == "datetime":
            column = _day(column, zone)
        return SQL("to_jsonb(%s)", self._trimmed(column))

    def _property(self, alias, zone):
        value = SQL(
            "(%s -> %s)",
            SQL.identifier(alias, PROPERTIES),
            self.name.removeprefix(PROPERTY),
        )
        text = SQL("(%s #>> '{}')", value)
        if self.kind == "datetime":
            moment = SQL("CASE WHEN %s ~ %s THEN %s::timestamp END", text, DAY, text)
            return SQL("to_jsonb(%s)", _day(SQL("(%s)", moment), zone))
        if self.kind in ("char", "text", "html"):
            string = SQL(
                "CASE WHEN jsonb_typeof(%s) = 'string' THEN %s END", value, text
            )
            return SQL("to_jsonb(%s)", self._trimmed(SQL("(%s)", string)))
        return value

    def _trimmed(self, column):
        """A text without blanks around it and without markup; others as they are."""
        if self.kind == "html":
            column = plain_text(column)
        if self.kind not in ("char", "text", "html"):
            return column
        return SQL(r"nullif(btrim(%s, E' \t\r\n'), '')", column)

    def filled(self, alias, lang, zone):
        """SQL condition: something stands there; 0 and "no" are nothing."""
        value = self.value(alias, lang, zone)
        return SQL("coalesce(%s, 'null') NOT IN %s", value, EMPTY)


def _day(moment, zone):
    return SQL("((%s AT TIME ZONE 'utc') AT TIME ZONE %s)::date", moment, zone)


def _text(labels, lang):
    """A text in a language, else in English, else in any."""
    return labels.get(lang) or labels.get("en_US") or next(iter(labels.values()), "")


def choice_text(labels, code, lang):
    """Label of a choice, or its code."""
    return _text(labels, lang) or code
