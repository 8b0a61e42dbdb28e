from odoo import fields, models

from ...engine.jobs import repair_needed


class IrCron(models.Model):
    _inherit = "ir.cron"

    def _mini_crm_repair_needed(self):
        """See ``engine.jobs.repair_needed``."""
        self.ensure_one()
        now = fields.Datetime.now()
        ran = (now - self.lastcall).total_seconds() if self.lastcall else None
        due_in = (self.nextcall - now).total_seconds()
        # a trigger that is due already will start the job anyway
        triggered = self.env["ir.cron.trigger"].search_count(
            [("cron_id", "=", self.id), ("call_at", "<=", now)], limit=1
        )
        return repair_needed(
            self.active, self.failure_count, 0 if triggered else due_in, ran
        )
