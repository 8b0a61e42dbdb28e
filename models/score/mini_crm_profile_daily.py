from odoo import api, fields, models


class MiniCrmProfile(models.Model):
    """What only time changes, and recalculation of everybody."""

    _inherit = "mini_crm.profile"

    @api.model
    def _cron_daily(self):
        """Once a day: heal the list of customers, renew full marks, let scores age.

        Contacts that somebody has put in by SQL alone become searchable here at last.
        Also goes on with whatever recalculation is open, for which it is triggered.
        """
        runs = self.env["mini_crm.score.run"]
        if not runs.search_count(
            [("kind", "=", "age"), ("day", ">=", fields.Date.today())], limit=1
        ):
            runs.create({"kind": "age", "total": self.search_count([])})
            self._apply_customer_rule()
            self.env["mini_crm.search"]._fill()
            self.env["mini_crm.customer.count"]._repair()
            for company in self.env["res.company"].search([]):
                self._renew_full_marks(company)
            self.env["ir.cron"]._commit_progress(0, remaining=runs._remaining())
        runs._work()

    @api.model
    def _recalculate_all(self):
        """Have the worker count everybody anew from the events, then score: the run.

        Its ``done`` of ``total`` is the progress.
        """
        return self.env["mini_crm.score.run"]._start("recount")
