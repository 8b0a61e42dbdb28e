from odoo import api, fields, models


class ResPartner(models.Model):
    """Who the customer is in each channel: the chips in the header of the form."""

    _inherit = "res.partner"

    chat_identities = fields.Json(
        compute="_compute_chat_identities",
        groups="mini_crm.mini_crm_group_agent",
        help="List of {id, channel, channel_name, name, username, state, suggestion,"
        " linked_from}; suggestion: {partner_id, name, reason} or null.",
    )

    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_chat_identities(self):
        found = self.env["mini_crm.identity"].search(
            [("partner_id", "in", self.ids)], order="id"
        )
        by_partner = found.grouped("partner_id")
        for partner in self:
            identities = by_partner.get(partner._origin, found.browse())
            partner.chat_identities = [identity._chip() for identity in identities]
