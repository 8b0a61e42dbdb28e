from datetime import timedelta
from email.utils import format_datetime

from odoo import fields

from ...engine.workflow import TimerDue
from ..thread.mail_case import MailCase

NODE = {"kind": "ask", "text": "Which one, {first_name}?", "channel": "email"}


class MailRunCase(MailCase):
    """Workflows that write e-mails, through Odoo's own sending and gateway."""

    def publish(self, trigger, nodes):
        """A running workflow."""
        workflow = self.env["mini_crm.workflow"].create(
            {
                "name": "Scarf",
                "definition": {
                    "format": 1,
                    "trigger": trigger,
                    "entry": {"policy": "always"},
                    "audience": "[]",
                    "first": "n1",
                    "nodes": nodes,
                },
            }
        )
        workflow.with_user(self.manager)._publish()
        return workflow

    def runs(self, workflow):
        """The runs of a workflow."""
        domain = [("workflow_id", "=", workflow.id)]
        return self.env["mini_crm.workflow.run"].search(domain)

    def start(self, partner, **node):
        """Have a customer enter a workflow of one question by e-mail: his run."""
        nodes = {"n1": {**NODE, "next": {}, **node}}
        workflow = self.publish({"kind": "by_hand"}, nodes)
        with self.mock_mail_gateway():
            run = workflow._start(partner)
            self.env.flush_all()
        return run

    def sent(self, partner):
        """E-mails that workflows have written to a customer, oldest first."""
        return self.env["mail.message"].search(
            [
                ("model", "=", "res.partner"),
                ("res_id", "=", partner.id),
                ("message_type", "=", "auto_comment"),
            ],
            order="id",
        )

    def reply(self, partner, *, after=timedelta(), **values):
        """Let a customer write an e-mail, by a clock that is so much ahead."""
        moment = fields.Datetime.now() + after
        date = format_datetime(moment)
        mail = self.receive(partner.email, date=date, **values)
        self.settle()
        return mail

    def expire(self, run):
        """Let the time limit of a question pass."""
        position, past = dict(run.position), "2020-01-01T00:00:00"
        position["asking"] = {**position["asking"], "expires_at": past}
        run.position = {**position, "due_at": past}
        run._advance(TimerDue())
