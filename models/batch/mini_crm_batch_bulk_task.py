from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

LONGEST = 200  # characters of what is to be done
# What a person may have changed of a task, of the activity ``a``: jsonb.
TASK = SQL(
    """jsonb_build_object('summary', a.summary, 'date', a.date_deadline, 'user',
    a.user_id, 'type', a.activity_type_id, 'note', nullif(a.note, ''), 'files', (
        SELECT count(*) FROM activity_attachment_rel f WHERE f.activity_id = a.id))"""
)


class MiniCrmBatch(models.Model):
    """A task (Odoo's activity) for each of many customers.

    ``before`` is ``{"activity_id", "made"}`` of the task that was made: what it was
    like then.
    """

    _inherit = "mini_crm.batch"

    def _bulk_read_task(self, values):
        summary = " ".join(str(values.get("summary") or "").split())
        if not summary:
            raise UserError(self.env._("Say what is to be done."))
        if len(summary) > LONGEST:
            raise UserError(
                self.env._("Keep the text under %s characters.", LONGEST + 1)
            )
        try:
            day = fields.Date.to_date(values.get("date"))
        except ValueError:
            day = None
        if not day:
            raise UserError(self.env._("Choose the day until which it is to be done."))
        user_id = values.get("user_id") or False
        users = self.env["res.users"]
        if user_id and not users.search([("id", "=", user_id), ("share", "=", False)]):
            raise UserError(self.env._("Choose a colleague first."))
        return {"summary": summary, "date": day.isoformat(), "user_id": user_id}

    def _bulk_name_task(self, settings, action):
        return self._bulk_name_default(settings, action, settings["summary"])

    def _bulk_plan_task(self):
        """Everybody gets one."""

    def _bulk_apply_task(self):
        """Make the tasks: for the chosen colleague, else each customer's owner."""
        self.env.cr.execute(
            """SELECT c.id, c.partner_id, p.user_id FROM mini_crm_chunk c
            JOIN res_partner p ON p.id = c.partner_id
            WHERE c.outcome = 'updated' ORDER BY c.row"""
        )
        rows = self.env.cr.fetchall()
        settings = self.settings
        model_id = self.env["ir.model"]._get_id("res.partner")
        kind = self.env.ref("mail.mail_activity_data_todo", raise_if_not_found=False)
        # as the user, without a mail for each of them
        activities = (
            self.env["mail.activity"]
            .sudo(False)
            .with_context(mail_activity_quick_update=True)
        )
        made = activities.create(
            [
                {
                    "res_model_id": model_id,
                    "res_id": partner_id,
                    "summary": settings["summary"],
                    "date_deadline": settings["date"],
                    "user_id": settings["user_id"] or owner_id or self.env.uid,
                    "activity_type_id": kind.id if kind else False,
                }
                for _line_id, partner_id, owner_id in rows
            ]
        )
        self._note_tasks([row[0] for row in rows], made.ids)

    def _note_tasks(self, line_ids, activity_ids):
        """Note which task was made for which row, and what it is like."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_chunk c
                SET before = jsonb_build_object('activity_id', a.id, 'made', %s)
                FROM unnest(%s::int[], %s::int[]) AS v (id, activity_id)
                JOIN mail_activity a ON a.id = v.activity_id
                WHERE v.id = c.id""",
                TASK,
                line_ids,
                activity_ids,
            )
        )

    def _bulk_undo_task(self):
        """Take back the tasks that nobody has done or changed."""
        activity = SQL(
            """SELECT FROM mail_activity a
            WHERE a.id = (c.before ->> 'activity_id')::int"""
        )
        self._refuse(
            "bulk_task_done",
            SQL("EXISTS (%s AND a.active IS NOT TRUE)", activity),
            "kept",
        )
        self._refuse(
            "undo_changed",
            SQL("EXISTS (%s AND %s <> c.before -> 'made')", activity, TASK),
            "kept",
        )
        self._settle("restored", SQL("TRUE"))
        self.env.cr.execute(
            """SELECT (before ->> 'activity_id')::int FROM mini_crm_chunk
            WHERE outcome = 'restored'"""
        )
        ids = [row[0] for row in self.env.cr.fetchall()]
        # sudo: the batch has made them; whoever undoes it may have no task of his own
        self.env["mail.activity"].sudo().browse(ids).exists().unlink()
