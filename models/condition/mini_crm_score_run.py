from odoo import models


class MiniCrmScoreRun(models.Model):
    _inherit = "mini_crm.score.run"

    def _step(self):
        done = super()._step()
        if self.state == "done":
            # in the transaction that ends the run: neither is there without the other
            self.env["mini_crm.rule"]._after_scores(everything=self.kind == "age")
        return done
