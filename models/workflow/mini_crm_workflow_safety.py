from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine.workflow_entry import LAST_RUNS, is_failing
from .workflow_notices import pause_text


class MiniCrmWorkflow(models.Model):
    """Pausing, going on and ending: by hand, and by itself."""

    _inherit = "mini_crm.workflow"

    def action_pause(self):
        """Have nothing happen in these workflows until they go on (managers).

        Who is in them stays where he is; nothing is sent any more.
        """
        self.check_access("write")
        # sudo: the state is written by what people do, not by hand
        self.sudo().filtered(lambda one: one.state == "live").write(
            {"state": "paused", "pause_reason": False}
        )
        return True

    def action_resume(self):
        """Have paused workflows go on where they stopped (managers).

        :raises UserError: for one that is archived
        """
        self._check_may_run()
        # sudo: as for pausing
        self.sudo().filtered(lambda one: one.state == "paused").write(
            {
                "state": "live",
                "pause_reason": False,
                "resumed_at": fields.Datetime.now(),
            }
        )
        runs = self.env["mini_crm.workflow.run"]
        runs._look_at_dropped(self)
        runs._wake()
        return True

    def _check_may_run(self):
        """Check that the user may have these run.

        :raises AccessError: for who may not write them
        :raises UserError: when one of them is archived: nothing of it would go on
        """
        self.check_access("write")
        for workflow in self.filtered(lambda one: not one.active):
            raise UserError(
                self.env._(
                    "“%s” is archived, so it cannot run. Unarchive it first.",
                    workflow.name,
                )
            )

    def action_stop_all(self):
        """End all runs of these workflows, whatever they wait for (managers).

        None of them does anything any more; the worker ends those that are too many to
        be ended at once.
        """
        self.check_access("write")
        # sudo: runs and what becomes of them are the machine's
        runs = self.env["mini_crm.workflow.run"].sudo()
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_workflow w SET ending_up_to = last.id
                FROM (SELECT workflow_id, max(id) AS id FROM mini_crm_workflow_run
                    WHERE workflow_id = ANY(%s) AND state IN ('running', 'waiting')
                    GROUP BY workflow_id) last
                WHERE w.id = last.workflow_id""",
                list(self.ids),
            )
        )
        self.invalidate_recordset(["ending_up_to"], flush=False)
        if runs._end_portion():
            runs._forget_ended()
        if runs._ending_count():
            runs._wake()
        return True

    # By itself

    def _pause(self, code):
        """Pause by itself, and tell the managers once.

        :param str code: flood, loop, failing, audience or birthday, see ``pause_text``
        """
        self.ensure_one()
        workflow = self.sudo()  # sudo: the machine pauses it, whoever was the cause
        if workflow.state != "live":
            return
        workflow.write({"state": "paused", "pause_reason": code})
        workflow._tell_managers(code)

    def _pause_if_loop(self, partner_ids, event_ids):
        """Pause when this workflow has led, by itself or others, to its own start.

        Asked at the end of a long chain only: a short one may be meant.

        :param list[int] event_ids: what would start it now, of these customers
        :return: whether it has paused
        :rtype: bool
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """WITH RECURSIVE above (id) AS (
                    SELECT unnest(%s::int[])
                    UNION
                    SELECT e.cause_id FROM above
                    JOIN mini_crm_event e ON e.id = above.id
                    WHERE e.cause_id IS NOT NULL)
                SELECT EXISTS (SELECT FROM mini_crm_workflow_run r
                    WHERE r.workflow_id = %s AND r.partner_id = ANY(%s)
                        AND r.event_id IN (SELECT id FROM above))""",
                event_ids,
                self.id,
                partner_ids,
            )
        )
        if rows[0][0]:
            self._pause("loop")
        return rows[0][0]

    def _judge_failures(self):
        """Pause when more than half of the last runs have failed."""
        runs = self.env["mini_crm.workflow.run"]
        runs.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT state FROM mini_crm_workflow_run
                WHERE workflow_id = %s AND ended_at IS NOT NULL
                    AND outcome IS DISTINCT FROM 'too_many' AND ended_at >= coalesce(%s,
                        '-infinity'::timestamp)
                ORDER BY ended_at DESC, id DESC LIMIT %s""",
                self.id,
                self.resumed_at or None,
                LAST_RUNS,
            )
        )
        if is_failing([row[0] for row in rows]):
            self._pause("failing")

    def _tell_managers(self, code):
        """One notice to each manager of the workflow's company."""
        for manager in self._managers():
            speaks = self.with_context(lang=manager.lang).env
            self.env["mail.thread"].message_notify(
                partner_ids=manager.partner_id.ids,
                subject=speaks._("The workflow “%s” has paused", self.name),
                body=pause_text(speaks, code),
            )

    def _managers(self):
        """Managers of the company of this workflow, ``res.users``."""
        group = self.env.ref("mini_crm.mini_crm_group_manager")
        return group.all_user_ids.filtered(
            lambda user: user.active and self.company_id in user.company_ids
        )
