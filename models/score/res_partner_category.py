from odoo import api, fields, models


class ResPartnerCategory(models.Model):
    _inherit = "res.partner.category"

    mini_crm_advocate = fields.Boolean(
        "Marks Advocates",
        help="Customers with this tag are in the journey stage Advocacy.",
    )

    def write(self, vals):
        result = super().write(vals)
        if "mini_crm_advocate" in vals:
            self.env["mini_crm.score.run"]._start("recount")
        return result

    @api.ondelete(at_uninstall=False)
    def _recount_advocates(self):
        if any(tag.mini_crm_advocate for tag in self):
            self.env["mini_crm.score.run"]._start("recount")
