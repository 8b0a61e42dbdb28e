from odoo import fields, models


class MiniCrmIndustry(models.Model):
    """Template of an industry: the custom fields that its shops use."""

    _name = "mini_crm.industry"
    _description = "Industry"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    key = fields.Char(required=True)
    description = fields.Char(translate=True)
    icon = fields.Char()
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    field_ids = fields.One2many("mini_crm.industry.field", "industry_id")
    segments = fields.Json(help="Segments that come with it: list of objects.")
    tag_rules = fields.Json(help="Tag rules that come with it: list of objects.")

    _key_uniq = models.UniqueIndex("(key)", "Another industry uses this key already.")
