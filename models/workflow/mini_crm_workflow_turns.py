from odoo import fields, models
from odoo.tools import SQL

from ...engine.workflow_entry import HOUR, turns

INLINE_RUNS = 5  # whose first steps are made at once; more are the worker's

# Of a run that has not begun: its turn comes.
WAITS = "r.state = 'waiting' AND r.node = ''"


class MiniCrmWorkflow(models.Model):
    """Whom time or a person has enter takes his turn: so many begin within an hour.

    Each has his run at once, which is due when his turn comes.
    """

    _inherit = "mini_crm.workflow"

    def write(self, vals):
        limit = vals.get("max_runs_per_hour")
        changed = self.filtered(
            lambda one: (
                (limit is not None and limit != one.max_runs_per_hour)
                or (vals.get("state") == "live" and one.state != "live")
            )
        )
        result = super().write(vals)
        changed._take_turns_anew()
        return result

    def _turns(self, number):
        """When so many customers start whom no event has enter, the first one first.

        :return: list of datetimes; none where the workflow lets nobody in: then it has
            paused
        """
        now, most = fields.Datetime.now(), self.max_runs_per_hour
        if most < 1:
            self._pause("flood")
            return []
        rows = self.env.execute_query(
            SQL(
                """SELECT started_at FROM mini_crm_workflow_run
                WHERE workflow_id = %s AND started_at > %s AND event_id = 0
                    AND outcome IS DISTINCT FROM 'too_many'
                    AND (ended_at IS NULL OR ended_at >= started_at)
                ORDER BY started_at DESC LIMIT %s""",
                self.id,
                now - HOUR,
                most,
            )
        )
        return turns(number, [row[0] for row in reversed(rows)], most, now)

    def _take_turns_anew(self):
        """Have those who wait for their turn take it from now on, by today's limit.

        After a pause all that came up meanwhile would else start at one moment.
        """
        if not self:
            return
        runs = self.env["mini_crm.workflow.run"]
        runs.flush_model()
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_workflow_run r
                SET started_at = anew.moment, due_at = anew.moment
                FROM (SELECT r.id, %s + (row_number() OVER (PARTITION BY w.id
                            ORDER BY r.started_at, r.id) - 1)
                        / greatest(w.max_runs_per_hour, 1) * interval '1 hour' AS moment
                    FROM mini_crm_workflow_run r
                    JOIN mini_crm_workflow w ON w.id = r.workflow_id
                    WHERE r.workflow_id = ANY(%s) AND %s) anew
                WHERE r.id = anew.id""",
                fields.Datetime.now(),
                self.ids,
                SQL(WAITS),
            )
        )
        runs.invalidate_model(["started_at", "due_at"], flush=False)


class MiniCrmWorkflowRun(models.Model):
    """New runs begin."""

    _inherit = "mini_crm.workflow.run"

    def _begin(self):
        """Make the first steps of these new runs, or have the worker make them."""
        now = [run for run in self if run.state == "running"]
        if len(now) > INLINE_RUNS:
            self._wake()
            return
        for run in now:
            run._advance()
