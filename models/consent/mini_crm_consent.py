from odoo import api, fields, models
from odoo.tools import SQL

CHANNELS = [
    ("telegram", "Telegram"),
    ("instagram", "Instagram"),
    ("email", "E-mail"),
    ("phone", "Phone"),
]

# Odoo's own lists: channel -> (model, its column, the contact's field of that address).
BLACKLISTS = {
    "email": ("mail.blacklist", "email", "email_normalized"),
    "phone": ("phone.blacklist", "number", "phone_sanitized"),
}


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
        string="Status",
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

    @api.model
    def _states(self, partner_ids, channel_type):
        """What is known of the consent of these customers, by one query.

        What stands on Odoo's own blacklist has opted out, whoever has put it there.

        :param list[int] partner_ids: some thousands at most
        :param str channel_type: telegram, instagram, email or phone
        :return: {partner id: in, out or unknown}; of every id that is asked for
        :rtype: dict[int, str]
        """
        return self._states_by_channel(partner_ids, [channel_type])[channel_type]

    @api.model
    def _states_by_channel(self, partner_ids, channel_types):
        """Likewise, of several channels by one query.

        :param list[str] channel_types: as of ``_states``
        :return: {channel type: {partner id: in, out or unknown}}
        :rtype: dict[str, dict[int, str]]
        """
        if not channel_types:
            return {}
        self.flush_model()
        self.env["res.partner"].flush_model(["email_normalized", "phone_sanitized"])
        blacklisted = SQL(" OR ").join(
            SQL("asked.channel = %s AND %s", one, self._blacklisted_sql(one))
            for one in channel_types
        )
        rows = self.env.execute_query(
            SQL(
                """SELECT asked.channel, asked.id, CASE WHEN %(blacklisted)s THEN 'out'
                    ELSE coalesce(consent.state, 'unknown') END
                FROM (SELECT id, channel FROM unnest(%(ids)s::int[]) AS i (id)
                    CROSS JOIN unnest(%(channels)s::text[]) AS c (channel)) asked
                LEFT JOIN res_partner p ON p.id = asked.id
                LEFT JOIN mini_crm_consent consent
                    ON consent.partner_id = asked.id
                    AND consent.channel = asked.channel""",
                ids=list(partner_ids),
                channels=list(channel_types),
                blacklisted=blacklisted,
            )
        )
        found = {one: {} for one in channel_types}
        for channel, partner_id, state in rows:
            found[channel][partner_id] = state
        return found

    @api.model
    def _blacklisted_sql(self, channel_type):
        """SQL condition: the address of the partner ``p`` is on Odoo's blacklist."""
        if channel_type not in BLACKLISTS:
            return SQL("FALSE")
        model, column, address = BLACKLISTS[channel_type]
        self.env[model].flush_model([column, "active"])
        return SQL(
            "EXISTS (SELECT FROM %s b WHERE b.active AND b.%s = p.%s)",
            SQL.identifier(self.env[model]._table),
            SQL.identifier(column),
            SQL.identifier(address),
        )
