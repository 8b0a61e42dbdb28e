from odoo import fields, models


class MiniCrmInbox(models.Model):
    """What providers have delivered, raw; stored before it is answered.

    A row of kind ``body`` is one request of a provider. An item of it that cannot be
    handled becomes a row of kind ``item``, dead or parked, and the rest goes on.
    """

    _name = "mini_crm.inbox"
    _description = "Received from Providers"
    _order = "id desc"
    _log_access = False

    channel_id = fields.Many2one("mini_crm.channel", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    received_at = fields.Datetime(required=True, help="UTC.")
    kind = fields.Selection(
        [("body", "Delivery"), ("item", "Part of a delivery")],
        required=True,
        default="body",
    )
    parent_id = fields.Many2one(
        "mini_crm.inbox", ondelete="cascade", index="btree_not_null"
    )
    # Bytes as they came, written and read by SQL: the ORM would take them for base64.
    body = fields.Binary(attachment=False)
    digest = fields.Char(help="SHA-256 of the body: the same delivery is stored once.")
    state = fields.Selection(
        [
            ("new", "Waiting"),
            ("done", "Done"),
            ("parked", "Waits for its message"),
            ("dead", "Cannot be read"),
        ],
        required=True,
        default="new",
    )
    waits_for = fields.Char(help="External id of the message that it belongs to.")
    attempts = fields.Integer()
    error = fields.Char()

    _digest_uniq = models.UniqueIndex(
        "(channel_id, digest) WHERE digest IS NOT NULL"
    )
    _new_idx = models.Index("(id) WHERE state = 'new'")
    _dead_idx = models.Index("(company_id, id) WHERE state = 'dead'")
    _parked_idx = models.Index("(channel_id, waits_for) WHERE state = 'parked'")
    _received_idx = models.Index("(channel_id, received_at)")
