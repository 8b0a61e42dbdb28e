from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

from ...engine.industries import are_options
from .applied_fields import TEXTS
from .field_texts import SOURCE
from .mini_crm_field import TYPES

SHOWN = ("show_in_list", "show_in_card", "show_in_filter")


class MiniCrmIndustryField(models.Model):
    """A custom field that an industry's template brings."""

    _name = "mini_crm.industry.field"
    _description = "Custom Field of an Industry"
    _order = "sequence, id"

    industry_id = fields.Many2one(
        "mini_crm.industry", required=True, ondelete="cascade", index=True
    )
    name = fields.Char("Label", required=True, translate=True)
    key = fields.Char(required=True)
    type = fields.Selection(TYPES, required=True, default="text")
    role = fields.Selection([("birthday", "Birthday")])
    section = fields.Char(help="Key of the section that the field goes to.")
    sequence = fields.Integer(default=10)
    help = fields.Char(translate=True)
    placeholder = fields.Char(translate=True)
    rules = fields.Json()
    options = fields.Json(
        help="List of {code, color, labels: {language: label}} in display order."
    )
    show_in_list = fields.Boolean()
    show_in_card = fields.Boolean()
    show_in_filter = fields.Boolean(default=True)

    _key_uniq = models.UniqueIndex(
        "(industry_id, key)", "The industry has a field with this key already."
    )

    @api.constrains("options")
    def _check_options(self):
        for field in self:
            if not are_options(field.options or []):
                raise ValidationError(
                    self.env._(
                        "%s: choices are a list of objects with code, color and labels;"
                        " the labels need an English text (en_US).",
                        field.name,
                    )
                )

    def _preview(self, step, existing, kinds):
        """This field as ``mini_crm.industry.preview()`` shows it: dict.

        :param engine.industries.Step step: what becomes of it
        :param existing: the ``mini_crm.field`` that is there already, or ``None``
        :param dict kinds: {type: label}
        """
        self.ensure_one()
        return {
            "key": self.key,
            "name": self.name,
            "help": self.help or "",
            "type": self.type,
            "type_label": kinds[self.type],
            "options": [
                {
                    "label": self.industry_id._text(option["labels"]),
                    "color": option.get("color", 0),
                }
                for option in self.options or []
            ],
            "status": step.status,
            "room": step.room or False,  # XML-RPC knows no null
            "existing": bool(existing)
            and {"name": existing.name, "type_label": kinds[existing.type]},
        }

    def _definition_vals(self):
        """Values of the ``mini_crm.field`` that it becomes, but section and slot."""
        self.ensure_one()
        names = ("key", "type", "role", "rules", "sequence", *TEXTS, *SHOWN)
        return {
            **{name: self[name] for name in names},
            "option_ids": [
                Command.create(
                    {
                        "code": option["code"],
                        "name": option["labels"][SOURCE],
                        "color": option.get("color", 0),
                        "sequence": (index + 1) * 10,
                    }
                )
                for index, option in enumerate(self.options or [])
            ],
        }
