from datetime import datetime, timedelta, timezone

from odoo import fields

from ...engine.workflow import State
from ..channel import inbound_case
from ..channel.inbound_case import InboundCase


class QuestionCase(InboundCase):
    """A chat with a customer, and workflows that ask him; all of it committed.

    Messages come in as in the product. What goes out is accepted by hand, so that a
    test says when the customer has got it.
    """

    def setUp(self):
        super().setUp()
        self.workflow_ids = []
        self.addCleanup(self.remove_workflows)

    def remove_workflows(self):
        with self.transaction() as env:
            env.cr.execute(
                "DELETE FROM mini_crm_workflow WHERE id = ANY(%s)", [self.workflow_ids]
            )

    # Workflows

    def ask(self, text="Your number?", **config):
        """A node that asks; every edge leads nowhere unless the test says so."""
        return {"kind": "ask", "text": text, "next": {}, **config}

    def workflow(self, node=None, *, name="Welcome", **more):
        """A running workflow of one question and further nodes: its id."""
        nodes = {"n1": node or self.ask(), **more}
        definition = {
            "format": 1,
            "trigger": {"kind": "by_hand"},
            "entry": {"policy": "always"},
            "first": "n1",
            "nodes": nodes,
        }
        with self.transaction() as env:
            workflow = env["mini_crm.workflow"].create({"name": name})
            version = workflow.version_ids.create(
                {"workflow_id": workflow.id, "number": 1, "definition": definition}
            )
            workflow.write(
                {"state": "live", "version_id": version.id, "trigger": "by_hand"}
            )
            self.workflow_ids.append(workflow.id)
            return workflow.id

    def meet(self, chat=7):
        """A customer who has written: his identity's chat is known then."""
        self.receive(self.message(chat, "Hello", at=self.soon(-60)))

    def start(self, workflow_id, chat=7):
        """Have the customer of a chat enter a workflow: id of his run."""
        with self.transaction() as env:
            workflow = env["mini_crm.workflow"].browse(workflow_id)
            run = workflow._start(self.identity(env, chat).partner_id)
            return run.id

    def asked(self, node=None, chat=7, **more):
        """A customer who was asked, and has got the question: id of the run."""
        self.meet(chat)
        run_id = self.start(self.workflow(node, **more), chat)
        self.arrive()
        return run_id

    # Time

    def soon(self, seconds=0):
        """A moment from now, UTC, as providers tell it."""
        return datetime.now(timezone.utc) + timedelta(seconds=seconds)

    def pass_time(self, run_id, **span):
        """Let time pass for a run, and do what is due."""
        with self.transaction() as env:
            run, span = env["mini_crm.workflow.run"].browse(run_id), timedelta(**span)
            position = dict(run.position)
            position["asking"] = {
                key: (datetime.fromisoformat(value) - span).isoformat()
                if key.endswith("_at")
                else value
                for key, value in position.get("asking", {}).items()
            }
            state = State.from_json(position)
            if state.due_at:
                position["due_at"] = (state.due_at - span).isoformat()
                run.due_at -= span
            run.position = position
        with self.transaction() as env:
            run = env["mini_crm.workflow.run"].browse(run_id)
            if run.due_at and run.due_at <= fields.Datetime.now():
                env["mini_crm.workflow.run"]._cron_due()

    # What went out

    def arrive(self):
        """Have all that waits to be sent arrive at its customer, in order."""
        with self.transaction() as env:
            rows = env["mini_crm.outbox"].search(
                [("channel_id", "=", self.channel_id), ("deferred", "=", False)],
                order="message_id",
            )
            for message in rows.message_id:
                number = next(inbound_case._numbers)
                message._advance(
                    "sent",
                    external_id=f"{message.identity_id.external_id}:{number}",
                    date=fields.Datetime.now(),
                    sequence=number,
                )
            rows.unlink()

    def said(self, chat=7):
        """Texts that the customer of a chat was sent or is to be sent, in order."""
        return [
            row[0]
            for row in self.rows(
                """SELECT m.body FROM mini_crm_message m
                JOIN mini_crm_identity i ON i.id = m.identity_id
                WHERE m.channel_id = %s AND i.external_id = %s AND m.direction = 'out'
                    AND m.state NOT IN ('cancelled', 'failed')
                ORDER BY m.id""",
                self.channel_id,
                str(chat),
            )
        ]

    def buttons(self, chat=7):
        """Buttons below the last message with some: {label: payload}."""
        rows = self.rows(
            """SELECT m.buttons FROM mini_crm_message m
            JOIN mini_crm_identity i ON i.id = m.identity_id
            WHERE m.channel_id = %s AND i.external_id = %s AND m.buttons IS NOT NULL
            ORDER BY m.id DESC LIMIT 1""",
            self.channel_id,
            str(chat),
        )
        return {one["label"]: one["payload"] for one in rows[0][0]} if rows else {}

    # What comes in

    def write(self, text, chat=7, **values):
        """The customer writes now."""
        self.receive(self.message(chat, text, at=self.soon(), **values))

    def press(self, label, payload, chat=7):
        """The customer presses a button of Telegram."""
        number = next(inbound_case._numbers)
        self.receive(
            {
                "update_id": number,
                "callback_query": {
                    "id": str(number),
                    "data": payload,
                    "from": {"id": chat, "is_bot": False, "first_name": "P"},
                    "message": {
                        "message_id": number,
                        "date": 1,
                        "chat": {"id": chat, "type": "private"},
                        "reply_markup": {
                            "inline_keyboard": [
                                [{"text": label, "callback_data": payload}]
                            ]
                        },
                    },
                },
            }
        )

    # How it went

    def edges(self, run_id):
        """Edges by which a run has left its nodes, in order."""
        return [
            row[0]
            for row in self.rows(
                "SELECT edge FROM mini_crm_workflow_step WHERE run_id = %s ORDER BY id",
                run_id,
            )
        ]

    def run_of(self, env, run_id):
        return env["mini_crm.workflow.run"].browse(run_id)

    def answer_of(self, run_id, node="n1"):
        """Value of the answer to a question, or ``None``."""
        with self.transaction() as env:
            answers = self.run_of(env, run_id)._state().answers
            return answers.get(node, {}).get("value")

    def question(self, run_id):
        """State of the question of a run: open, queued or ``None``."""
        return self.rows(
            "SELECT question FROM mini_crm_workflow_run WHERE id = %s", run_id
        )[0][0]

    def late(self):
        """Texts of messages that came too late for a question."""
        return [
            row[0]
            for row in self.rows(
                """SELECT body FROM mini_crm_message WHERE channel_id = %s
                AND question_id IS NOT NULL AND dealt_with IS NOT TRUE ORDER BY id""",
                self.channel_id,
            )
        ]

    def consumed(self):
        """Texts of messages that start no workflow, as they were answers."""
        with self.transaction() as env:
            messages = env["mini_crm.message"].search(
                [("channel_id", "=", self.channel_id), ("direction", "=", "in")],
                order="id",
            )
            taken = env["mini_crm.workflow.run"]._consumed(messages.ids)
            return [message.body for message in messages if message.id in taken]

    def partner(self, env, chat=7):
        return self.identity(env, chat).partner_id
