from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.workflow import Answered
from .mini_crm_workflow_run_answer import HEARD, HEARD_WORDS, LATE_DAYS

# By so much clocks of senders may be slow. What is older was on its way already.
SLOW_CLOCK = timedelta(hours=1)


class MiniCrmWorkflowRun(models.Model):
    """E-mails as answers: what a customer writes back while a question is open."""

    _inherit = "mini_crm.workflow.run"

    @api.model
    def _hear_mail(self, mail, partner_id):
        """Take an e-mail of a customer as the answer to the question by e-mail.

        :param mail: one ``mail.message``, or none
        """
        if mail.model != "res.partner":
            return
        run = self._asking_by_mail(partner_id)
        if not run:
            mail._note_missed(self._expired_by_mail(mail, partner_id))
        elif run._is_answered_by_mail(mail):
            run._take_mail(mail)

    @api.model
    def _asking_by_mail(self, partner_id):
        """The run whose question by e-mail to a customer is open, or none."""
        return self.search(
            [
                ("partner_id", "=", partner_id),
                ("question", "=", "open"),
                ("identity_id.channel_id.type", "=", "email"),
            ],
            limit=1,
        )

    def _question_mail(self):
        """The e-mail by which this run has asked: ``mail.message``; none: not yet."""
        mail_id = (self.notes or {}).get("mail_id")
        return self.env["mail.message"].browse(mail_id or ()).exists()

    def _is_answered_by_mail(self, mail):
        """Whether an e-mail was written to the question of this run, and after it.

        What tells is which of the two came first here: a sender's clock may be slow.
        """
        asked = self._question_mail()
        return (
            bool(asked) and mail.id > asked.id and mail.date > asked.date - SLOW_CLOCK
        )

    def _mail_written(self, mail):
        """When an e-mail that answers was written, UTC, as far as clocks tell."""
        return max(min(mail.date, fields.Datetime.now()), self.asked_at)

    def _take_mail(self, mail):
        """Tell this run the answer, and note what became of the e-mail."""
        place, identity = self._place(), self.identity_id
        written = self._mail_written(mail)
        waited = identity.waiting_since
        if waited and waited >= min(mail.date, mail.create_date):
            # before: a node that hands over has the last word on who waits
            identity.waiting_since = False
        moved = self._advance(Answered(text=mail._own_words(), at=written))
        left = self._left(place)
        heard = left.edge in HEARD or left.reason in HEARD_WORDS
        if moved and (heard or (not left and self.question == "open")):
            mail.mini_crm_taken_at = fields.Datetime.now()
        else:
            identity.waiting_since = identity.waiting_since or waited
            mail._note_missed(left if left.edge == "timeout" else left.browse())
        self.env["mini_crm.message"]._tell_changed(self.partner_id.ids)

    @api.model
    def _expired_by_mail(self, mail, partner_id):
        """The step of the last question by e-mail that has expired, or none.

        One late answer is enough, and none is one once a person has written.
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT s.id FROM mini_crm_workflow_run r
                JOIN mini_crm_workflow_step s ON s.run_id = r.id
                    AND s.kind = 'ask' AND s.edge = 'timeout'
                JOIN mail_message q ON q.id = (s.data ->> 'mail_id')::int
                WHERE r.partner_id = %(partner)s AND r.question IS NULL
                    AND q.id < %(mail)s AND s.date > %(since)s
                    AND NOT EXISTS (SELECT FROM mini_crm_event e
                        LEFT JOIN mail_message m ON m.id = e.res_id
                        WHERE e.partner_id = r.partner_id AND e.date >= q.date
                        AND e.res_model = 'mail.message'
                        AND (e.type = 'message_sent' AND e.interaction = 'out'
                            OR e.type = 'message_received'
                            AND m.mini_crm_late_answer_to IS NOT NULL))
                ORDER BY q.id DESC LIMIT 1""",
                partner=partner_id,
                mail=mail.id,
                since=fields.Datetime.now() - timedelta(days=LATE_DAYS),
            )
        )
        steps = self.env["mini_crm.workflow.step"].sudo()  # sudo: as the runs
        return steps.browse(row[0] for row in rows)
