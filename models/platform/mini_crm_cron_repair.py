import logging

from odoo import api, fields, models

_logger = logging.getLogger(__name__)

KEEP_DAYS = 400


class MiniCrmCronRepair(models.Model):
    """Scheduled jobs of ours that Odoo had given up and that were set going again.

    The product does not work without its jobs, so they are not left switched off, by
    whomever; a copy of a database that Odoo has neutralized stays silent.
    """

    _name = "mini_crm.cron.repair"
    _description = "Repaired Job"
    _log_access = False
    _order = "date desc, id desc"

    date = fields.Datetime(required=True, default=fields.Datetime.now, index=True)
    cron_id = fields.Many2one(
        "ir.cron", "Job", required=True, index=True, ondelete="cascade"
    )
    reason = fields.Selection(
        [
            ("switched_off", "Was switched off"),
            ("waiting", "Waited for its next turn after a failure"),
        ],
        required=True,
    )

    @api.model
    def _jobs(self, names=None):
        """Our scheduled jobs, whether switched on or not.

        :param names: XML ids without the module; default all
        """
        # sudo: the references of all records are hidden from everybody but superusers
        data = self.env["ir.model.data"].sudo()
        domain = [("module", "=", "mini_crm"), ("model", "=", "ir.cron")]
        if names:
            domain.append(("name", "in", names))
        ids = data.search(domain).mapped("res_id")
        crons = self.env["ir.cron"].sudo().with_context(active_test=False)
        return crons.browse(ids).exists()

    @api.model
    def _repair(self, names=None):
        """Set our jobs going again that Odoo has switched off or lets wait.

        The record of a job that runs is locked by the job: it needs no help.

        :param names: XML ids without the module; default all
        :return: the repairs made
        """
        # sudo: a setting of the system
        parameters = self.env["ir.config_parameter"].sudo()
        if parameters.get_param("database.is_neutralized"):
            return self.browse()
        repairs = self.browse()
        for cron in self._jobs(names).try_lock_for_update(allow_referencing=True):
            reason = cron._mini_crm_repair_needed()
            if reason:
                repairs += self._set_going(cron, reason)
        return repairs

    @api.model
    def _set_going(self, cron, reason):
        if reason == "switched_off":
            cron.active = True
        cron._trigger()
        _logger.warning("Scheduled job %s set going again: %s", cron.cron_name, reason)
        return self.create({"cron_id": cron.id, "reason": reason})

    @api.model
    def _cron_watch(self):
        """Every five minutes: look after all our jobs, the heartbeat's among them."""
        self._repair()

    @api.autovacuum
    def _gc_repairs(self):
        """Forget repairs of ``KEEP_DAYS`` ago."""
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=KEEP_DAYS)
        self.search([("date", "<", limit)]).unlink()
