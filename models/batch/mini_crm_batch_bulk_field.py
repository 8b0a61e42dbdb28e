import json

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..field.filled_sql import EXTRA
from .bulk_target import NOTHING, Target

CUSTOM = "custom:"
TEXT, ID = SQL("varchar"), SQL("int")
# Fields of the contact itself that can be filled in for many, besides the owner.
STANDARD = {
    "city": TEXT,
    "country_id": ID,
    "lang": TEXT,
    "source_id": ID,
    "user_id": ID,
}
ADDRESS = ("city", "country_id")
LONGEST = 200  # characters of a text


class MiniCrmBatch(models.Model):
    """One value for many customers, in a custom field or one of the contact's own.

    ``settings`` keep the value in its stored form; ``before`` is ``{name: value}``,
    beyond the slots also whether there was anything (``none``).
    """

    _inherit = "mini_crm.batch"

    # Choosing

    @api.model
    def _bulk_fields(self):
        """Fields that can be filled in for many: list of dict.

        :return: ``{"name", "label", "type"}``, with ``options`` ``[[code, label]]`` or
            the ``relation`` to choose from; custom ones are ``custom:<key>``
        """
        labels = self.env["res.partner"].fields_get(
            [name for name in STANDARD if name != "user_id"],
            ["string", "type", "relation", "selection"],
        )
        found = []
        rules = self.env["mini_crm.field"]._rules()
        definitions = self.env["mini_crm.field"].search([("key", "in", list(rules))])
        for definition in definitions:
            rule = rules[definition.key]
            choices = definition.option_ids.filtered("active")
            found.append(
                {
                    "name": CUSTOM + rule.key,
                    "label": definition.name,
                    "type": rule.type,
                    "options": [[choice.code, choice.name] for choice in choices],
                }
            )
        for name, field in labels.items():
            found.append(
                {
                    "name": name,
                    "label": field["string"],
                    "type": {"char": "text", "selection": "select"}.get(
                        field["type"], field["type"]
                    ),
                    "options": field.get("selection") or [],
                    "relation": field.get("relation") or False,
                }
            )
        return found

    def _bulk_read_field(self, values):
        name = str(values.get("field") or "")
        if name.startswith(CUSTOM):
            return self._bulk_read_custom(
                name.removeprefix(CUSTOM), values.get("value")
            )
        if name not in STANDARD:
            raise UserError(self.env._("Choose a field first."))
        value = self._bulk_standard_value(name, values.get("value"))
        return {"field": name, "value": value, "told": self._bulk_told(name, value)}

    def _bulk_read_custom(self, key, value):
        """A value of a custom field by the one way in; see ``_set_custom``."""
        partners = self.env["res.partner"]
        vals, problems = partners.browse()._custom_problems({key: value})
        partners._raise_problems(problems)
        rule = self.env["mini_crm.field"]._rules()[key]
        stored = vals[rule.slot] if rule.slot else vals[EXTRA][key]
        if hasattr(stored, "isoformat"):
            stored = stored.isoformat()
        if rule.type == "boolean":
            stored = bool(stored)  # as the ORM keeps "no"
        if rule.required and stored is None:
            raise UserError(
                self.env._(
                    "“%s” is required: it cannot be emptied.", self._bulk_label(key)
                )
            )
        place = [rule.type, rule.slot]
        return {"field": CUSTOM + key, "value": stored, "told": stored, "place": place}

    @api.model
    def _bulk_label(self, key):
        """Label of a custom field."""
        return self.env["mini_crm.field"]._label(key)

    def _bulk_standard_value(self, name, value):
        """A value of a field of the contact in its stored form, or ``None``."""
        field = self.env["res.partner"]._fields[name]
        if value in (None, False, ""):
            return None
        if field.type == "many2one":
            records = self.env[field.comodel_name].browse(
                value if isinstance(value, int) else []
            )
            known = records.exists() and records._filtered_access("read")
            if not known or isinstance(value, bool):
                raise UserError(self.env._("Choose an entry of the list."))
            return known.id
        text = " ".join(str(value).split())
        if field.type == "selection" and text not in field.get_values(self.env):
            raise UserError(self.env._("Choose an entry of the list."))
        if len(text) > LONGEST:
            raise UserError(
                self.env._("Keep the text under %s characters.", LONGEST + 1)
            )
        return text or None

    def _bulk_told(self, name, value):
        """A stored value as the timeline tells it."""
        field = self.env["res.partner"]._fields[name]
        if value and field.type == "many2one":
            return self.env[field.comodel_name].browse(value).display_name
        return value

    def _bulk_name_field(self, settings, action):
        name, told = settings["field"], settings["told"]
        if name.startswith(CUSTOM):
            label = self._bulk_label(name.removeprefix(CUSTOM))
        else:
            label = self.env["res.partner"].fields_get([name], ["string"])[name][
                "string"
            ]
        shown = self.env._("empty") if told is None else told
        return self._bulk_name_default(settings, action, f"{label} = {shown}")

    # A colleague

    def _bulk_read_owner(self, values):
        user_id = values.get("user_id")
        if user_id:
            user = self.env["res.users"].search(
                [("id", "=", user_id), ("share", "=", False)]
            )
            if not user:
                raise UserError(self.env._("Choose a colleague first."))
        value = user_id or None
        return {
            "field": "user_id",
            "value": value,
            "told": self._bulk_told("user_id", value),
        }

    def _bulk_name_owner(self, settings, action):
        who = settings["told"] or self.env._("nobody")
        return self._bulk_name_default(settings, action, who)

    # Doing it

    def _bulk_target(self):
        """Where the value goes: ``Target``; ``None`` if that is not so any more."""
        name = self.settings["field"]
        if name in STANDARD:
            return Target(name, name, STANDARD[name])
        rule = self.env["mini_crm.field"]._rules().get(name.removeprefix(CUSTOM))
        if not rule or [rule.type, rule.slot] != self.settings["place"]:
            return None
        return Target.of_rule(rule)

    def _bulk_new(self):
        """The value that is filled in: jsonb."""
        return SQL("%s::jsonb", json.dumps(self.settings["value"], ensure_ascii=False))

    def _bulk_plan_field(self):
        self.env["mini_crm.version"]._hold()
        target = self._bulk_target()
        if not target:
            self._refuse("undo_field_gone", SQL("TRUE"))
            return
        self._refuse_addresses(target.name)
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_chunk c SET before = jsonb_build_object(%s::text, %s)
                    || CASE WHEN %s THEN '{"none": true}' ELSE '{}' END::jsonb
                FROM res_partner p
                WHERE p.id = c.partner_id AND c.outcome IS NULL
                    AND %s IS DISTINCT FROM %s""",
                target.name,
                target.old,
                SQL("p.custom_fields_extra IS NULL")
                if not target.column
                else SQL("FALSE"),
                target.old,
                target.given(self._bulk_new()),
            )
        )
        self._settle("unchanged", SQL("c.before IS NULL"))

    _bulk_plan_owner = _bulk_plan_field

    def _refuse_addresses(self, name):
        """Leave out whose address is another contact's too, or would contradict it."""
        if name not in ADDRESS:
            return
        self._refuse(
            "bulk_address_shared",
            SQL(
                """(EXISTS (SELECT FROM res_partner p WHERE p.id = c.partner_id
                    AND p.parent_id IS NOT NULL)
                OR EXISTS (SELECT FROM res_partner p WHERE p.parent_id = c.partner_id
                    AND p.type = 'contact'))"""
            ),
        )
        if name == "country_id":
            self._refuse(
                "bulk_state_elsewhere",
                SQL(
                    """EXISTS (SELECT FROM res_partner p
                    JOIN res_country_state s ON s.id = p.state_id
                    WHERE p.id = c.partner_id AND s.country_id IS DISTINCT FROM %s)""",
                    self.settings["value"],
                ),
            )

    def _bulk_apply_field(self):
        target = self._bulk_target()
        if target:
            new = target.given(self._bulk_new())
            self._write_target(target, new, SQL("c.outcome = 'updated'"))

    _bulk_apply_owner = _bulk_apply_field

    def _write_target(self, target, value, which, *, back=False):
        """Write the value to the contacts of the chunk's rows, and tell of it.

        :param SQL value: over the row ``c``, in the type of the target
        :param SQL which: rows, over ``c`` and the contact ``p``
        :param bool back: it is the value before
        """
        old, new = self._told_sql(target)
        pair = SQL("jsonb_build_array(%s, %s)", *((new, old) if back else (old, new)))
        empty = SQL("CASE WHEN c.before ? 'none' THEN NULL ELSE '{}'::jsonb END")
        ctes = SQL(
            """changed AS (
                UPDATE res_partner p SET %s, write_uid = %s,
                    write_date = now() AT TIME ZONE 'utc'
                FROM mini_crm_chunk c WHERE p.id = c.partner_id AND %s
                RETURNING p.id AS partner_id, c.before)""",
            target.assigned(value, empty if back else NOTHING),
            self.env.uid,
            which,
        )
        data = SQL("jsonb_build_object(%s::text, %s)", target.name, pair)
        self._bulk_log("field_updated", data, ctes, "changed")
        self._forget_written([target.column or EXTRA])

    def _told_sql(self, target):
        """The values before and after as the timeline tells them: pair of jsonb."""
        new = SQL("%s::jsonb", json.dumps(self.settings["told"], ensure_ascii=False))
        old = SQL("r.before -> %s::text", target.name)
        field = self.env["res.partner"]._fields.get(target.name)
        if not field or field.type != "many2one":
            return old, new
        self.env.cr.execute(
            SQL(
                "SELECT DISTINCT (before -> %s::text)::text::int FROM mini_crm_chunk"
                " WHERE jsonb_typeof(before -> %s::text) = 'number'",
                target.name,
                target.name,
            )
        )
        ids = [row[0] for row in self.env.cr.fetchall()]
        # sudo: the name of what the user is about to replace
        records = self.env[field.comodel_name].sudo().browse(ids).exists()
        names = {str(record.id): record.display_name for record in records}
        names = SQL("%s::jsonb", json.dumps(names, ensure_ascii=False))
        return SQL("%s -> (r.before ->> %s::text)", names, target.name), new

    def _forget_written(self, columns):
        """Have the ORM read these columns anew, and compute what is stored by them."""
        partners = self.env["res.partner"]
        partners.invalidate_model()
        if not all(column in partners._fields for column in columns):
            return
        self.env.cr.execute(
            """SELECT partner_id FROM mini_crm_chunk
            WHERE outcome IN ('updated', 'restored')"""
        )
        changed = partners.browse(row[0] for row in self.env.cr.fetchall())
        own = [partners._fields[column] for column in columns]
        with self.env.protecting(own, changed):
            changed.modified(columns)
            self.env.flush_all()

    # Taking it back

    def _bulk_undo_field(self):
        self.env["mini_crm.version"]._hold()
        target = self._bulk_target()
        if not target:
            self._refuse("undo_field_gone", SQL("TRUE"), "kept")
            return
        written = target.given(self._bulk_new())
        was = target.given(SQL("(c.before -> %s::text)", target.name))
        self._refuse(
            "undo_changed",
            SQL(
                """EXISTS (SELECT FROM res_partner p WHERE p.id = c.partner_id
                    AND %s IS DISTINCT FROM %s AND %s IS DISTINCT FROM %s)""",
                target.old,
                written,
                target.old,
                was,
            ),
            "kept",
        )
        self._settle("restored", SQL("TRUE"))
        which = SQL(
            "c.outcome = 'restored' AND %s IS NOT DISTINCT FROM %s",
            target.old,
            written,
        )
        self._write_target(target, was, which, back=True)

    _bulk_undo_owner = _bulk_undo_field
