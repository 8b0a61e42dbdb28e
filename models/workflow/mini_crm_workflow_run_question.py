from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.workflow import Ask, Asked, Performed
from ..channel.mini_crm_identity_send import CHAT_LOCK
from .question_texts import answer_text

ENDED = ("done", "stopped", "failed")


class MiniCrmWorkflowRun(models.Model):
    """Questions of runs: one at a time is open in a conversation, others queue."""

    _inherit = "mini_crm.workflow.run"

    asked_at = fields.Datetime(
        help="When its question was asked, or began to queue, UTC."
    )
    queued_question = fields.Json(help="The question that queues, as engine.Ask.")

    @api.ondelete(at_uninstall=False)
    def _unlink_closes_question(self):
        # a queued one of the same conversation is not to wait for what is gone
        open_ones = self.filtered(lambda run: run.question == "open")
        open_ones._close()

    # What the engine wants done

    def _do_ask(self, command):
        """Ask now, or queue behind the question that is open in the conversation.

        :return: edge ``queued``; ``window_closed`` or ``not_sent`` with the reason;
            empty: it was asked
        :rtype: Performed
        """
        way = self._way(command.channel)
        # an e-mail that nobody could answer asks nothing
        problem = way.problem or ("" if way.identity else "no_channel")
        if problem:
            return self._not_asked(problem)
        self._lock_conversation(way.identity)
        self._take_place(way.identity)
        if self._open_in(way.identity):
            # sudo: where a run stands is the machine's
            self.sudo().write({"question": "queued", "queued_question": vars(command)})
            return Performed("queued")
        return self._ask_by(way, command)

    def _do_say(self, command):
        """Say something about the open question, in its conversation."""
        run = self.sudo()  # sudo: where a run stands is the machine's
        identity = self.env["mini_crm.identity"].browse(run.identity_id.id)
        if not identity or run.question != "open":
            return Performed("not_sent", "no_question")
        text = self._filled(command.text) if command.text else ""
        if not text:
            text = answer_text(self._customer().env, command.code, command.details)
        way = self._way_by(identity)
        asking = self._state().asking
        suffix = f":{asking.get('attempts', 0)}{'r' if asking.get('reminded') else ''}"
        reason = way.problem or self._deliver(
            way, text, buttons=command.buttons, suffix=suffix
        )
        return Performed("not_sent", reason) if reason else Performed()

    def _do_close_question(self, _command):
        """The question is over: the next one of the conversation goes out."""
        self._close()
        return Performed()

    # Asking

    def _ask_by(self, way, command):
        """Send a question, which is open then; see ``_do_ask``."""
        # sudo: where a run stands is the machine's
        run = self.sudo()
        run.write(
            {
                "question": "open",
                "queued_question": False,
                "asked_at": fields.Datetime.now(),
                "asked_message_id": False,
            }
        )
        run.flush_recordset()  # the index lets one be open
        reason = self._deliver(
            way,
            self._filled(command.text),
            subject=command.subject,
            buttons=command.buttons,
        )
        if reason:
            run.write({"question": False})
            return self._not_asked(reason)
        run.asked_message_id = self._sent_messages(self._place().key)[-1:]
        self.env["mini_crm.message"]._tell_changed(run.partner_id.ids)
        return Performed()

    def _not_asked(self, reason):
        self._note(not_sent=reason)
        edge = "window_closed" if reason == "window_closed" else "not_sent"
        return Performed(edge, reason)

    def _take_place(self, identity):
        # sudo: where a run stands is the machine's
        self.sudo().write(
            {
                "identity_id": identity.id,
                "asked_at": fields.Datetime.now(),
                "asked_message_id": False,
            }
        )

    def _sent_messages(self, key):
        """Messages of this run with a key: of one text, in its parts, in order."""
        # sudo: nobody writes messages but the rooms
        messages = self.env["mini_crm.message"].sudo()
        sent = messages.search([("workflow_run_id", "=", self.id)], order="id")
        return sent.filtered(
            lambda message: (message.idempotency_key or "").split("/")[0] == key
        )

    # Closing, and who is next

    def _close(self):
        """These questions are over, and what of them was not sent is not sent."""
        for run in self.sudo():  # sudo: where a run stands is the machine's
            identity = run.identity_id
            if not identity:
                continue
            run._lock_conversation(identity)
            run.write({"question": False, "queued_question": False})
            run._unsent_of_question()._cancel()
            run._waiting_mails_of_question().unlink()
            run.flush_recordset()
            self.env["mini_crm.message"]._tell_changed(run.partner_id.ids)
            run._ask_next(identity)

    def _unsent_of_question(self):
        """The question, if it waits to be sent, and what else of it was deferred."""
        asked = self.asked_message_id
        if not asked:
            return asked
        key = (asked.idempotency_key or "").split("/")[0]
        waiting = self.env["mini_crm.message"].search(
            [("workflow_run_id", "=", self.id), ("state", "=", "queued")]
        )
        question = self._sent_messages(key)
        return waiting.filtered(
            lambda message: (
                message in question
                or (message.reason and message.idempotency_key.startswith(f"{key}:"))
            )
        )

    @api.model
    def _ask_next(self, identity):
        """Have the next question go out that queues in a conversation, if none is open.

        :param identity: the conversation
        """
        # sudo: whoever has closed a question, others are the machine's
        runs = self.sudo()
        queued = [("identity_id", "=", identity.id), ("question", "=", "queued")]
        while not runs._open_in(identity):
            waiting = runs.search(queued, order="asked_at, id")
            # a paused workflow asks when it goes on
            run = waiting.filtered(lambda run: run.workflow_id._is_going())[:1]
            if not run:
                return
            acting = run._as_actor()
            command = Ask(**run.queued_question)
            way = acting._way_by(identity.with_env(acting.env))
            if way.problem:
                performed = acting._not_asked(way.problem)
                run.write({"question": False, "queued_question": False})
            else:
                performed = acting._ask_by(way, command)
            run._advance(Asked(not performed.edge, performed.value or ""))

    @api.model
    def _ask_forgotten(self):
        """Have questions go out that queue where none is open any more.

        Whose question was open may have gone with his workflow or his company.
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT q.identity_id FROM mini_crm_workflow_run q
                WHERE q.question = 'queued' AND NOT EXISTS (
                    SELECT FROM mini_crm_workflow_run o
                    WHERE o.identity_id = q.identity_id AND o.question = 'open')
                LIMIT 100"""
            )
        )
        for (identity_id,) in rows:
            self._ask_next(self.env["mini_crm.identity"].sudo().browse(identity_id))

    @api.model
    def _open_in(self, identity):
        """The run whose question is open in a conversation, or none."""
        # sudo: whichever workflow it is of
        return self.sudo().search(
            [("identity_id", "=", identity.id), ("question", "=", "open")], limit=1
        )

    def _lock_conversation(self, identity):
        """One after the other within a conversation, as those who send do."""
        self.env.cr.execute(
            SQL("SELECT pg_advisory_xact_lock(%s, %s)", CHAT_LOCK, identity.id)
        )
