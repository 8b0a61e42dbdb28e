from odoo import fields, models


class MiniCrmChannelSecret(models.Model):
    """Tokens of channels, encrypted by a key that is not in the database.

    Nobody has access, not even administrators: only the code of this room reads it.
    """

    _name = "mini_crm.channel.secret"
    _description = "Secret of a Channel"
    _log_access = False

    channel_id = fields.Many2one(
        "mini_crm.channel", required=True, ondelete="cascade", index=True
    )
    name = fields.Char(
        required=True,
        help="token, app_secret, other_app_secret, webhook_secret, verify_token, proxy",
    )
    value = fields.Char(required=True, help="Encrypted.")
    until = fields.Datetime(
        help="Replaced; still accepted from callers until then, UTC."
    )
