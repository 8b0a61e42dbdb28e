import json

from odoo import models
from odoo.tools import SQL

from ...engine.columns import CUSTOM, FIELDS, custom_names
from ...engine.field_values import show_value
from .mini_crm_batch_customers import Difference

CASTS = {"number": SQL("float8"), "date": SQL("date"), "boolean": SQL("boolean")}


class MiniCrmBatch(models.Model):
    """Custom fields in a customers' file.

    A column of the file is one by the field ``custom:<key>`` in the mapping. A row's
    values are one JSON column of the chunk, ``custom``: {key: stored value}. Only
    fields that the file has are compared and written; in ``before`` they stand as
    ``custom:<key>``, in the timeline under their key.
    """

    _inherit = "mini_crm.batch"

    # Choosing

    def _all_rules(self):
        """Rules of all custom fields that a file of this kind can have: {key: rule}."""
        if self._file_kind() != "customers":
            return {}
        return self.env["mini_crm.field"]._rules()

    def _custom_labels(self):
        """Label of each custom field in the user's language: {field: label}."""
        keys = self._all_rules()
        definitions = self.env["mini_crm.field"].search([("key", "in", list(keys))])
        labels = {d.key: d.name for d in definitions}
        return {CUSTOM + key: labels[key] for key in keys}

    def _custom_names(self):
        """What columns of custom fields are called, see ``engine.columns``."""
        keys = self._all_rules()
        self.env["mini_crm.field"].flush_model(["key", "name"])
        self.env.cr.execute(
            SQL("SELECT key, name FROM mini_crm_field WHERE key = ANY(%s)", list(keys))
        )
        names = dict(self.env.cr.fetchall())
        return custom_names({key: tuple((names[key] or {}).values()) for key in keys})

    def _custom_of(self, kind):
        """The custom fields of a type, e.g. number: list of ``custom:<key>``."""
        rules = self._all_rules().values()
        return [CUSTOM + rule.key for rule in rules if rule.type == kind]

    def _field_types(self):
        """How the cells of each field are read: {field: type}."""
        fixed = FIELDS[self._file_kind()].items()
        return {name: column.type for name, column in fixed} | {
            CUSTOM + key: rule.type for key, rule in self._all_rules().items()
        }

    def _mapped_keys(self):
        """Keys of the custom fields that columns of this file are: list of str."""
        mapped = (self.settings or {}).get("mapping", {}).values()
        return [f.removeprefix(CUSTOM) for f in mapped if f.startswith(CUSTOM)]

    def _note_custom(self):
        """Note where the custom fields keep their values, before the file is read."""
        rules = self._all_rules()
        noted = {key: _place(rules.get(key)) for key in self._mapped_keys()}
        self.settings = {**self.settings, "custom": noted}

    def _changed_custom(self):
        """Keys of custom fields that are not any more what they were: list of str.

        A value that was read for one field must never get into another one's slot.
        """
        rules, noted = self._all_rules(), self.settings.get("custom", {})
        return [
            key
            for key in self._mapped_keys()
            if not noted.get(key) or noted[key] != _place(rules.get(key))
        ]

    def _custom_rules(self):
        """Rules of the custom fields that this file has and that have not changed."""
        rules, changed = self._all_rules(), set(self._changed_custom())
        return [rules[key] for key in self._mapped_keys() if key not in changed]

    def _changed_text(self):
        return self.env._(
            "A custom field of this file was changed or archived after its columns had"
            " been chosen. Import the file again."
        )

    # Planning

    def _plan_custom(self):
        """Refuse what the chunk's rows may not say of their custom fields."""
        if self._custom_rules():
            self.env["mini_crm.version"]._hold()
        if changed := self._changed_custom():
            self._find_problems("field_changed", SQL("c.custom ?| %s::text[]", changed))
        persian = self._in_persian()
        for rule in self._custom_rules():
            labels = {o.code: show_value(rule, o.code, persian) for o in rule.options}
            archived = [o.code for o in rule.options if not o.active]
            if archived:
                self._refuse_archived(rule, archived, labels)

    def _refuse_archived(self, rule, archived, labels):
        """Fail rows with an archived choice, unless the customer has it already."""
        field = CUSTOM + rule.key
        mapping = self.settings["mapping"]
        code = SQL("c.custom ->> %s", rule.key)
        problem = {"code": "option_archived", "field": field} | {
            "column": next(int(i) for i, f in mapping.items() if f == field)
        }
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_chunk c SET outcome = 'failed',
                    problem = %(problem)s::jsonb || jsonb_build_object(
                        'value', %(labels)s::jsonb -> (%(code)s), 'details',
                        jsonb_build_object('option', %(labels)s::jsonb -> (%(code)s)))
                WHERE c.outcome IS NULL AND (%(code)s) = ANY(%(archived)s)
                    AND NOT EXISTS (SELECT FROM res_partner p
                        WHERE p.id = c.partner_id AND %(old)s = (%(new)s))""",
                problem=json.dumps(problem),
                labels=json.dumps(labels, ensure_ascii=False),
                code=code,
                archived=archived,
                old=_old(rule),
                new=_new(rule, SQL("c.custom")),
            )
        )

    def _custom_differences(self):
        """Custom fields of the file that may change: list of Difference."""
        found = []
        for rule in self._custom_rules():
            old, new = _old(rule), _new(rule, SQL("c.custom"))
            differs = SQL(
                "(coalesce(c.custom ? %s, FALSE) AND %s IS DISTINCT FROM %s"
                " OR coalesce(c.clear ? %s, FALSE) AND %s IS NOT NULL)",
                rule.key,
                old,
                new,
                CUSTOM + rule.key,
                old,
            )
            was, becomes = SQL("to_jsonb(%s)", old), SQL("c.custom -> %s", rule.key)
            values = (differs, was, was, becomes)
            found.append(Difference(CUSTOM + rule.key, rule.key, *values))
        return found

    # Writing

    def _custom_columns(self):
        """Columns of new contacts over the chunk: {column: SQL}."""
        columns, beyond = {}, []
        for rule in self._custom_rules():
            if rule.slot:
                columns[rule.slot] = _new(rule, SQL("custom"))
            else:
                beyond.append(rule.key)
        if beyond:
            columns["custom_fields_extra"] = SQL(
                """(SELECT jsonb_object_agg(e.key, e.value) FROM jsonb_each(custom) e
                WHERE e.key = ANY(%s))""",
                beyond,
            )
        return columns

    def _custom_assignments(self, changed):
        """What an UPDATE of contacts ``p`` from the chunk ``c`` sets: {column: SQL}.

        :param set changed: names in ``before`` of any row
        """
        assignments, beyond = {}, []
        for rule in self._custom_rules():
            if CUSTOM + rule.key not in changed:
                continue
            if rule.slot:
                assignments[rule.slot] = SQL(
                    "CASE WHEN c.before ? %s THEN %s ELSE %s END",
                    CUSTOM + rule.key,
                    _new(rule, SQL("c.custom")),
                    _old(rule),
                )
            else:
                beyond.append(rule.key)
        if beyond:
            assignments["custom_fields_extra"] = SQL(
                """CASE WHEN c.before ?| %s::text[] THEN
                    (CASE WHEN jsonb_typeof(p.custom_fields_extra) = 'object'
                        THEN p.custom_fields_extra ELSE '{}' END
                    || coalesce((SELECT jsonb_object_agg(e.key, e.value)
                        FROM jsonb_each(c.custom) e WHERE e.key = ANY(%s)), '{}'))
                    - ARRAY(SELECT substr(n, %s)
                        FROM jsonb_array_elements_text(c.clear) n
                        WHERE n = ANY(%s))
                ELSE p.custom_fields_extra END""",
                [CUSTOM + key for key in beyond],
                beyond,
                len(CUSTOM) + 1,
                [CUSTOM + key for key in beyond],
            )
        return assignments

    def _custom_values(self, partner, custom, changed):
        """The changed custom fields of one contact as ``write()`` takes them.

        :param dict custom: what the row says: {key: stored value}
        :param changed: names in ``before``
        """
        values, extra = {}, dict(partner.custom_fields_extra or {})
        for rule in self._custom_rules():
            if CUSTOM + rule.key not in changed:
                continue
            value = (custom or {}).get(rule.key)
            if rule.slot:
                values[rule.slot] = False if value is None else value
                continue
            extra[rule.key] = value
            if value is None:
                del extra[rule.key]
            values["custom_fields_extra"] = extra
        return values


def _place(rule):
    """What must stay the same while a file is imported: type and slot, as JSON."""
    return [rule.type, rule.slot] if rule else None


def _old(rule):
    """Value of a custom field in the contact ``p``."""
    if rule.slot:
        return SQL.identifier("p", rule.slot)
    return SQL("(p.custom_fields_extra -> %s)", rule.key)


def _new(rule, custom):
    """What a row says of a custom field, in the type of ``_old``.

    :param SQL custom: the row's JSON
    """
    if not rule.slot:
        return SQL("(%s -> %s)", custom, rule.key)
    return SQL("(%s ->> %s)::%s", custom, rule.key, CASTS.get(rule.type, SQL("text")))
