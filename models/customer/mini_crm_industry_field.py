from odoo import fields, models

from .mini_crm_field import TYPES


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
