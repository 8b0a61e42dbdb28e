from odoo import models


class MiniCrmScoreRun(models.Model):
    _inherit = "mini_crm.score.run"

    def _step(self):
        done = super()._step()
        if self.state == "done":
            # In the transaction that ends the run. Once a day all rules, broken ones
            # too: that heals what only SQL has changed.
            topics = None if self.kind == "age" else {"profile"}
            self.env["mini_crm.rule"]._rebuild_all(topics)
        return done
