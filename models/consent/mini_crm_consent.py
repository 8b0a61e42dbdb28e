from odoo import fields, models

CHANNELS = [
    ("telegram", "Telegram"),
    ("instagram", "Instagram"),
    ("email", "E-mail"),
    ("phone", "Phone"),
]


class MiniCrmConsent(models.Model):
    """Whether a customer wants to be written to by a channel; no row: unknown."""

    _name = "mini_crm.consent"
    _description = "Consent"
    _order = "partner_id, channel"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, ondelete="cascade"
    )
    channel = fields.Selection(CHANNELS, required=True)
    state = fields.Selection(
        [("in", "Agreed"), ("out", "Opted out"), ("unknown", "Not asked")],
        required=True,
        default="unknown",
    )
    date = fields.Datetime(required=True, default=fields.Datetime.now, help="UTC.")
    source = fields.Selection(
        [
            ("message", "A message of the customer"),
            ("person", "Entered by a person"),
            ("import", "Import"),
            ("api", "API"),
            ("blacklist", "Odoo's blacklist"),
            ("merge", "Merged with a duplicate"),
        ],
        required=True,
        default="person",
    )
    proof = fields.Char(help="The words, the form or the document that says so.")

    _partner_channel_uniq = models.UniqueIndex("(partner_id, channel)")
