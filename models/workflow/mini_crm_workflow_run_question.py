import logging

from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.workflow import Ask, Asked, Performed
from ..channel.mini_crm_identity_send import CHAT_LOCK
from .mini_crm_message_question import LOOK_AGAIN, NOT_SENT
from .question_texts import answer_text
from .races import is_race

_logger = logging.getLogger(__name__)

FORGOTTEN = 100  # conversations of one commit
TOLD = 1000  # customers of one statement
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
            empty: it was asked, or will be at the moment that is the value
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
        return Performed(value=self._goes_out_at(way))

    def _goes_out_at(self, way):
        """When a question goes out that was deferred, UTC; ``None``: not known."""
        if way.type == "email":
            return way.verdict.until
        return self.sudo().asked_message_id.deferred_until or None

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
            run._ask_queued(identity)

    def _ask_queued(self, identity):
        """Have the question of this run go out that queues in a conversation.

        One that cannot be asked fails this run, never the one that makes room for it.
        """
        try:
            with self._undone_on_error():
                performed = self._ask_in_turn(identity)
        except Exception as error:
            if is_race(error):
                raise
            # first: nobody is to take this one for the next again
            self.write({"question": False, "queued_question": False})
            self._set_aside(error)
        else:
            reason = performed.value if performed.edge else ""
            self._advance(Asked(not performed.edge, reason))

    def _ask_in_turn(self, identity):
        """Ask what has queued: ``Performed``, as of ``_do_ask``."""
        acting = self._as_actor()
        command = Ask(**self.queued_question)
        way = acting._way_by(identity.with_env(acting.env))
        if not way.problem:
            return acting._ask_by(way, command)
        self.write({"question": False, "queued_question": False})
        return acting._not_asked(way.problem)

    @api.model
    def _ask_forgotten(self):
        """Have questions go out that queue where none keeps them waiting any more.

        Whose question was open may have gone with his workflow or his company, or his
        workflow is paused and the time for the answer is over. Those of workflows that
        do not run are left alone: they are asked when it goes on.

        :return: number of conversations in which it was tried
        :rtype: int
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT q.identity_id, o.id FROM mini_crm_workflow_run q
                JOIN mini_crm_workflow w ON w.id = q.workflow_id
                LEFT JOIN mini_crm_workflow_run o
                    ON o.identity_id = q.identity_id AND o.question = 'open'
                WHERE q.question = 'queued' AND w.state = 'live' AND w.active
                AND (o.id IS NULL OR o.position -> 'asking' ->> 'expires_at' <= %s
                    AND NOT EXISTS (SELECT FROM mini_crm_workflow p
                        WHERE p.id = o.workflow_id AND p.state = 'live' AND p.active))
                LIMIT %s""",
                fields.Datetime.now().isoformat(),
                FORGOTTEN,
            )
        )
        identities = self.env["mini_crm.identity"].sudo()  # sudo: whoever wakes it
        runs = self.sudo()  # sudo: as above
        return sum(
            runs._ask_there(identities.browse(identity_id), runs.browse(open_id or ()))
            for identity_id, open_id in rows
        )

    @api.model
    def _ask_there(self, identity, over):
        """Have the next question of a conversation go out: whether that was possible.

        What goes wrong in one is no reason not to go on with others.

        :param over: the run whose question is over, or none
        """
        try:
            with self._undone_on_error():
                if over:
                    over._close()
                else:
                    self._ask_next(identity)
        except Exception as error:
            # who meets others there comes again
            level = logging.INFO if is_race(error) else logging.ERROR
            told = "The next question waits in identity %s"
            _logger.log(level, told, identity.id, exc_info=error)
            return False
        return True

    @api.model
    def _look_at_dropped(self, workflows):
        """Have runs go on whose question was dropped while their workflow was paused.

        :param workflows: those that go on now
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT r.partner_id FROM mini_crm_workflow_run r
                JOIN mini_crm_message m ON m.id = r.asked_message_id
                WHERE r.question = 'open' AND r.workflow_id = ANY(%s)
                    AND m.state = ANY(%s)""",
                list(workflows.ids),
                list(NOT_SENT),
            )
        )
        customers = [row[0] for row in rows]
        for place in range(0, len(customers), TOLD):
            some = customers[place : place + TOLD]
            self.env["mini_crm.queue"]._add_untold(some, LOOK_AGAIN)

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
