from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.text import ascii_digits
from ...engine.workflow import Answered, Asked, Stopped, TakenOver, WentOut
from ...engine.workflow_asking import cancels
from ...engine.workflow_nodes import Place as NodePlace
from ...engine.workflow_questions import Place, run_of
from .mini_crm_message_question import LOOK_AGAIN, NOT_SENT

# Types in the queue of what may be about a question.
EVENTS = frozenset({"message_received", "message_sent", "consent_changed", LOOK_AGAIN})

# Nothing that a customer says: he has come by a link, or agreed to something.
SILENT = ("referral", "optin", "story_mention", "unsupported")
# Edges that only an answer leads to, and reasons of the edge "stopped" that are words.
HEARD = ("answered", "invalid", "skipped")
HEARD_WORDS = ("opted_out", "exit_word")
LATE_DAYS = 7  # for so long a message is the late answer to what was asked last


class MiniCrmWorkflowRun(models.Model):
    """Answers: what a customer writes where a question is open belongs to its run."""

    _inherit = "mini_crm.workflow.run"

    @api.model
    def _on_messages(self, claimed):
        """Listener: hear answers, and whatever else ends a question, in its order.

        :param SQL claimed: relation of (event_id, partner_id, type)
        """
        # sudo: runs are the machine's, whoever has caused these events
        runs = self.sudo()
        for model, res_id, partner_id, sent_id in runs._said_among(claimed):
            if model == "mini_crm.message":
                runs._hear(runs.env[model].browse(res_id).exists())
            elif model == "mail.message":
                runs._hear_mail(runs.env[model].browse(res_id).exists(), partner_id)
            else:
                runs._look_again(partner_id)
                runs._note_went_out(sent_id)

    @api.model
    def _said_among(self, claimed):
        """What of these events may be about a question, in the order of the world.

        What a machine of the customer's has written (an absence note) is not.

        :return: list of (model of a message that came in, its id, customer's id, id of
            the ``mini_crm.message`` that went out); what it is not about is ``None``
        """
        self.flush_model()
        return self.env.execute_query(
            SQL(
                """SELECT CASE c.type WHEN 'message_received' THEN e.res_model END,
                    e.res_id, c.partner_id,
                    CASE c.type WHEN 'message_sent' THEN m.id END
                FROM %s AS c
                LEFT JOIN mini_crm_event e ON e.id = c.event_id
                LEFT JOIN mini_crm_message m
                    ON e.res_model = 'mini_crm.message' AND m.id = e.res_id
                WHERE c.type = ANY(%s)
                AND (c.type <> 'message_received'
                    OR e.res_model IN ('mini_crm.message', 'mail.message')
                    AND e.data ->> 'automated' IS DISTINCT FROM 'true')
                AND EXISTS (SELECT FROM mini_crm_workflow_run r
                    WHERE r.partner_id = c.partner_id AND r.asked_at IS NOT NULL)
                ORDER BY coalesce(m.date, e.date), m.sequence, m.id, e.id""",
                claimed,
                list(EVENTS),
            )
        )

    @api.model
    def _consumed(self, message_ids):
        """Which of these messages were answers to questions: they start nothing else.

        Buttons of questions are such too, also when they were pressed too late.

        :param message_ids: ids of ``mini_crm.message``
        :rtype: set[int]
        """
        self.env["mini_crm.message"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM mini_crm_message
                WHERE id = ANY(%s) AND (dealt_with OR payload LIKE 'wf:%%')""",
                list(message_ids),
            )
        )
        return {row[0] for row in rows}

    @api.model
    def _consumed_mails(self, mail_ids):
        """Which of these e-mails were answers to questions: as ``_consumed``.

        :param mail_ids: ids of ``mail.message``
        :rtype: set[int]
        """
        self.env["mail.message"].flush_model(["mini_crm_taken_at"])
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM mail_message
                WHERE id = ANY(%s) AND mini_crm_taken_at IS NOT NULL""",
                list(mail_ids),
            )
        )
        return {row[0] for row in rows}

    # One message

    @api.model
    def _hear(self, message):
        """Take a message of a customer as the answer to the question that is open."""
        if not message or message.kind in SILENT or _is_command(message.body):
            return
        run = self._open_in(message.identity_id)
        if run and run._is_answered_by(message):
            run._take_answer(message)
        elif old := run_of(message.payload):
            self.browse(old).exists()._note_old_press(message)
        elif not run:
            self._expired_in(message)._note_late(message)

    def _is_answered_by(self, message):
        """Whether a message was written to the question of this run, and after it."""
        if run_of(message.payload):
            return bool(self._place().pressed(message.payload))
        if message.edited_at and message.edited_at <= message.date:
            return False  # an edit of what was never seen
        asked = self.asked_message_id
        if not asked or asked.state in ("queued", *NOT_SENT):
            return False  # he has not seen it yet
        if asked.state in ("sending", "uncertain"):
            return message.date >= self.asked_at
        if message.channel_id.type == "telegram":
            # numbers of messages grow within a chat
            place = (asked.date, asked.sequence)
            return (message.date, message.sequence) > place
        return message.date >= asked.date

    def _cancels(self, text, date):
        """Whether a text by which one can opt out only ends the question of this run.

        :param datetime date: when it was written, UTC
        :rtype: bool
        """
        if not self.workflow_id._is_going():
            return False
        definition = self.version_id.definition
        node = NodePlace(definition, self._state(), date, self._surroundings())
        return cancels(node, text or "", date)

    def _take_answer(self, message):
        """Tell this run the answer, and note what became of the message."""
        asked, place = self.asked_message_id, self._place()
        pressed = place.pressed(message.payload or "")
        buttons = asked.buttons or []
        known = 0 < pressed <= len(buttons)
        # before: a node that hands over has the last word on who waits
        message._note_answer(asked, dealt_with=True)
        moved = self._advance(
            Answered(
                text=message.body or "",
                payload=buttons[pressed - 1].get("value", "") if known else "",
                kind=message.kind,
                media=tuple(message._answer_files()),
                phone=_own_phone(message),
                message_id=message.id,
                at=message.date,
            )
        )
        left = self._left(place)
        heard = left.edge in HEARD or left.reason in HEARD_WORDS
        if not moved or not (heard or (not left and self.question == "open")):
            late = asked if left.edge == "timeout" else asked.browse()
            message._note_answer(late, dealt_with=False)
        elif left.edge == "answered" and self._asks_for_file(place):
            message._keep_for_customer()

    def _asks_for_file(self, place):
        nodes = self.version_id.definition["nodes"]
        return nodes[place.node].get("answer") == "file"

    def _left(self, place):
        """The log's row of how this run has left a question; none: it has not."""
        # sudo: the log is the machine's
        steps = self.env["mini_crm.workflow.step"].sudo()
        return steps.search(
            [
                ("run_id", "=", self.id),
                ("node", "=", place.node),
                ("visit", "=", place.visit),
            ]
        )

    # Late ones

    @api.model
    def _expired_in(self, message):
        """The run whose question was the last in the conversation, and has expired."""
        rows = self.env.execute_query(
            SQL(
                """SELECT r.id FROM mini_crm_workflow_run r
                JOIN mini_crm_message q ON q.id = r.asked_message_id
                JOIN mini_crm_workflow_step s ON s.run_id = r.id AND s.edge = 'timeout'
                    AND split_part(q.idempotency_key, '/', 1)
                        = concat_ws(':', 'wf', r.id, s.node, s.visit)
                WHERE r.partner_id = %(partner)s AND r.identity_id = %(identity)s
                    AND r.question IS NULL AND q.id < %(message)s
                    AND s.date > %(since)s
                    AND NOT EXISTS (SELECT FROM mini_crm_message m
                        WHERE m.identity_id = r.identity_id AND m.date >= q.date
                        AND (m.question_id = q.id AND m.dealt_with IS NOT TRUE
                            OR m.direction = 'out' AND m.purpose = 'answer'))
                ORDER BY r.asked_at DESC LIMIT 1""",
                partner=message.partner_id.id,
                identity=message.identity_id.id,
                message=message.id,
                since=fields.Datetime.subtract(message.date, days=LATE_DAYS),
            )
        )
        return self.browse(row[0] for row in rows)

    def _note_late(self, message):
        """A message has come too late to answer the last question of this run."""
        if self:
            message._note_answer(self.asked_message_id, dealt_with=False)

    def _note_old_press(self, message):
        """A button of a question that is over was pressed.

        When that has expired it is a late answer; else he has pressed once more.
        """
        asked = self._asked_with(message.payload)
        if asked:
            left = self._left(Place.of_key(asked.idempotency_key))
            expired = left.edge == "timeout"
            message._note_answer(asked, dealt_with=not expired)

    def _asked_with(self, payload):
        """The last message of this run with a button that carries this, or none."""
        # sudo: nobody writes messages but the rooms
        messages = self.env["mini_crm.message"].sudo()
        sent = messages.search([("workflow_run_id", "in", self.ids)], order="id desc")
        return sent.filtered(
            lambda message: any(
                button.get("payload") == payload for button in message.buttons or ()
            )
        )[:1]

    # What ends questions besides answers

    @api.model
    def _look_again(self, partner_id):
        """End the questions of a customer that nobody will answer any more.

        Those that queue come first: none of them is to go out now.
        """
        domain = [("partner_id", "=", partner_id), ("question", "!=", False)]
        for run in self.search(domain, order="question desc, id"):
            run.invalidate_recordset(["question"])
            event = run.exists().question and run._end_of_question()
            if event:
                run._advance(event)

    @api.model
    def _note_went_out(self, message_id):
        """A message has been sent: if it asks, the time for the answer runs from then.

        :param message_id: of ``mini_crm.message``, or ``None``
        """
        asking = [("asked_message_id", "=", message_id), ("question", "=", "open")]
        if message_id and (run := self.search(asking)):
            run._advance(WentOut(run.asked_message_id.date))

    def _end_of_question(self):
        """What has ended the question of this run: an event of the engine, or None."""
        identity = self.identity_id
        if identity.state != "reachable":
            return Stopped("blocked")
        states = self.env["mini_crm.consent"]._states(
            self.partner_id.ids, identity.type
        )
        if states[self.partner_id.id] == "out":
            return Stopped("opted_out")
        asked = self.asked_message_id
        if self.question == "open" and asked.state in NOT_SENT:
            return Asked(False, asked.reason or asked.state)
        if self.question == "open" and (reason := self._unasked_by_mail()):
            return Asked(False, reason)
        return self._taken_over() if self._person_has_written() else None

    def _taken_over(self):
        """The event of a person who goes on himself; of a paused workflow, its end."""
        going = self.workflow_id._is_going()
        return TakenOver() if going else Stopped("taken_over")

    def _person_has_written(self):
        """Whether a person of the shop has written there since the question."""
        if self.identity_id.type == "email":
            domain = [
                ("partner_id", "=", self.partner_id.id),
                ("type", "=", "message_sent"),
                ("interaction", "=", "out"),
                ("res_model", "=", "mail.message"),
                ("date", ">=", self.asked_at),
            ]
            return bool(self.env["mini_crm.event"].search_count(domain, limit=1))
        domain = [
            ("identity_id", "=", self.identity_id.id),
            ("direction", "=", "out"),
            ("purpose", "=", "answer"),
            ("state", "not in", NOT_SENT),
            ("date", ">=", self.asked_at),
            ("id", ">", self.asked_message_id.id or 0),
        ]
        return bool(self.env["mini_crm.message"].search_count(domain, limit=1))


def _is_command(text):
    """Whether a text is what Telegram writes for who opens the bot by a link."""
    return (text or "").split(" ")[0].split("@")[0] == "/start"


def _own_phone(message):
    """E.164 of the customer's own number, if he has shared it with this message."""
    proved = message.identity_id.phone
    if message.kind != "contact" or not proved:
        return ""
    # providers leave out the plus
    digits = "".join(filter(str.isdigit, ascii_digits(message.body or "")))
    return proved if proved.removeprefix("+") in digits else ""
