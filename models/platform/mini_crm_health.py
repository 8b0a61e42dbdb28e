from odoo import api, fields, models
from odoo.tools import SQL, sql

from .mini_crm_heartbeat import GAP_SECONDS

WINDOW_DAYS = 30  # of the uptime
COUNTED = 10_000  # rows of a queue that are counted at most


class MiniCrmHealth(models.Model):
    """State of the product in one row, cheap to read: for monitors and `./run doctor`.

    Nothing in it is about a customer.
    """

    _name = "mini_crm.health"
    _description = "State of the Product"
    _auto = False
    _log_access = False

    heartbeat_age = fields.Float(
        help="Seconds since a scheduled job last proved to run; none before the first."
    )
    uptime = fields.Float(
        help="Percent of the last 30 days, or of the time since the first start. "
        "Planned stops count as outages."
    )
    uptime_since = fields.Datetime(help="Where the time of the uptime begins.")
    queue_waiting = fields.Integer(help="Events that wait, 10,000 at most.")
    queue_failed = fields.Integer(help="Events set aside with an error, likewise.")
    batches_running = fields.Integer(help="Batches being checked or run, likewise.")
    rules_waiting = fields.Integer(
        help="Segments and tag rules that wait to be compared with everybody."
    )
    rules_broken = fields.Integer(
        help="Segments and tag rules that cannot be kept up to date."
    )
    rules_built_at = fields.Datetime(
        "Last Run of Rules", help="When one was last compared with everybody."
    )
    rules_slowest = fields.Float(
        "Slowest Rule", help="Seconds that the slowest of them took."
    )
    daily_run_at = fields.Datetime(
        "Last Daily Run", help="When all scores were last brought up to date."
    )
    jobs_repaired = fields.Integer(
        help="Jobs set going again in the last 30 days, 10,000 at most."
    )

    channels_broken = fields.Integer(help="Channels that need attention.")

    def init(self):
        """Make the view: `./run doctor` reads it without Odoo."""
        sql.drop_view_if_exists(self.env.cr, self._table)
        self.env.cr.execute(
            SQL(
                "CREATE VIEW %s AS %s",
                SQL.identifier(self._table),
                self._query_figures(),
            )
        )

    @api.model
    def _query_figures(self):
        return SQL(
            """WITH moment AS (SELECT now() AT TIME ZONE 'utc' AS now),
            time_window AS (
                SELECT now, greatest(
                    now - make_interval(days => %(days)s), min(up_from)) AS begins
                FROM mini_crm_heartbeat, moment GROUP BY now),
            beats AS (
                SELECT max(up_to) AS last, sum(extract(epoch FROM
                    -- the silence since the last beat is no outage yet
                    CASE WHEN now - up_to <= make_interval(secs => %(gap)s) THEN now
                        ELSE up_to END - greatest(up_from, begins))) AS up
                FROM mini_crm_heartbeat, time_window WHERE up_to >= begins),
            rules AS (%(rules)s) SELECT 1 AS id,
                extract(epoch FROM now - coalesce(
                    beats.last, (SELECT max(up_to) FROM mini_crm_heartbeat)
                ))::float8 AS heartbeat_age,
                CASE WHEN now > begins THEN least(100, 100 * coalesce(up, 0)
                    / extract(epoch FROM now - begins)) END::float8 AS uptime,
                begins AS uptime_since,
                (SELECT count(*) FROM (SELECT FROM mini_crm_queue
                    WHERE error IS NULL LIMIT %(counted)s) q)::int AS queue_waiting,
                (SELECT count(*) FROM (SELECT FROM mini_crm_queue
                    WHERE error IS NOT NULL LIMIT %(counted)s) q)::int AS queue_failed,
                (SELECT count(*) FROM (SELECT FROM mini_crm_batch
                    WHERE state IN ('checking', 'running') LIMIT %(counted)s) b
                )::int AS batches_running, rules.*,
                (SELECT max(write_date) FROM mini_crm_score_run
                    WHERE kind = 'age' AND state = 'done') AS daily_run_at,
                (SELECT count(*) FROM (SELECT FROM mini_crm_cron_repair
                    WHERE date > now - make_interval(days => %(days)s)
                    LIMIT %(counted)s) r)::int AS jobs_repaired,
                (SELECT count(*) FROM mini_crm_channel
                    WHERE active AND problem IS NOT NULL)::int AS channels_broken
            FROM moment LEFT JOIN time_window USING (now), beats, rules""",
            rules=self._query_rules(),
            days=WINDOW_DAYS,
            gap=GAP_SECONDS,
            counted=COUNTED,
        )

    @api.model
    def _query_rules(self):
        """Figures of all segments and tag rules in use, and of those that are archived
        and have not let all go yet: select of one row."""
        rules = SQL(" UNION ALL ").join(
            SQL(
                """SELECT status, due_at, built_at, build_seconds FROM %s
                WHERE active OR status = 'waiting'""",
                SQL.identifier(self.env[kind]._table),
            )
            for kind in self.env["mini_crm.rule"]._kinds()
        )
        return SQL(
            """SELECT
                (count(*) FILTER (WHERE status = 'waiting' OR (
                    status = 'ready' AND due_at <= now)))::int AS rules_waiting,
                (count(*) FILTER (WHERE status = 'broken'))::int AS rules_broken,
                max(built_at) AS rules_built_at,
                max(build_seconds)::float8 AS rules_slowest
            FROM (%s) rule, moment""",
            rules,
        )

    @api.model
    def _heartbeat_age(self):
        """Seconds since the last heartbeat (float), or None before the first."""
        self.env.cr.execute(
            """SELECT extract(epoch FROM now() AT TIME ZONE 'utc' - max(up_to))::float8
            FROM mini_crm_heartbeat"""
        )
        return self.env.cr.fetchone()[0]

    @api.model
    def _figures(self):
        """All figures (dict of the fields above; times as datetime in UTC)."""
        self.env.cr.execute(SQL("SELECT * FROM %s", SQL.identifier(self._table)))
        (row,) = self.env.cr.dictfetchall()
        return {name: value for name, value in row.items() if name != "id"}
