from psycopg2.errors import DependentObjectsStillExist, LockNotAvailable

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ...engine.field_values import ValueProblem, check_rule
from .field_messages import problem_text
from .filled_sql import EXTRA
from .mini_crm_field_slots import has_value

# From as many values on a slot gets a new column instead of being emptied row by row.
MANY = 10_000
# In the context of what only the methods here may change. An object: nobody can send
# it from outside.
LIFE = object()
FIXED = ("key", "type", "slot", "released")
RULES = {
    "minimum",
    "maximum",
    "earliest",
    "latest",
    "min_length",
    "max_length",
    "pattern",
}
# Type of a column, for values that come back from the archive.
COLUMN_TYPES = {
    "number": SQL("float8"),
    "date": SQL("date"),
    "boolean": SQL("boolean"),
}


class MiniCrmField(models.Model):
    """The life of a definition: made, archived, its slot released, restored, deleted.

    Archived, its values stay in its slot, which nobody else gets. Once the slot is
    released they wait in ``mini_crm.field.value``, and come back when it is restored.
    """

    _inherit = "mini_crm.field"

    released = fields.Boolean(
        readonly=True,
        copy=False,
        help="Archived, and its values wait outside of any slot until it is restored.",
    )

    @api.constrains("rules", "type", "option_ids", "slot")
    def _check_rules(self):
        for definition in self:
            if message := definition._rules_problem():
                raise ValidationError(message)

    def _rules_problem(self):
        """What is wrong with the rules of this definition: str or ``None``."""
        rules = self.rules or {}
        unknown = sorted(set(rules) - RULES)
        if not isinstance(rules, dict) or unknown:
            return self.env._(
                "%(name)s: there is no rule %(rules)s. Known are: %(known)s.",
                name=self.name,
                rules=", ".join(unknown),
                known=", ".join(sorted(RULES)),
            )
        try:
            check_rule(self._rule())
        except ValueProblem as problem:
            return problem_text(self.env, self.name, problem, None)
        except (TypeError, ValueError):
            return self.env._(
                "%s: write the dates of a rule as year, month and day, as in"
                " 2026-01-31.",
                self.name,
            )
        return None

    @api.model_create_multi
    def create(self, vals_list):
        """Make definitions; without ``slot`` each gets a free one of its type, with
        ``False`` it keeps its values beyond the slots."""
        # sudo: keys of all, as they are unique
        everything = self.sudo().with_context(active_test=False)
        taken = set(everything.search([]).mapped("key"))
        given = {vals.get("slot") for vals in vals_list}
        free, complete = None, []
        for vals in vals_list:
            kind = vals.get("type") or "text"
            vals = {**vals, "key": self._chosen_key(vals, taken), "released": False}
            taken.add(vals["key"])
            if "slot" not in vals:
                if free is None:
                    free = self._free_slots()
                vals["slot"] = next(
                    (slot for slot in free.get(kind, ()) if slot not in given), None
                ) or self._raise_no_slot(kind)
                given.add(vals["slot"])
            elif vals["slot"]:
                self._check_not_held(vals["slot"])
            else:
                self._check_overflow_values(vals["key"], kind)
            complete.append(vals)
        self._clear_zeros([vals["slot"] for vals in complete])
        return super().create(complete)

    @api.model
    def _check_not_held(self, slot):
        """Refuse a slot that another definition holds, archived ones too."""
        everything = self.with_context(active_test=False)
        holder = everything.search([("slot", "=", slot)], limit=1)
        if holder.active:
            raise ValidationError(
                self.env._("The field %s uses this slot already.", holder.name)
            )
        if holder:
            raise ValidationError(
                self.env._(
                    "This slot holds the values of the archived field %s. Restore that"
                    " field, or release its slot first.",
                    holder.name,
                )
            )

    def write(self, vals):
        if self.env.context.get("mini_crm_life") is LIFE:
            return super().write(vals)
        self._check_fixed(vals)
        vals = {name: value for name, value in vals.items() if name not in FIXED}
        if vals.get("active"):
            self.filtered(lambda definition: not definition.active).restore()
        return super().write(vals)

    def _check_fixed(self, vals):
        """Refuse to change what programs and values rely on."""
        for definition in self:
            changed = [n for n in FIXED if n in vals and vals[n] != definition[n]]
            if changed:
                raise UserError(
                    self.env._(
                        "%(name)s: the %(what)s of a field never changes, as values and"
                        " programs rely on it. Make a new field, and archive this one.",
                        name=definition.name,
                        what=self._fields[changed[0]]._description_string(self.env),
                    )
                )

    # Archive and back

    def restore(self, overflow=False):
        """Bring archived fields back, with their values.

        :param bool overflow: keep the values beyond the slots if no slot of the type is
            free; without it that is an error
        :return: True
        """
        self.check_access("write")
        # what was noted under the old meaning of slots is told first
        self.env.cr.flush()
        for definition in self.filtered(lambda definition: not definition.active):
            vals = {"active": True}
            if definition.released:
                vals |= definition._take_back(overflow)
            definition._write_life(vals)
        return True

    def release_slot(self):
        """Take the values of archived fields out of their slots, which are free then.

        :return: True
        """
        self.check_access("write")
        self.env.cr.flush()
        for definition in self:
            if definition.active:
                raise UserError(
                    self.env._(
                        "%s is in use. Archive it before its slot is released.",
                        definition.name,
                    )
                )
            if not definition.slot:
                continue
            definition._put_away()
            definition._write_life({"slot": False, "released": True})
        return True

    def _write_life(self, vals):
        return self.with_context(mini_crm_life=LIFE).write(vals)

    def _put_away(self):
        """Move the values out of the slot, set-based; customers are told nothing."""
        self.env["res.partner"].flush_model([self.slot])
        self.env.cr.execute(
            SQL(
                """INSERT INTO mini_crm_field_value (field_id, partner_id, value)
                SELECT %s, p.id, to_jsonb(%s) FROM res_partner p WHERE %s""",
                self.id,
                SQL.identifier("p", self.slot),
                has_value(self.slot, "p", zeros=True),
            )
        )
        self._empty_slot(self.env.cr.rowcount)

    def _take_back(self, overflow):
        """Move the values back to where they can be read: vals of the definition."""
        free = self._free_slots().get(self.type)
        if free:
            self._clear_zeros(free[:1])
            source = SQL("(v.value #>> '{}')::%s", self._column_type())
            change = SQL("%s = %s", SQL.identifier(free[0]), source)
        elif overflow:
            change = SQL(
                "%(extra)s = coalesce(%(extra)s, '{}')"
                " || jsonb_build_object(%(key)s, v.value)",
                extra=SQL.identifier(EXTRA),
                key=self.key,
            )
        else:
            self._raise_no_slot(self.type)
        self.env["res.partner"].flush_model([*(free or [])[:1], EXTRA])
        self.env.cr.execute(
            SQL(
                """UPDATE res_partner p SET %s FROM mini_crm_field_value v
                WHERE v.partner_id = p.id AND v.field_id = %s""",
                change,
                self.id,
            )
        )
        self._delete_archive()
        self._forget_values(*(free or [])[:1], EXTRA)
        return {"slot": free[0] if free else False, "released": False}

    def _column_type(self):
        return COLUMN_TYPES.get(self.type, SQL("varchar"))

    def _delete_archive(self):
        self.env.cr.execute(
            SQL("DELETE FROM mini_crm_field_value WHERE field_id = %s", self.id)
        )
        self.env["mini_crm.field.value"].invalidate_model()

    def _forget_values(self, *names):
        self.env["res.partner"].invalidate_model(names, flush=False)

    # Deletion

    def delete_values(self):
        """Delete the values of archived fields for good, so that they can be deleted.

        :return: number of values deleted
        :rtype: int
        """
        self.check_access("unlink")
        self.env.cr.flush()
        count = 0
        for definition in self:
            if definition.active:
                raise UserError(
                    self.env._(
                        "%s is in use. Archive it before its values are deleted.",
                        definition.name,
                    )
                )
            values = definition._value_count()
            definition._delete_archive()
            if definition.slot:
                definition._empty_slot(values)
            elif not definition.released:
                definition._empty_overflow()
            count += values
        return count

    def _empty_slot(self, count):
        """Make the column of the slot NULL for everybody.

        :param int count: how many customers have a value there
        """
        self.env["res.partner"].flush_model([self.slot])
        if count < MANY or not self._renew_column():
            column = SQL.identifier(self.slot)
            self.env.cr.execute(
                SQL(
                    "UPDATE res_partner SET %s = NULL WHERE %s IS NOT NULL",
                    column,
                    column,
                )
            )
        self._forget_values(self.slot)

    def _renew_column(self):
        """Give the slot a new column: no row is written, however many there are.

        Needs the table for itself for a moment.

        :return: whether it worked; not while somebody reads contacts for long, a backup
            for instance, or where a view of the database needs the column
        """
        column = SQL.identifier(self.slot)
        kind = self.env["res.partner"]._fields[self.slot].column_type[1]
        cr = self.env.cr
        try:
            with cr.savepoint(flush=False):
                cr.execute("SET LOCAL lock_timeout = '2s'")
                cr.execute(
                    SQL(
                        "ALTER TABLE res_partner DROP COLUMN %s, ADD COLUMN %s %s",
                        column,
                        column,
                        SQL(kind),
                    ),
                    log_exceptions=False,
                )
                cr.execute("SET LOCAL lock_timeout = DEFAULT")
        except (LockNotAvailable, DependentObjectsStillExist):
            return False
        return True

    def _empty_overflow(self):
        """Take the key out of everybody's overflow."""
        self.env["res.partner"].flush_model([EXTRA])
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner SET %(column)s = %(column)s - %(key)s"
                " WHERE jsonb_exists(%(column)s, %(key)s)",
                column=SQL.identifier(EXTRA),
                key=self.key,
            )
        )
        self._forget_values(EXTRA)

    def _value_count(self):
        """How many customers have a value in this field (int)."""
        self.env["res.partner"].flush_model([self.slot or EXTRA])
        if self.released:
            source = SQL("mini_crm_field_value WHERE field_id = %s", self.id)
        elif self.slot:
            filled = has_value(self.slot, "res_partner")
            source = SQL("res_partner WHERE %s", filled)
        else:
            source = SQL(
                "res_partner WHERE jsonb_exists(%s, %s)",
                SQL.identifier(EXTRA),
                self.key,
            )
        return self.env.execute_query(SQL("SELECT count(*) FROM %s", source))[0][0]

    @api.ondelete(at_uninstall=False)
    def _unlink_only_archived(self):
        for definition in self:
            if definition.active:
                raise UserError(
                    self.env._(
                        "%s is in use. Archive it: its values are kept, and it can be"
                        " restored.",
                        definition.name,
                    )
                )
            count = definition._value_count()
            if count:
                raise UserError(
                    self.env._(
                        "%(count)s customers have a value in %(name)s. Keep the field"
                        " archived, or delete its values first.",
                        count=count,
                        name=definition.name,
                    )
                )
