import logging
from datetime import timedelta

from psycopg2.errors import DeadlockDetected, SerializationFailure

from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.workflow_schedule import (
    local_day,
    next_schedule,
    read_clock,
    until_clock,
)
from ...engine.workflow_triggers import BY_TIME

_logger = logging.getLogger(__name__)

JOB = "mini_crm.ir_cron_mini_crm_workflow_time"
PORTION = 2_000  # customers of one commit
ATTEMPTS = 5  # of a portion that others disturb
LATE = timedelta(days=1)  # so late, what a pause has held up is still made up for
AGAIN = timedelta(hours=1)  # then one that has failed is tried again


class MiniCrmWorkflow(models.Model):
    """Workflows that time starts: planned, found when they are due, followed up.

    A workflow is due at one moment, and stays so until everybody was looked at: in
    portions, one commit each, so whoever dies in between is gone on from there. Of what
    a server has slept over the last is made up for, late.
    """

    _inherit = "mini_crm.workflow"

    time_place = fields.Json(
        readonly=True,
        copy=False,
        help="Of what is due: how far it was followed, and from which trigger.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        workflows = super().create(vals_list)
        workflows._plan_time()
        return workflows

    def write(self, vals):
        result = super().write(vals)
        if not {"state", "active", "version_id"}.isdisjoint(vals):
            self._plan_time()
        return result

    # Planning

    def _plan_time(self):
        """Say when time is to start those of these workflows that run.

        One whose trigger is the same goes on where it was, unless that is long ago.
        """
        now = fields.Datetime.now()
        # sudo: what is due is the machine's
        for workflow in self.sudo().filtered(lambda one: one.state == "live"):
            trigger = workflow._published_trigger()
            if trigger.get("kind") not in BY_TIME:
                if workflow.due_at:
                    workflow.write({"due_at": False, "time_place": False})
                continue
            basis = [trigger, workflow._days_counted(trigger)]
            place = workflow.time_place or {}
            due = workflow.due_at
            if place.get("basis") == basis and due and due > now - LATE:
                workflow._wake_at(due)
                continue
            due, place = getattr(workflow, f"_plan_{trigger['kind']}")(trigger, now)
            workflow.write({"due_at": due, "time_place": {"basis": basis, **place}})
            workflow._wake_at(due)

    def _first_due(self, _definition):
        """What is planned stays until the new version is there, and planned."""
        return self.due_at

    def _published_trigger(self):
        """The trigger of the published version: dict, empty without one."""
        version = self.version_id
        return version._triggers((version.id,))[version.id] if version else {}

    def _days_counted(self, trigger):
        """What the days of a trigger are counted by: list, empty for a silence."""
        return [] if trigger["kind"] == "inactive" else list(self.company_id._days())

    def _zone(self):
        return self.company_id.mini_crm_tz or "UTC"

    @api.model
    def _wake_at(self, moment):
        """Have the job look for workflows at a moment (naive, UTC)."""
        cron = self.env.ref(JOB).sudo()  # sudo: nobody need see scheduled actions
        waiting = [("cron_id", "=", cron.id), ("call_at", "=", moment)]
        if not self.env["ir.cron.trigger"].sudo().search_count(waiting, limit=1):
            cron._trigger(at=moment)

    # The job

    @api.model
    def _cron_time(self):
        """Worker: let in whoever's time has come, a portion of customers a commit."""
        cron = self.env["ir.cron"]
        attempts = 0
        while workflow := self._claim_due():
            try:
                done = workflow._follow_time()
                self.env.flush_all()
            except (SerializationFailure, DeadlockDetected):
                # somebody else looked at the same customers: as good as not begun
                self.env.cr.rollback()
                attempts += 1
                if attempts == ATTEMPTS:
                    break  # they are busy: the next run of the job goes on
                continue
            except Exception:
                self.env.cr.rollback()
                _logger.exception("Workflow %s could not be started", workflow.id)
                workflow._put_off()
                done = 0
            attempts = 0
            if not cron._commit_progress(done, remaining=self._count_due()):
                break
        if following := self._next_due():
            self._wake_at(following)

    @api.model
    def _claim_due(self):
        """A workflow whose time has come and that nobody works on, locked; or none."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """SELECT id FROM mini_crm_workflow
                WHERE state = 'live' AND active AND due_at <= %s
                ORDER BY due_at, id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED""",
                fields.Datetime.now(),
            )
        )
        row = self.env.cr.fetchone()
        return self.browse(row) if row else None

    @api.model
    def _count_due(self):
        """Number of workflows whose time has come."""
        return self.search_count(
            [("state", "=", "live"), ("due_at", "<=", fields.Datetime.now())]
        )

    @api.model
    def _next_due(self):
        """When time starts a workflow next (naive, UTC), or ``False``."""
        coming = [("state", "=", "live"), ("due_at", ">", fields.Datetime.now())]
        return self.search(coming, order="due_at", limit=1).due_at

    def _follow_time(self):
        """Let in the next portion of those whose time has come: how many it were."""
        self.ensure_one()
        trigger = self._published_trigger()
        if trigger.get("kind") not in BY_TIME:
            self.due_at = False
            return 0
        return getattr(self, f"_follow_{trigger['kind']}")(trigger)

    def _put_off(self):
        """Try this workflow, which has failed, again later; others go on."""
        self.due_at = fields.Datetime.now() + AGAIN

    def _let_in(self, partner_ids):
        """Have customers enter: whether the workflow still runs after that.

        :param list[int] partner_ids: a portion
        """
        if partner_ids:
            self._start(self.env["res.partner"].browse(partner_ids))
        return self.state == "live"

    def _reach(self, due=None, **place):
        """Note how far time was followed.

        :param datetime | None due: when it is due next; none: the same is not done yet
        """
        self.time_place = {**(self.time_place or {}), **place}
        if due:
            self.due_at = due

    def _next_clock(self, moment, trigger):
        """The next time of a trigger that comes once a day at most (naive, UTC).

        A clock that is put back shows some times twice: that is one and the same.

        :param datetime moment: later than this, and on another day if it has come on it
        """
        zone, at = self._zone(), read_clock(trigger.get("at") or "09:00")
        day, following = local_day(self.due_at or moment, zone), moment
        while True:
            if trigger["kind"] == "birthday":
                following = until_clock(following, zone, at)
            else:
                following = next_schedule(
                    following,
                    zone,
                    trigger.get("every") or "week",
                    at,
                    trigger.get("weekdays") or (),
                    trigger.get("day") or 1,
                    self.company_id._birthday_calendar(),
                )
            if not self.due_at or local_day(following, zone) != day:
                return following

    # Each day, week or month

    def _plan_schedule(self, trigger, now):
        self.due_at = False
        return self._next_clock(now, trigger), {"next_id": 0}

    def _follow_schedule(self, trigger):
        first = self.time_place.get("next_id") or 0
        self.env.cr.execute(
            SQL(
                """SELECT id FROM mini_crm_profile
                WHERE id >= %s AND partner_active
                    AND coalesce(partner_company_id, %s) = %s
                ORDER BY id LIMIT %s""",
                first,
                self.company_id.id,
                self.company_id.id,
                PORTION,
            )
        )
        ids = [row[0] for row in self.env.cr.fetchall()]
        if not self._let_in(ids):
            return 0
        if len(ids) == PORTION:
            self._reach(next_id=ids[-1] + 1)
        else:
            now = fields.Datetime.now()
            self._reach(self._next_clock(now, trigger), next_id=0)
        return len(ids)
