from odoo import fields, models


class MiniCrmFieldValue(models.Model):
    """A value of an archived field whose slot was released: it waits here."""

    _name = "mini_crm.field.value"
    _description = "Value of an Archived Field"
    _log_access = False

    field_id = fields.Many2one("mini_crm.field", required=True, ondelete="cascade")
    partner_id = fields.Many2one(
        "res.partner", required=True, ondelete="cascade", index=True
    )
    value = fields.Json(required=True, help="As stored; a date as ISO 8601.")

    _field_partner_uniq = models.UniqueIndex("(field_id, partner_id)")
