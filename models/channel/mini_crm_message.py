from odoo import api, fields, models

# Order within a second of messages that have not been sent yet: after all others.
LAST = 2**31 - 1
EXCERPT = 120  # characters of a message that lists show


class MiniCrmMessage(models.Model):
    """A message in a channel, in or out; its state is the truth (A9)."""

    _name = "mini_crm.message"
    _description = "Message"
    _order = "date desc, sequence desc, id desc"
    _log_access = False
    _rec_name = "body"

    channel_id = fields.Many2one("mini_crm.channel", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    identity_id = fields.Many2one(
        "mini_crm.identity", required=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, ondelete="cascade"
    )
    direction = fields.Selection(
        [("in", "From the customer"), ("out", "To the customer")], required=True
    )
    kind = fields.Char(
        required=True, default="text", help="text, photo, voice, ...: open list"
    )
    body = fields.Text()
    date = fields.Datetime(required=True, help="By the provider, UTC.")
    sequence = fields.Integer(
        help="Order within a second: Telegram's message id, Instagram's milliseconds."
    )
    external_id = fields.Char(
        help="Telegram: chat id and message id; Instagram: mid; unique in a channel."
    )
    idempotency_key = fields.Char(help="Whoever sends it again gets the same message.")
    state = fields.Selection(
        [
            ("received", "Received"),
            ("queued", "Waiting to be sent"),
            ("sending", "Being sent"),
            ("sent", "Sent"),
            ("delivered", "Delivered"),
            ("read", "Read"),
            ("failed", "Not sent"),
            ("uncertain", "Perhaps sent"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        required=True,
    )
    reason = fields.Char(help="Code of why it waits, was dropped or has failed.")
    detail = fields.Char(help="What the provider said, without secrets.")
    deferred_until = fields.Datetime(help="UTC.")
    purpose = fields.Selection(
        [
            ("answer", "Answer of a person"),
            ("automated", "Automated"),
            ("campaign", "Campaign"),
        ],
        help="What the gate judges an outgoing message by.",
    )
    continues = fields.Boolean(
        help="A further part of the message before it: one answer counts once."
    )
    author_id = fields.Many2one("res.users", ondelete="set null")
    reply_to = fields.Char(help="External id of the message that it answers.")
    payload = fields.Char(help="What the button carried that was pressed.")
    buttons = fields.Json(help="Choices offered with it: list of {label, payload}.")
    media = fields.Json(
        help="Files: list of {kind, reference, name, mime, size, state, attachment_id}."
    )
    reactions = fields.Json(help="{side: emoji}, side in or out.")
    reacted_at = fields.Json(
        help="{side: UTC, ISO 8601}: of its last reaction, also of one taken off."
    )
    edited_at = fields.Datetime()
    deleted_at = fields.Datetime()
    event_id = fields.Integer(help="The event that tells of it.")
    dealt_with = fields.Boolean(
        help="Taken by what happens by itself: nobody has to answer it."
    )

    _partner_idx = models.Index("(partner_id, date DESC, sequence DESC, id DESC)")
    _external_uniq = models.UniqueIndex(
        "(channel_id, external_id) WHERE external_id IS NOT NULL"
    )
    _key_uniq = models.UniqueIndex(
        "(channel_id, idempotency_key) WHERE idempotency_key IS NOT NULL"
    )
    _identity_idx = models.Index("(identity_id, direction, date)")

    @api.model
    def _tell_changed(self, partner_ids):
        """Have open conversations of these customers show what is new, on commit.

        Only ids go out; what they may see, browsers ask for with their user's rights.

        :param list[int] partner_ids: some hundreds at most
        """
        agents = self.env["ir.model.data"]._xmlid_to_res_id(
            "mini_crm.mini_crm_group_agent", raise_if_not_found=True
        )
        self.env["res.groups"].browse(agents)._bus_send(
            "mini_crm.conversation", {"partner_ids": list(partner_ids)}
        )
