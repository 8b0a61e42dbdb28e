from odoo import fields, models


class MiniCrmQuickReply(models.Model):
    """A text that people send often; ``{field}`` is filled in from the customer."""

    _name = "mini_crm.quick.reply"
    _description = "Quick Reply"
    _order = "sequence, id"

    name = fields.Char("Shortcut", required=True, translate=True)
    sequence = fields.Integer(default=10)
    body = fields.Text(
        "Reply Text",
        required=True,
        translate=True,
        help="{name}, {first_name}, {city}, {phone}, {email} and the keys of custom"
        " fields in braces are filled in; what is missing is shown before sending.",
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )
