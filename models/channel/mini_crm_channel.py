import secrets

from odoo import api, fields, models

KEY_BYTES = 18


class MiniCrmChannel(models.Model):
    """One account of the shop: a Telegram bot, an Instagram account, mail, a phone."""

    _name = "mini_crm.channel"
    _inherit = "mail.alias.mixin.optional"
    _description = "Channel"
    _order = "sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    type = fields.Selection(
        [
            ("telegram", "Telegram"),
            ("instagram", "Instagram"),
            ("email", "E-mail"),
            ("phone", "Phone"),
        ],
        required=True,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )
    state = fields.Selection(
        [
            ("draft", "Not connected"),
            ("live", "Connected"),
            ("broken", "Needs attention"),
            ("off", "Switched off"),
        ],
        string="Status",
        required=True,
        default="draft",
        readonly=True,
        copy=False,
    )
    problem = fields.Char(
        readonly=True, copy=False, help="Code of what needs attention; see the texts."
    )
    problem_detail = fields.Char(
        readonly=True, copy=False, groups="mini_crm.mini_crm_group_admin"
    )
    key = fields.Char(
        readonly=True,
        copy=False,
        required=True,
        default=lambda self: secrets.token_urlsafe(KEY_BYTES),
        groups="mini_crm.mini_crm_group_admin",
        help="Random; the last part of the webhook's address.",
    )
    webhook_url = fields.Char(
        "Webhook",
        compute="_compute_webhook_url",
        groups="mini_crm.mini_crm_group_admin",
    )
    receive = fields.Selection(
        [("webhook", "The provider calls us"), ("polling", "We ask the provider")],
        default="webhook",
        required=True,
        groups="mini_crm.mini_crm_group_admin",
        help="Asking works without a public address; Telegram only.",
    )
    api_url = fields.Char(
        "Provider's Address",
        groups="mini_crm.mini_crm_group_admin",
        help="Empty: the provider's own.",
    )
    account_id = fields.Char(
        "Account Number",
        readonly=True,
        copy=False,
        groups="mini_crm.mini_crm_group_admin",
        help="The bot's or account's id.",
    )
    account_name = fields.Char("Account", readonly=True, copy=False)
    login = fields.Selection(
        [("instagram", "Instagram login"), ("facebook", "Facebook login")],
        default="instagram",
        groups="mini_crm.mini_crm_group_admin",
        help="Which of Meta's two set-ups the token is from.",
    )
    human_agent = fields.Boolean(
        "People May Answer for 7 Days",
        help="Meta has approved the feature Human Agent for this app.",
    )
    phone_number = fields.Char()
    token_expires_at = fields.Datetime(
        readonly=True, copy=False, groups="mini_crm.mini_crm_group_admin"
    )
    connected_at = fields.Datetime(
        readonly=True, copy=False, groups="mini_crm.mini_crm_group_admin"
    )
    paused_until = fields.Datetime(
        readonly=True, copy=False, help="The provider asked to wait until then, UTC."
    )

    _key_uniq = models.UniqueIndex("(key)")

    @api.depends("key")
    def _compute_webhook_url(self):
        for channel in self:
            channel.webhook_url = (
                f"{channel.get_base_url()}/mini_crm/webhook/{channel.key}"
            )
