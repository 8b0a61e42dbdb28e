import logging
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.workflow import WentOut
from ...engine.workflow_questions import Place
from .mini_crm_message_question import LOOK_AGAIN

_logger = logging.getLogger(__name__)

TOLD = 1000  # customers of one statement
CRON = "mini_crm.ir_cron_mini_crm_workflow_mail"
TRIES = 5  # of an e-mail that cannot be written
LATER = timedelta(minutes=2)  # for one that others disturb, or that has failed


class MiniCrmWorkflowMail(models.Model):
    """E-mails of workflows that wait for the morning, or for the next day.

    They become messages of Odoo only once they go out: until then whoever pauses the
    workflow, opts out or closes the question still has a say.
    """

    _name = "mini_crm.workflow.mail"
    _description = "Workflow E-mails That Wait"
    _order = "due_at, id"
    _log_access = False

    workflow_run_id = fields.Many2one(
        "mini_crm.workflow.run", required=True, ondelete="cascade", index=True
    )
    key = fields.Char(required=True, help="Idempotency key: see engine.Place.")
    subject = fields.Char(required=True)
    body = fields.Text(required=True, help="Plain text.")
    written_at = fields.Datetime(required=True, help="When it was to go first, UTC.")
    due_at = fields.Datetime(required=True, help="When it is looked at again, UTC.")
    tries = fields.Integer(default=0)

    _key_uniq = models.UniqueIndex("(key)")
    _due_idx = models.Index("(due_at, id)")

    @api.model
    def _keep(self, run, key, subject, body, until):
        """Keep an e-mail until a moment; with the same key once.

        :param run: one ``mini_crm.workflow.run``
        :param str body: plain text
        :param datetime until: UTC
        """
        if self.search_count([("key", "=", key)], limit=1):
            return
        self.create(
            {
                "workflow_run_id": run.id,
                "key": key,
                "subject": subject,
                "body": body,
                "written_at": fields.Datetime.now(),
                "due_at": until,
            }
        )
        self.env.ref(CRON)._trigger(until)

    # The worker

    @api.model
    def _cron_send(self):
        """Worker: send what is due, each committed by itself, until nothing is or the
        job's time is over."""
        cron = self.env["ir.cron"]
        going_on = True
        while going_on:
            try:
                done = self._send_next()
                going_on = cron._commit_progress(done, remaining=self._due_count())
            except OperationalError:
                self.env.cr.rollback()
                # they go first; if it is they again, the next round comes to it
                done = self._claim_next()._put_off()
                going_on = cron._commit_progress(done)
            if not done:
                break

    @api.model
    def _send_next(self):
        """Send the first e-mail that is due, or say why not: how many there were."""
        mail = self._claim_next()
        if not mail:
            return 0
        try:
            with mail.workflow_run_id._undone_on_error():
                mail._go()
        except OperationalError:  # others change the same rows
            raise
        except Exception:
            _logger.exception("E-mail %s of a workflow cannot be written", mail.key)
            mail.tries += 1
            if mail.tries < TRIES:
                mail._put_off()
            else:
                mail._drop("refused")
        return 1

    def _put_off(self):
        """Look at these later: how many there are."""
        self.due_at = fields.Datetime.now() + LATER
        return len(self)

    @api.model
    def _claim_next(self):
        """Lock the first e-mail that is due and that no other worker has; or none."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM mini_crm_workflow_mail WHERE due_at <= %s
                ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED""",
                fields.Datetime.now(),
            )
        )
        mail = self.browse(row[0] for row in rows)
        mail.invalidate_recordset(flush=False)
        return mail

    @api.model
    def _due_count(self):
        """Number of e-mails that are due, at most 1,000."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT count(*) FROM (SELECT FROM mini_crm_workflow_mail
                WHERE due_at <= %s LIMIT 1000) due""",
                fields.Datetime.now(),
            )
        )
        return rows[0][0]

    # One e-mail whose time has come

    def _go(self):
        """Ask everybody who has a say again, then send it, put it off or drop it."""
        run = self.workflow_run_id
        messages = self.env["mini_crm.message"]
        if stopped := messages._check_workflow(run.identity_id, "automated", self):
            self._drop(stopped.reason)
            return
        acting = run._as_actor()
        verdict = acting._way_by_mail(self.written_at).verdict
        if verdict.action == "drop":
            self._drop(verdict.reason)
        elif verdict.action == "defer":
            self.due_at = verdict.until or fields.Datetime.now() + LATER
        else:
            self._send(acting)

    def _send(self, acting):
        """Send it; a question that is still open was asked now.

        :param acting: its run as the user of workflows
        """
        run, place = self.workflow_run_id, Place.of_key(self.key)
        posted = acting._post_mail(self.key, self.subject, self.body)
        asked = self.key == place.key
        self.unlink()
        if run._stands_at(place):
            acting._note_mail(posted)
            if run.question == "open" and asked:
                run.asked_at = fields.Datetime.now()
                run._advance(WentOut(run.asked_at))

    def _drop(self, reason):
        """It is not sent: the log says why, and its question waits for nobody.

        :param str reason: a code, see ``reason_text``
        """
        run, place = self.workflow_run_id, Place.of_key(self.key)
        asked = self.key == place.key
        self.unlink()
        if not run._stands_at(place):
            run._left(place).reason = reason
        elif asked:
            run._note(not_sent=reason)
            run._look_again(run.partner_id.id)


class MiniCrmWorkflow(models.Model):
    _inherit = "mini_crm.workflow"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") == "live":
            self._look_at_dropped_mails()
        return result

    def _look_at_dropped_mails(self):
        """Have runs go on whose question by e-mail was dropped during a pause."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT partner_id FROM mini_crm_workflow_run
                WHERE workflow_id = ANY(%s) AND question = 'open'
                    AND notes ->> 'not_sent' IS NOT NULL""",
                list(self.ids),
            )
        )
        customers = [row[0] for row in rows]
        queue = self.env["mini_crm.queue"]
        for begin in range(0, len(customers), TOLD):
            queue._add_untold(customers[begin : begin + TOLD], LOOK_AGAIN)


class MiniCrmWorkflowRun(models.Model):
    _inherit = "mini_crm.workflow.run"

    def _stands_at(self, place):
        """Whether this run is still at a node that it has entered.

        :param Place place: as of its messages' keys
        """
        return self._place() == place and not self._state().edge

    def _question_waits_to_be_sent(self):
        """Whether the open question of this run has not gone out yet."""
        if self.asked_message_id:
            return self.asked_message_id.state == "queued"
        waiting = [("workflow_run_id", "=", self.id), ("key", "=", self._place().key)]
        # sudo: what waits is the machine's
        return bool(self.env["mini_crm.workflow.mail"].sudo().search_count(waiting))

    def _waiting_mails_of_question(self):
        """What of the question of this run waits to go out by e-mail."""
        key = self._place().key
        # sudo: what waits is the machine's
        mails = self.env["mini_crm.workflow.mail"].sudo()
        return mails.search([("workflow_run_id", "=", self.id)]).filtered(
            lambda mail: mail.key == key or mail.key.startswith(f"{key}:")
        )
