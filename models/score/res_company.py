from odoo import api, fields, models

FULL_MARKS = ("mini_crm_full_spent", "mini_crm_full_order")


class ResCompany(models.Model):
    _inherit = "res.company"

    mini_crm_full_spent = fields.Float(
        "Spending That Earns Full Marks",
        help="In the company's currency. Set from the shop's own buyers once there are"
        " 30, then every month; until then it counts as 1,000 euros.",
    )
    mini_crm_full_order = fields.Float(
        "Average Order That Earns Full Marks",
        help="In the company's currency. Set from the shop's own buyers once there are"
        " 30, then every month; until then it counts as 100 euros.",
    )
    mini_crm_full_marks_date = fields.Date("Full Marks Set On")

    @api.model_create_multi
    def create(self, vals_list):
        # A company's own partner is no customer of it: not even for a moment.
        companies = super(
            ResCompany, self.with_context(mini_crm_no_customer=True)
        ).create(vals_list)
        return companies.with_env(self.env)

    def write(self, vals):
        before = {company: company._full_marks() for company in self}
        currencies = {company: company.currency_id for company in self}
        result = super().write(vals)
        runs = self.env["mini_crm.score.run"]
        changed = [c for c in self if c._full_marks() != before[c]]
        for company in changed:
            company._log_full_marks(*before[company])
        if changed and not self.env.context.get("mini_crm_full_marks"):
            runs._start("age")
        if any(company.currency_id != currencies[company] for company in self):
            runs._start("recount")
        if "partner_id" in vals:
            self.env["mini_crm.profile"]._apply_customer_rule_to(self.partner_id.ids)
        return result

    def _full_marks(self):
        """S and A as they are set, 0 where they are not: tuple of two floats."""
        return tuple(self[name] for name in FULL_MARKS)

    def _log_full_marks(self, spent_before, order_before):
        """Keep what S and A were and what they are now."""
        reason, buyers = self.env.context.get("mini_crm_full_marks", ("hand", 0))
        if reason == "factors":  # kept with all other settings, by whoever wrote them
            return
        # sudo: the record of a change is nobody's to edit
        self.env["mini_crm.score.setting"].sudo().create(
            {
                "company_id": self.id,
                "currency_id": self.currency_id.id,
                "author_id": self.env.uid if reason == "hand" else False,
                "reason": reason,
                "buyers": buyers,
                "full_spent": self.mini_crm_full_spent,
                "full_spent_before": spent_before,
                "full_order": self.mini_crm_full_order,
                "full_order_before": order_before,
            }
        )
