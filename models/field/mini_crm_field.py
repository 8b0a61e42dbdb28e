from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from ...engine.field_values import FieldRule, Option
from ...engine.fields import SLOTS, slot_type

TYPES = [
    ("text", "Text"),
    ("number", "Number"),
    ("date", "Date"),
    ("boolean", "Yes or no"),
    ("email", "E-mail"),
    ("phone", "Phone"),
    ("url", "Link"),
    ("select", "Choice"),
]


class MiniCrmField(models.Model):
    """Definition of a custom field: what a slot of the customer means.

    A definition without a slot keeps its values in the overflow, under its key in
    ``custom_fields_extra``: they show on the form, but cannot be filtered or sorted.
    """

    _name = "mini_crm.field"
    _inherit = ["mini_crm.versioned"]
    _description = "Custom Field"
    _order = "section_sequence, section_id, sequence, id"

    name = fields.Char("Label", required=True, translate=True)
    key = fields.Char(required=True, copy=False, help="Name of the field for programs.")
    type = fields.Selection(TYPES, required=True, default="text")
    role = fields.Selection(
        [("birthday", "Birthday")],
        help="What rules and reminders know the field as, whatever its label.",
    )
    slot = fields.Char(index="btree_not_null", copy=False)
    section_id = fields.Many2one(
        "mini_crm.field.section", ondelete="set null", index="btree_not_null"
    )
    section_sequence = fields.Integer(
        "Order of the Section", related="section_id.sequence", store=True
    )
    sequence = fields.Integer(default=10)
    required = fields.Boolean()
    active = fields.Boolean(default=True)
    help = fields.Char(translate=True)
    placeholder = fields.Char(translate=True)
    rules = fields.Json(
        help="minimum, maximum, earliest, latest (ISO dates), min_length, max_length,"
        " pattern (RE2); only those that hold."
    )
    option_ids = fields.One2many("mini_crm.field.option", "field_id")
    show_in_form = fields.Boolean(default=True)
    show_in_list = fields.Boolean()
    show_in_card = fields.Boolean()
    show_in_filter = fields.Boolean(default=True)

    _key_uniq = models.UniqueIndex("(key)", "Another field uses this key already.")
    _slot_uniq = models.UniqueIndex(
        "(slot) WHERE active IS TRUE", "Another field uses this slot already."
    )

    @api.constrains("slot", "type")
    def _check_slot(self):
        for definition in self:
            slot = definition.slot
            if slot and (slot not in SLOTS or slot_type(slot) != definition.type):
                raise ValidationError(
                    self.env._(
                        "%(slot)s is not a slot of the type %(type)s.",
                        slot=slot,
                        type=definition.type,
                    )
                )

    @api.model
    def _active_slots(self):
        """Columns that have a definition in use, in display order: list of str."""
        return [rule.slot for rule in self._rules().values() if rule.slot]

    @api.model
    def _rules(self):
        """Rules of the definitions in use, in display order: {key: FieldRule}."""
        return self._rules_of(self.env["mini_crm.version"]._current())

    @ormcache("version", cache="stable")
    def _rules_of(self, version):
        # sudo: which fields there are is needed to render any partner view;
        # active_test: what is cached must not depend on the context of who asks first
        definitions = self.sudo().with_context(active_test=True).search([])
        return {definition.key: definition._rule() for definition in definitions}

    def _rule(self):
        """This definition as plain data for the engine: ``FieldRule``."""
        self.ensure_one()
        rules = dict(self.rules or {})
        for name in ("earliest", "latest"):
            if rules.get(name):
                rules[name] = fields.Date.to_date(rules[name])
        options = self.with_context(active_test=False).option_ids
        return FieldRule(
            key=self.key,
            type=self.type,
            slot=self.slot or None,
            required=self.required,
            options=tuple(
                Option(option.code, option._names(), option.active)
                for option in options.sorted()
            ),
            **rules,
        )
