from odoo.tests import tagged

from ...engine.workflow import Send
from ..thread.mail_case import MailCase

NODE = {"kind": "ask", "text": "Which one, {first_name}?", "channel": "email"}


@tagged("post_install", "-at_install")
class TestWorkflowMail(MailCase):
    """Workflows that write e-mails, through Odoo's own sending and gateway."""

    def start(self, partner, **node):
        """Have a customer enter a workflow of one question by e-mail: his run."""
        workflow = self.env["mini_crm.workflow"].create(
            {
                "name": "Scarf",
                "definition": {
                    "format": 1,
                    "trigger": {"kind": "by_hand"},
                    "entry": {"policy": "always"},
                    "audience": "[]",
                    "first": "n1",
                    "nodes": {"n1": {**NODE, "next": {}, **node}},
                },
            }
        )
        workflow.with_user(self.manager)._publish()
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

    def test_question_is_an_e_mail_that_nobody_has_written(self):
        self.make_mail_channel()
        run = self.start(self.sara)
        mail = self.sent(self.sara)
        self.assertIn("Which one, Sara?", mail.body)
        self.assertEqual(mail.author_id, self.company.partner_id)
        self.assertEqual((run.state, run.question), ("waiting", "open"))

    def test_own_words_of_the_reply_are_the_answer(self):
        self.make_mail_channel()
        run = self.start(self.sara)
        self.receive(self.sara.email, date="Fri, 01 Jan 2100 12:00:00 +0000")
        self.settle()
        self.assertEqual(run.step_ids.edge, "answered")
        answer = run._state().answers["n1"]["value"]
        self.assertEqual(answer, "Yes please, the blue one.")

    def test_absence_note_is_no_answer(self):
        self.make_mail_channel()
        run = self.start(self.sara)
        later = {"date": "Fri, 01 Jan 2100 12:00:00 +0000"}
        self.receive(self.sara.email, extra="Auto-Submitted: auto-replied", **later)
        self.settle()
        self.assertEqual((run.state, run.question), ("waiting", "open"))
        self.receive(self.sara.email, **later)
        self.settle()
        self.assertEqual(run.step_ids.edge, "answered")

    def test_e_mail_of_another_customer_is_no_answer(self):
        self.make_mail_channel()
        run = self.start(self.sara)
        self.receive(self.reza.email, date="Fri, 01 Jan 2100 12:00:00 +0000")
        self.settle()
        self.assertEqual(run.question, "open")

    def test_choices_stand_as_a_list(self):
        self.make_mail_channel()
        choices = [{"label": "Blue", "value": "b"}, {"label": "Red", "value": "r"}]
        self.start(self.sara, answer="choice", choices=choices)
        self.assertIn("1. Blue", self.sent(self.sara).body)

    def test_customer_without_an_address_and_shop_without_a_channel_are_told(self):
        run = self.start(self.sara)  # he could not answer to any channel
        self.assertEqual(run.step_ids.edge, "not_sent")
        self.make_mail_channel()
        self.reza.email = False
        run = self.start(self.reza)
        self.assertEqual(run.step_ids.reason, "no_channel")

    def test_opted_out_customer_gets_nothing(self):
        self.make_mail_channel()
        self.sara._set_consent("email", "out", source="person")
        run = self.start(self.sara)
        self.assertEqual(run.step_ids.reason, "opted_out")
        self.assertFalse(self.sent(self.sara))

    def test_the_same_again_is_sent_once(self):
        run = self.start(self.sara, kind="send", subject="For {first_name}")
        self.assertEqual(self.sent(self.sara).subject, "For Sara")
        acting = run._as_actor()
        command = Send(NODE["text"], channel="email")
        with self.mock_mail_gateway():
            acting._do_send(command)
        self.assertEqual(len(self.sent(self.sara)), 1)
