from odoo import api, fields, models
from odoo.tools import SQL

BEAT_SECONDS = 60  # how often the scheduled job beats
GAP_SECONDS = 150  # a longer silence is an outage
KEEP_DAYS = 400
WATCH = "ir_cron_mini_crm_watch"


class MiniCrmHeartbeat(models.Model):
    """Times in which scheduled jobs ran, one row for each without an outage.

    Odoo answers HTTP although its scheduled jobs are dead, for example after an outage
    of PostgreSQL: only a job that leaves a trace proves that jobs run. Each beat
    prolongs the newest row; after ``GAP_SECONDS`` of silence it begins another one.
    """

    _name = "mini_crm.heartbeat"
    _description = "Time Without an Outage"
    _log_access = False
    _order = "up_to desc, id desc"

    up_from = fields.Datetime(required=True, help="First beat.")
    up_to = fields.Datetime(required=True, help="Last beat so far.")

    _up_to_idx = models.Index("(up_to DESC)")

    @api.model
    def _beat(self):
        """Note that jobs run now (the database's clock, UTC)."""
        self.env.cr.execute(
            SQL(
                """WITH moment AS (SELECT clock_timestamp() AT TIME ZONE 'utc' AS now),
                newest AS (
                    SELECT id, up_to FROM mini_crm_heartbeat
                    ORDER BY up_to DESC, id DESC LIMIT 1),
                prolonged AS (
                    UPDATE mini_crm_heartbeat h SET up_to = greatest(h.up_to, m.now)
                    FROM newest n, moment m
                    WHERE h.id = n.id AND m.now - n.up_to <= make_interval(secs => %s)
                    RETURNING h.id)
                INSERT INTO mini_crm_heartbeat (up_from, up_to)
                SELECT now, now FROM moment
                WHERE NOT EXISTS (SELECT FROM prolonged)""",
                GAP_SECONDS,
            )
        )
        self.invalidate_model()

    @api.model
    def _cron_beat(self):
        """Once a minute: beat, then see that the job that watches all others is on."""
        self._beat()
        self.env["ir.cron"]._commit_progress(1)
        self.env["mini_crm.cron.repair"]._repair([WATCH])

    @api.autovacuum
    def _gc_heartbeats(self):
        """Forget what ended ``KEEP_DAYS`` ago."""
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=KEEP_DAYS)
        self.search([("up_to", "<", limit)]).unlink()
