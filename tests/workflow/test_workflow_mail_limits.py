from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...models.workflow.mini_crm_workflow_mail import TRIES
from .mail_run_case import MailRunCase

NOON = datetime.fromisoformat("2026-05-04 12:00")
NIGHT = datetime.fromisoformat("2026-05-04 23:00")
MORNING = datetime.fromisoformat("2026-05-05 09:00")


@tagged("post_install", "-at_install")
class TestWorkflowMailLimits(MailRunCase):
    """E-mails of workflows respect the night and the day of the customer, and whoever
    has a say until they go out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "mini_crm_quiet_hours": True,
                "mini_crm_quiet_from": 21,
                "mini_crm_quiet_to": 9,
                "mini_crm_daily_messages": 3,
            }
        )
        (cls.sara | cls.reza).tz = "UTC"

    @contextmanager
    def at(self, moment):
        """Let it be another time."""
        outbox = type(self.env["mini_crm.outbox"])
        with freeze_time(moment), patch.object(outbox, "_now", lambda _: moment):
            yield

    def send(self, partner):
        """A workflow of one e-mail for a customer: his run."""
        return self.start(partner, kind="send", subject="Scarf")

    def work(self):
        """The worker sends what is due: the number of e-mails that it has looked at."""
        looked_at = 0
        with self.mock_mail_gateway():
            while self.env["mini_crm.workflow.mail"]._send_next():
                looked_at += 1
            self.env.flush_all()
        return looked_at

    def waiting(self):
        return self.env["mini_crm.workflow.mail"].search([])

    def asked_at_night(self):
        """A run whose question waits for the morning."""
        self.make_mail_channel()
        with self.at(NIGHT):
            run = self.start(self.sara)
        self.assertEqual((run.question, self.waiting().due_at), ("open", MORNING))
        self.assertFalse(self.sent(self.sara))
        return run

    def test_night_holds_back_without_a_channel_for_e_mail(self):
        with self.at(NIGHT):
            self.send(self.sara)
            self.assertFalse(self.sent(self.sara))
            self.assertEqual(self.work(), 0)
        with self.at(MORNING):
            self.assertEqual(self.work(), 1)
        self.assertEqual(self.sent(self.sara).subject, "Scarf")
        self.assertFalse(self.waiting())

    def test_night_holds_back_where_the_address_is_another_customers(self):
        channel = self.make_mail_channel()
        self.reza._mail_identity_row(channel, self.sara.email_normalized)
        with self.at(NIGHT):
            self.send(self.sara)
        self.assertFalse(self.sent(self.sara))

    def test_full_day_holds_back_what_comes_next(self):
        with self.at(NOON):
            for _number in range(4):
                self.send(self.sara)
            self.assertEqual(len(self.sent(self.sara)), 3)
        self.assertEqual(self.waiting().due_at, MORNING)

    def test_e_mails_count_for_the_chat(self):
        with self.at(NOON):
            for _number in range(3):
                self.send(self.sara)
            messages = self.env["mini_crm.message"]
            sent = messages._count_sent(self.sara, NOON - timedelta(hours=12), messages)
            self.assertEqual(sent, 3)
            self.sara._send_mail_reply("A colleague writes")
            sent = messages._count_sent(self.sara, NOON - timedelta(hours=12), messages)
            self.assertEqual(sent, 3)

    def test_test_run_tells_what_e_mails_wait_for(self):
        workflow = self.send(self.reza).workflow_id
        with self.at(NIGHT):
            rows = workflow.with_user(self.manager).get_dry_run(self.sara.id)
        self.assertIn("It is night for him", str(rows))

    def test_paused_workflow_sends_nothing_in_the_morning(self):
        with self.at(NIGHT):
            run = self.send(self.sara)
            run.workflow_id.with_user(self.manager).action_pause()
        with self.at(MORNING):
            self.work()
        self.assertFalse(self.sent(self.sara))
        self.assertFalse(self.waiting())
        self.assertEqual(run.step_ids.reason, "workflow_paused")

    def test_question_that_a_pause_has_dropped_is_waited_for_no_longer(self):
        run = self.asked_at_night()
        workflow = run.workflow_id.with_user(self.manager)
        workflow.action_pause()
        with self.at(MORNING):
            self.work()
        self.assertEqual(run.question, "open")
        workflow.action_resume()
        self.settle()
        self.assertFalse(self.sent(self.sara))
        self.assertEqual(run.step_ids.edge, "not_sent")

    def test_stopped_run_sends_nothing_in_the_morning(self):
        run = self.asked_at_night()
        run._stop("by_hand")
        with self.at(MORNING):
            self.work()
        self.assertFalse(self.sent(self.sara))
        self.assertFalse(self.waiting())

    def test_deleted_workflow_sends_nothing_in_the_morning(self):
        with self.at(NIGHT):
            workflow = self.send(self.sara).workflow_id
        workflow.with_user(self.manager).unlink()
        self.assertFalse(self.waiting())
        with self.at(MORNING):
            self.work()
        self.assertFalse(self.sent(self.sara))

    def test_who_opts_out_at_night_gets_nothing_in_the_morning(self):
        with self.at(NIGHT):
            run = self.send(self.sara)
            self.sara._set_consent("email", "out", source="person")
        with self.at(MORNING):
            self.work()
        self.assertFalse(self.sent(self.sara))
        self.assertEqual(run.step_ids.reason, "opted_out")

    def test_question_that_waits_to_go_out_has_its_whole_time_from_then(self):
        run = self.asked_at_night()
        expires = run.due_at
        self.assertGreater(expires, MORNING)
        with self.at(expires):
            run._work_off()
            self.assertFalse(run.step_ids, "nobody was asked yet")
            self.work()
            self.assertTrue(self.sent(self.sara))
        self.assertEqual(run.due_at - expires, expires - MORNING)
        with self.at(run.due_at):
            run._work_off()
        self.assertEqual(run.step_ids.edge, "timeout")

    def test_question_is_open_from_the_moment_it_goes_out(self):
        run = self.asked_at_night()
        self.reply(self.sara)
        self.assertEqual(run.question, "open")
        with self.at(MORNING):
            self.work()
            self.assertEqual(run.asked_at, MORNING)
            self.reply(self.sara)
        self.assertEqual(run.step_ids.edge, "answered")

    def test_question_that_cannot_go_out_is_waited_for_no_longer(self):
        run = self.asked_at_night()
        self.sara.email = False
        with self.at(MORNING):
            self.work()
        self.assertEqual(run.step_ids.edge, "not_sent")
        self.assertEqual(run.step_ids.reason, "no_channel")

    def test_e_mail_that_cannot_be_written_holds_up_no_other(self):
        with self.at(NIGHT):
            broken, fine = self.send(self.sara), self.send(self.reza)
        runs = type(broken)
        post = runs._post_mail

        def refuse(run, *content):
            if run.id == broken.id:
                raise UserError("No")
            return post(run, *content)

        with patch.object(runs, "_post_mail", refuse), self.assertLogs(level="ERROR"):
            for later in range(TRIES):
                with self.at(MORNING + timedelta(minutes=5 * later)):
                    self.work()
        self.assertTrue(self.sent(self.reza))
        self.assertFalse(self.waiting())
        self.assertEqual(broken.step_ids.reason, "refused")
        self.assertFalse(fine.step_ids.reason)
