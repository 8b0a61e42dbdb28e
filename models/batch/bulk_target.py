"""The one column, or the one key, that a bulk change fills in, as SQL."""

from dataclasses import dataclass

from odoo.tools import SQL

from ..field.filled_sql import EXTRA
from .mini_crm_batch_custom import CASTS

NOTHING = SQL("'{}'::jsonb")  # beyond the slots, once there was something


@dataclass(frozen=True)
class Target:
    """Where a value stands in the contact ``p``.

    :param str name: by which the timeline and ``before`` know it
    :param str | None column: of ``res_partner``; none: beyond the slots, by its name
    :param SQL cast: type of the column
    """

    name: str
    column: str | None
    cast: SQL

    @classmethod
    def of_rule(cls, rule):
        """Of a custom field (``FieldRule``)."""
        return cls(rule.key, rule.slot, CASTS.get(rule.type, SQL("text")))

    @property
    def old(self):
        """The value that stands there: SQL."""
        if self.column:
            return SQL.identifier("p", self.column)
        return SQL("(p.custom_fields_extra -> %s)", self.name)

    def given(self, stored):
        """A value as JSON has it, in the type of ``old``: SQL.

        :param SQL stored: jsonb; its null is an empty value
        """
        if not self.column:
            return SQL("nullif(%s, 'null'::jsonb)", stored)
        return SQL("(%s #>> '{}')::%s", stored, self.cast)

    def assigned(self, value, empty=NOTHING):
        """What an UPDATE sets: SQL.

        :param SQL value: in the type of ``old``
        :param SQL empty: beyond the slots: what stands there when no key is left
        """
        if self.column:
            return SQL("%s = %s", SQL.identifier(self.column), value)
        kept = SQL(
            """CASE WHEN jsonb_typeof(p.custom_fields_extra) = 'object'
                THEN p.custom_fields_extra ELSE '{}' END - %s::text""",
            self.name,
        )
        return SQL(
            """%(extra)s = coalesce(nullif(%(kept)s || CASE WHEN %(value)s IS NULL
                THEN '{}' ELSE jsonb_build_object(%(name)s::text, %(value)s) END,
                '{}'), %(empty)s)""",
            extra=SQL.identifier(EXTRA),
            kept=kept,
            value=value,
            name=self.name,
            empty=empty,
        )
