from odoo import fields, models


class MiniCrmOutbox(models.Model):
    """Work of sending: a row exists while a message is still to be sent.

    Claimed once for each attempt, and committed as claimed before the provider is
    called. A claim that nobody finished is an attempt of unknown outcome.
    """

    _name = "mini_crm.outbox"
    _description = "Messages to Send"
    _order = "id"
    _log_access = False

    message_id = fields.Many2one(
        "mini_crm.message", required=True, ondelete="cascade"
    )
    identity_id = fields.Many2one(
        "mini_crm.identity", required=True, ondelete="cascade", index=True
    )
    channel_id = fields.Many2one("mini_crm.channel", required=True, ondelete="cascade")
    due_at = fields.Datetime(help="UTC; empty: waits for something to happen.")
    attempts = fields.Integer(help="Calls of the provider so far.")
    claimed_at = fields.Datetime(help="UTC; the provider is being called since then.")

    _message_uniq = models.UniqueIndex("(message_id)")
    _due_idx = models.Index("(due_at, id) WHERE claimed_at IS NULL")
    _claimed_idx = models.Index("(claimed_at) WHERE claimed_at IS NOT NULL")
