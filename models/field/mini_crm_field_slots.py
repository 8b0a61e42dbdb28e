from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL, ormcache

from ...engine.field_keys import is_key, key_of
from ...engine.field_values import FieldRule
from ...engine.fields import SLOT_COUNTS, SLOTS, slot_type
from .filled_sql import EXTRA


class MiniCrmField(models.Model):
    """Keys and slots: which there are, which are free, who has them."""

    _inherit = "mini_crm.field"

    # Lookups

    @api.model
    def _rules_by_slot(self):
        """Rules of the definitions in use by their column: {slot: FieldRule}."""
        return {rule.slot: rule for rule in self._rules().values() if rule.slot}

    @api.model
    def _keys(self):
        """Keys of all definitions, archived ones too (frozenset of str)."""
        return self._keys_of(self.env["mini_crm.version"]._current())

    @ormcache("version", cache="stable")
    def _keys_of(self, version):
        # sudo: as for the rules
        everything = self.sudo().with_context(active_test=False).search([])
        return frozenset(everything.mapped("key"))

    @api.model
    def _keys_by_slot(self):
        """Key of whatever holds each slot, archived definitions too: {slot: key}."""
        return self._keys_by_slot_of(self.env["mini_crm.version"]._current())

    @ormcache("version", cache="stable")
    def _keys_by_slot_of(self, version):
        # sudo: as for the rules
        everything = self.sudo().with_context(active_test=False)
        held = everything.search([("slot", "!=", False)], order="active, id")
        return {definition.slot: definition.key for definition in held}

    @api.model
    def _archived_overflow_rules(self):
        """What archived definitions without a slot ask of their type:
        {key: FieldRule}. Their values stay where they are."""
        return self._archived_rules_of(self.env["mini_crm.version"]._current())

    @ormcache("version", cache="stable")
    def _archived_rules_of(self, version):
        # sudo: as for the rules
        archived = self.sudo().search(
            [("active", "=", False), ("slot", "=", False), ("released", "=", False)]
        )
        return {
            definition.key: FieldRule(
                key=definition.key,
                type="text" if definition.type == "select" else definition.type,
            )
            for definition in archived
        }

    @api.model
    def _label(self, key):
        """Label of a field in the viewer's language, archived ones too (str).

        :param str key: key of a definition; that of a slot without one is its column
        """
        # sudo: a label tells nothing that may not be read
        everything = self.sudo().with_context(active_test=False)
        name = everything.search([("key", "=", key)]).name
        if not name and key in SLOTS:
            field = self.env["res.partner"].fields_get([key], ["string"]).get(key)
            name = field and field["string"]
        return name or key

    # Allocation

    @api.model
    def slots(self):
        """How many fields of each type can still be filtered and sorted.

        :return: {type: {"all": slots there are, "free": those that a new field gets
            (``_free_slots``), "archived": [{"id", "name"}] of archived fields that
            hold one}}
        :rtype: dict
        """
        self.check_access("read")
        everything = self.with_context(active_test=False).search(
            [("slot", "!=", False)]
        )
        free = self._free_slots()
        result = {}
        for kind, count in SLOT_COUNTS.items():
            holders = everything.filtered(lambda d, kind=kind: d.type == kind)
            result[kind] = {
                "all": count,
                "free": len(free.get(kind, [])),
                "archived": [
                    {"id": definition.id, "name": definition.name}
                    for definition in holders
                    if not definition.active
                ],
            }
        return result

    @api.model
    def _free_slots(self):
        """Slots that no definition holds, and where nothing stands: {type: [slot]}.

        A slot may hold values although nothing defines it: a program wrote there.
        Nobody else gets it, as they would show under another label.
        """
        # sudo: also of definitions that the user does not see
        everything = self.sudo().with_context(active_test=False)
        held = set(everything.search([("slot", "!=", False)]).mapped("slot"))
        free = [slot for slot in SLOTS if slot not in held]
        if not free:
            return {}
        self.env["res.partner"].flush_model(free)
        # Most contacts have nothing there: one call tells that far cheaper than many.
        columns = [SQL.identifier("res_partner", slot) for slot in free]
        counts = self.env.execute_query(
            SQL(
                "SELECT %s FROM res_partner WHERE num_nonnulls(%s) > 0",
                SQL(", ").join(
                    SQL("bool_or(%s)", has_value(slot, "res_partner")) for slot in free
                ),
                SQL(", ").join(columns),
            )
        )[0]
        result = {}
        for slot, used in zip(free, counts, strict=True):
            if not used:
                result.setdefault(slot_type(slot), []).append(slot)
        return result

    @api.model
    def _clear_zeros(self, slots):
        """Empty slots for numbers that are about to be given away of left zeros.

        A slot with nothing but zeros counts as free, yet 0 is a value on the cards.

        :param list slots: names of columns; others than of numbers are left alone
        """
        for slot in slots:
            if slot in SLOTS and slot_type(slot) == "number":
                self.env["res.partner"].flush_model([slot])
                column = SQL.identifier(slot)
                self.env.cr.execute(
                    SQL("UPDATE res_partner SET %s = NULL WHERE %s = 0", *[column] * 2)
                )
                self.env["res.partner"].invalidate_model([slot], flush=False)

    @api.model
    def _raise_no_slot(self, kind):
        """Say that a type has no slot left, and what to do.

        :param str kind: the type
        """
        label = dict(self._fields["type"]._description_selection(self.env))[kind]
        message = self.env._(
            "All %(count)s fields of the type %(type)s are in use. Archive one and"
            " release its slot, or put this field beyond the slots: it then shows on"
            " the form, but cannot be filtered or sorted.",
            count=SLOT_COUNTS[kind],
            type=label,
        )
        archived = [found["name"] for found in self.slots()[kind]["archived"]]
        if archived:
            message += "\n" + self.env._(
                "Archived fields that still hold a slot: %s.", ", ".join(archived)
            )
        raise UserError(message)

    # Keys

    @api.model
    def _chosen_key(self, vals, taken):
        """The key of a new definition: as given, or made of its label.

        :param dict vals: of ``create``
        :param set[str] taken: keys of others
        """
        key = vals.get("key")
        columns = self.env["res.partner"]._fields
        if not key:
            return key_of(str(vals.get("name") or ""), taken.union(columns))
        if not is_key(key):
            raise UserError(
                self.env._(
                    "%s cannot be a key: it begins with a letter a-z and has only the"
                    " letters a-z, digits and _, at most 63.",
                    key,
                )
            )
        if key in columns:
            raise UserError(
                self.env._(
                    "%s cannot be a key: customers have a standard field of this name."
                    " Use another key.",
                    key,
                )
            )
        if key in taken:
            self._raise_key_taken(key)
        return key

    @api.model
    def _raise_key_taken(self, key):
        everything = self.with_context(active_test=False)
        other = everything.search([("key", "=", key)], limit=1)
        if other and not other.active:
            raise UserError(
                self.env._(
                    "The archived field %(name)s has the key %(key)s: restore it,"
                    " or use another key.",
                    name=other.name,
                    key=key,
                )
            )
        raise UserError(
            self.env._(
                "The field %(name)s has the key %(key)s already. Use another key.",
                name=other.name or key,
                key=key,
            )
        )

    @api.model
    def _check_overflow_values(self, key, kind):
        """Refuse a definition whose key customers use for something else already."""
        fits = {
            "number": SQL("jsonb_typeof(v) = 'number'"),
            "boolean": SQL("jsonb_typeof(v) = 'boolean'"),
            "date": SQL(r"(v #>> '{}') ~ '^\d{4}-\d{2}-\d{2}$'"),
        }.get(kind, SQL("jsonb_typeof(v) = 'string'"))
        self.env["res.partner"].flush_model([EXTRA])
        count = self.env.execute_query(
            SQL(
                """SELECT count(*) FROM (SELECT %s -> %s AS v FROM res_partner) p
                WHERE v IS NOT NULL AND NOT (%s)""",
                SQL.identifier(EXTRA),
                key,
                fits,
            )
        )[0][0]
        if count:
            raise UserError(
                self.env._(
                    "%(count)s customers have values of another type under the key"
                    " %(key)s. Use another key.",
                    count=count,
                    key=key,
                )
            )


def has_value(slot, alias, zeros=False):
    """SQL condition: something stands in a slot, whatever it means.

    :param bool zeros: whether 0 counts
    """
    column = SQL.identifier(alias, slot)
    return {
        "number": SQL("%s IS NOT NULL", column)
        if zeros
        else SQL("coalesce(%s, 0) <> 0", column),
        "date": SQL("%s IS NOT NULL", column),
        "boolean": SQL("%s IS TRUE", column),
    }.get(slot_type(slot), SQL("coalesce(%s, '') <> ''", column))
