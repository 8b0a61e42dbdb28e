from datetime import timedelta

from odoo.tests import tagged

from ...engine.workflow import Send
from .mail_run_case import NODE, MailRunCase


@tagged("post_install", "-at_install")
class TestWorkflowMail(MailRunCase):
    """Workflows that write e-mails, and what comes back."""

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

    def test_clock_of_the_sender_may_be_slow_or_fast(self):
        self.make_mail_channel()
        for customer, minutes in ((self.sara, -10), (self.reza, 600)):
            run = self.start(customer)
            run.identity_id.waiting_since = False
            self.reply(customer, after=timedelta(minutes=minutes))
            self.assertEqual(run.step_ids.edge, "answered")
            self.assertFalse(run.identity_id.waiting_since)

    def test_e_mail_that_was_long_on_its_way_is_no_answer(self):
        self.make_mail_channel()
        run = self.start(self.sara)
        self.reply(self.sara, after=timedelta(hours=-3))
        self.assertEqual(run.question, "open")
        self.assertTrue(run.identity_id.waiting_since)

    def test_answer_starts_no_other_workflow(self):
        self.make_mail_channel()
        trigger = {"kind": "message_received"}
        workflow = self.publish(trigger, {"n1": {"kind": "split", "next": {}}})
        self.start(self.sara)
        self.reply(self.sara)
        self.assertFalse(self.runs(workflow))
        self.reply(self.sara)
        self.assertEqual(self.runs(workflow).partner_id, self.sara)

    def hints(self):
        """{subject of an e-mail of the customer: the question that it missed}."""
        rows = self.sara.with_user(self.agent).get_conversation()["rows"]
        return {
            row["subject"]: row["late_answer_to"]
            for row in rows
            if row["direction"] == "in"
        }

    def test_late_answer_goes_to_people_with_the_question(self):
        self.make_mail_channel()
        run = self.start(self.sara)
        self.expire(run)
        self.assertEqual(run.step_ids.edge, "timeout")
        self.reply(self.sara, subject="Late")
        self.reply(self.sara, subject="Later")
        self.assertEqual(self.hints(), {"Late": "Which one, Sara?", "Later": ""})
        self.assertTrue(run.identity_id.waiting_since)

    def test_who_answers_stop_opts_out_and_who_cancels_does_not(self):
        self.make_mail_channel()
        consents = self.env["mini_crm.consent"]
        for customer, word, wish in (
            (self.sara, "stop", "out"),
            (self.reza, "انصراف", "unknown"),
        ):
            run = self.start(customer)
            self.reply(customer, body=word)
            self.assertEqual(run.step_ids.edge, "stopped")
            states = consents._states(customer.ids, "email")
            self.assertEqual(states[customer.id], wish)

    def test_colleagues_who_follow_the_contact_get_no_copy(self):
        self.make_mail_channel()
        self.sara.message_subscribe(self.manager.partner_id.ids)
        self.start(self.sara)
        notified = self.sent(self.sara).notification_ids.res_partner_id
        self.assertEqual(notified, self.sara)

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
