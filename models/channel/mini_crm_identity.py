from odoo import fields, models


class MiniCrmIdentity(models.Model):
    """Who a customer is in a channel: one customer, many identities."""

    _name = "mini_crm.identity"
    _description = "Identity in a Channel"
    _order = "last_message_at desc, id desc"
    _rec_name = "name"

    channel_id = fields.Many2one("mini_crm.channel", required=True, ondelete="cascade")
    type = fields.Selection(related="channel_id.type")
    company_id = fields.Many2one(
        "res.company", required=True, ondelete="cascade", index=True
    )
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, ondelete="cascade", index=True
    )
    external_id = fields.Char(
        required=True,
        help="Telegram: chat id; Instagram: IGSID; e-mail: normalised address.",
    )
    name = fields.Char(help="As he calls himself there.")
    username = fields.Char()
    language = fields.Char()
    phone = fields.Char(help="Verified: he has shared his own number.")
    state = fields.Selection(
        [
            ("reachable", "Reachable"),
            ("blocked", "Has blocked us"),
            ("invalid", "Does not exist any more"),
        ],
        string="Status",
        required=True,
        default="reachable",
    )
    reachable_at = fields.Datetime(help="When that was so, by the provider, UTC.")
    made_customer = fields.Boolean(
        help="Its customer is one that was made for it, when he first wrote."
    )
    linked_from_id = fields.Many2one(
        "res.partner",
        "Was Linked to Another Customer From",
        ondelete="set null",
        index="btree_not_null",
        help="Whose it was before; a link can be taken back.",
    )
    dismissed_partner_ids = fields.Json(
        help="Customers of whom people have said that he is not the same: ids."
    )
    window_opened_at = fields.Datetime(
        help="Last message of the customer that lets us answer (Instagram), UTC."
    )
    waiting_since = fields.Datetime(
        help="First message of the customer that nobody has answered yet, UTC."
    )
    answered_until = fields.Datetime(
        help="What he wrote until then needs no answer, as people have said, UTC."
    )
    last_message_at = fields.Datetime()
    last_message = fields.Char(help="Its first words.")
    next_send_at = fields.Datetime(help="Not before then, UTC: the provider's limits.")
    suggested_partner_id = fields.Many2one(
        "res.partner",
        "Perhaps the Same As",
        ondelete="set null",
        index="btree_not_null",
    )
    suggestion = fields.Char(help="Code of why: same phone, same e-mail, ...")

    _channel_external_uniq = models.UniqueIndex("(channel_id, external_id)")
    _waiting_idx = models.Index(
        "(company_id, waiting_since) WHERE waiting_since IS NOT NULL"
    )
