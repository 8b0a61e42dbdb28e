from odoo import api, fields, models
from odoo.fields import Command


class ResPartner(models.Model):
    _inherit = "res.partner"

    tag_origins = fields.Json(
        "Whose Tags",
        compute="_compute_tag_origins",
        groups="base.group_user",
        help="Of tags that rules put on: {tag id: {rule, since, by_hand, text}}.",
    )

    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_tag_origins(self):
        self.tag_origins = {}
        origins = self.env["mini_crm.tag.origin"]
        if not origins.has_access("read"):
            return
        found = origins.search(
            [("partner_id", "in", self.ids), ("declined", "=", False)], order="since"
        )
        for partner, own in found.grouped("partner_id").items():
            partner.tag_origins = {
                str(origin.category_id.id): origin._told() for origin in own
            }

    def write(self, vals):
        result = super().write(vals)
        if "category_id" in vals and self.ids:
            put_on = [
                command[1]
                for command in vals["category_id"] or []
                if isinstance(command, list | tuple) and command[0] == Command.LINK
            ]
            self.env["mini_crm.tag.origin"]._put_on_by_hand(self.ids, put_on)
        return result
