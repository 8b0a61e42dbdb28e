import json

from odoo import models
from odoo.tools import SQL

from ...engine.field_values import ValueContext, ValueProblem
from ...engine.intake import read_any
from ...engine.row_cells import as_json
from ..field.field_messages import short_value

NEW = "new:"  # begins the key of a field that is still to be made


class MiniCrmBatch(models.Model):
    """Bringing in: the next values of the sources, read by the rules of the fields.

    The rows of ``mini_crm_chunk`` are values: besides what a bulk change has there
    (``mini_crm_batch_bulk_run.py``), ``source`` (number of the entry), ``key`` of the
    field, ``value`` as stored, ``shown`` as it stands in the source, ``refused`` (why
    the field does not take it).
    """

    _inherit = "mini_crm.batch"

    def _open_intake(self, limit):
        """Make ``mini_crm_chunk`` of the next customers with a value.

        :return: id of the last one, and how many
        """
        sources, rules = self._intake_sources(), self._intake_rules()
        entries = [
            (index, sources[entry["source"]], rules[index])
            for index, entry in enumerate(self.settings["sources"])
            if entry["source"] in sources
        ]
        found = self._intake_rows([source for _i, source, _r in entries], limit)
        if not found:
            return 0, 0
        rows = []
        for place, (index, source, rule) in enumerate(entries):
            values = [(row[0], row[1], row[2 + place]) for row in found]
            rows += self._read_intake(index, source, rule, values)
        self._fill_intake(sorted(rows, key=lambda row: row[:2]))
        return found[-1][0], len(found)

    def _intake_rows(self, sources, limit):
        """The next customers with a value: list of (id, country, value of each)."""
        if not sources:
            return []
        query = self._intake_customers()
        parts = [self._intake_parts(source, query) for source in sources]
        partner_id = SQL.identifier(query.table, "id")
        query.add_where(SQL("%s > %s", partner_id, self.cursor))
        query.add_where(
            SQL("(%s)", SQL(" OR ").join(condition for _value, condition in parts))
        )
        query.order, query.limit = partner_id, limit
        country = SQL(
            "(SELECT code FROM res_country WHERE id = %s)",
            SQL.identifier(query.table, "country_id"),
        )
        values = [
            SQL("CASE WHEN %s THEN %s END", condition, value)
            for value, condition in parts
        ]
        self.env.cr.execute(query.select(partner_id, country, *values))
        return self.env.cr.fetchall()

    def _read_intake(self, index, source, rule, values):
        """Rows of the chunk of one source, by the one way to a value.

        :param list values: (customer's id, code of his country, value as it stands)
        :return: (customer's id, number, key, value or None, shown, problem or None),
            the last three as JSON text, text, JSON text
        """
        present = [value for _id, _country, value in values if value is not None]
        names = self._intake_names(source, present)
        codes = self._has_codes(rule)
        home = self.env["res.partner"]._phone_region({})
        persian = self._in_persian()
        contexts, rows = {}, []
        for partner_id, country, value in values:
            if value is None:
                continue
            writings = self._intake_writings(source, value, names, codes=codes)
            region = country or home
            context = contexts.setdefault(
                region, ValueContext(region=region, persian=persian)
            )
            stored, problem = _read(rule, writings, context) if rule else (value, None)
            if stored is None and problem is None:
                continue
            shown = short_value(writings[-1 if codes else 0])  # the label, not the code
            key = rule.key if rule else ""
            rows.append((partner_id, index, key, _json(stored), shown, _json(problem)))
        return rows

    def _has_codes(self, rule):
        """Whether a field has the codes of its source: this batch makes it so."""
        if not rule or rule.type != "select":
            return False
        if rule.key.startswith(NEW):
            return True
        fields = self.env["mini_crm.field"].with_context(active_test=False)
        made = fields.browse(self.settings.get("made") or []).exists()
        return rule.key in made.mapped("key")

    def _fill_intake(self, rows):
        """Make ``mini_crm_chunk`` of what was read."""
        columns = [list(column) for column in zip(*rows, strict=True)] or [[]] * 6
        self._open_bulk(
            SQL(
                """SELECT (row_number() OVER ())::int AS id, 0 AS row, r.partner_id,
                    r.source, r.key, r.value::jsonb AS value, r.shown,
                    r.refused::jsonb AS refused, NULL::jsonb AS before, FALSE AS has
                FROM unnest(%s::int[], %s::int[], %s::text[], %s::text[], %s::text[],
                    %s::text[])
                    AS r(partner_id, source, key, value, shown, refused)""",
                *columns,
            )
        )


def _read(rule, writings, context):
    """A stored value, or why there is none: pair; of these at most one."""
    try:
        return read_any(rule, writings, context), None
    except ValueProblem as error:
        details = {name: as_json(value) for name, value in error.details.items()}
        return None, {"code": error.code, "details": details}


def _json(value):
    return None if value is None else json.dumps(as_json(value), ensure_ascii=False)
