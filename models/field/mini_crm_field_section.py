from odoo import fields, models


class MiniCrmFieldSection(models.Model):
    """A group of custom fields under one heading on the customer's form."""

    _name = "mini_crm.field.section"
    _inherit = ["mini_crm.versioned"]
    _description = "Section of Custom Fields"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    key = fields.Char(required=True, help="Name of the section for programs.")
    sequence = fields.Integer(default=10)
    field_ids = fields.One2many("mini_crm.field", "section_id")

    _key_uniq = models.UniqueIndex("(key)", "Another section uses this key already.")
