from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...engine.send_gate import Verdict
from ..channel.inbound_case import ACCOUNT
from .question_case import QuestionCase
from .test_workflow_doors import DOORS

CITY = "Your city?"
HOUR = {"amount": 1, "unit": "hours"}


@tagged("post_install", "-at_install")
class TestWorkflowQuestions(QuestionCase):
    """How questions go out, queue, and end without an answer."""

    def test_question_goes_out_once_with_the_customers_values(self):
        self.meet()
        run_id = self.start(self.workflow(self.ask("Hello {first_name}, {nothing}?")))
        self.assertEqual(self.said(), ["Hello Person, ?"])
        with self.transaction() as env:
            message = self.run_of(env, run_id).asked_message_id
            self.assertEqual(message.purpose, "automated")
            self.assertEqual(message.idempotency_key, f"wf:{run_id}:n1:1")
            self.assertEqual(message.workflow_run_id.id, run_id)

    def test_earlier_answers_can_be_named(self):
        more = {"n2": {"kind": "send", "text": "So: {answer:n1} and {answer:n9}."}}
        self.asked(self.ask(CITY, next={"answered": "n2"}), **more)
        self.write("{name}")
        self.assertEqual(self.said()[-1], "So: {name} and .")

    def test_customer_without_a_chat_is_told_nothing_and_leaves_by_not_sent(self):
        workflow_id = self.workflow(self.ask(CITY))
        with self.transaction() as env:
            partner = env["res.partner"].create({"name": "Nobody"})
            run = env["mini_crm.workflow"].browse(workflow_id)._start(partner)
            self.assertEqual(run.step_ids.edge, "not_sent")
            self.assertEqual(run.step_ids.reason, "no_channel")
            partner_id = partner.id
        self.remove_customers([partner_id])

    # Two at once

    def test_second_workflow_waits_until_the_first_has_its_answer(self):
        first = self.asked(self.ask("First?"))
        second = self.start(self.workflow(self.ask("Second?"), name="Second"))
        third = self.start(self.workflow(self.ask("Third?"), name="Third"))
        self.assertEqual(self.said(), ["First?"])
        self.assertEqual(self.question(second), "queued")
        self.write("one")
        self.arrive()
        self.assertEqual(self.said(), ["First?", "Second?"])
        self.write("two")
        self.arrive()
        self.write("three")
        values = [self.answer_of(run) for run in (first, second, third)]
        self.assertEqual(values, ["one", "two", "three"])

    def test_time_of_a_queued_question_runs_from_when_it_is_asked(self):
        first = self.asked(self.ask("First?"))
        second = self.start(self.workflow(self.ask("Second?")))
        self.assertFalse(self.due_at(second))
        self.pass_time(first, days=2)
        self.assertEqual(self.said(), ["First?", "Second?"])
        self.assertTrue(self.due_at(second))

    def due_at(self, run_id):
        return self.rows(
            "SELECT due_at FROM mini_crm_workflow_run WHERE id = %s", run_id
        )[0][0]

    def test_next_question_goes_out_when_the_first_run_is_stopped(self):
        first = self.asked(self.ask("First?"))
        self.start(self.workflow(self.ask("Second?")))
        with self.transaction() as env:
            self.run_of(env, first)._stop("by_hand")
        self.assertEqual(self.said(), ["First?", "Second?"])

    def test_next_question_goes_out_when_the_first_run_is_deleted(self):
        first = self.asked(self.ask("First?"))
        self.start(self.workflow(self.ask("Second?")))
        with self.transaction() as env:
            self.run_of(env, first).unlink()
        self.assertEqual(self.said(), ["First?", "Second?"])

    def test_next_question_goes_out_when_the_first_workflow_is_deleted(self):
        self.asked(self.ask("First?"))
        self.start(self.workflow(self.ask("Second?")))
        with self.transaction() as env:
            env["mini_crm.workflow"].browse(self.workflow_ids[0]).unlink()
        self.assertEqual(self.said(), ["First?", "Second?"])

    def test_question_that_was_forgotten_goes_out_with_the_next_round(self):
        first = self.asked(self.ask("First?"))
        self.start(self.workflow(self.ask("Second?")))
        self.rows("DELETE FROM mini_crm_workflow_run WHERE id = %s RETURNING id", first)
        with self.transaction() as env:
            env["mini_crm.workflow.run"]._cron_due()
        self.assertEqual(self.said(), ["First?", "Second?"])

    @mute_logger(DOORS)
    def test_question_that_cannot_be_asked_fails_its_own_run_only(self):
        first = self.asked(self.ask("First?"))
        second = self.start(self.workflow(self.ask("Born {birth_date}?")))
        third = self.start(self.workflow(self.ask("Third?")))
        run_class = type(self.env["mini_crm.workflow.run"])
        filled = run_class._filled

        def fill(run, template, customer=None):
            if run.id == second:
                raise AccessError("This customer is another company's.")
            return filled(run, template, customer)

        with patch.object(run_class, "_filled", fill):
            self.pass_time(first, days=2)
        self.assertEqual(self.edges(first), ["timeout"])
        self.assertEqual(self.edges(second), ["failed"])
        self.assertIsNone(self.question(second))
        self.assertEqual(self.said(), ["First?", "Third?"])
        self.assertEqual(self.question(third), "open")

    def test_queued_questions_of_paused_workflows_are_no_work(self):
        first = self.asked(self.ask("First?"))
        self.start(self.workflow(self.ask("Second?")))
        with self.transaction() as env:
            workflow = env["mini_crm.workflow"].browse(self.workflow_ids[1])
            workflow.action_pause()
        self.rows("DELETE FROM mini_crm_workflow_run WHERE id = %s RETURNING id", first)
        with self.transaction() as env:
            self.assertEqual(env["mini_crm.workflow.run"]._ask_forgotten(), 0)
            env["mini_crm.workflow"].browse(self.workflow_ids[1]).action_resume()
            self.assertEqual(env["mini_crm.workflow.run"]._ask_forgotten(), 1)
        self.assertEqual(self.said(), ["First?", "Second?"])

    def pause(self, run_id, how="action_pause"):
        with self.transaction() as env:
            getattr(self.run_of(env, run_id).workflow_id, how)()

    def test_paused_workflow_lets_others_ask_when_its_time_is_over(self):
        first = self.asked(self.ask("First?", remind_after=HOUR))
        second = self.start(self.workflow(self.ask("Second?")))
        self.pause(first)
        self.pass_time(first, hours=2)
        self.assertEqual(self.question(first), "open", "its time is not over")
        self.pass_time(first, days=2)
        self.assertEqual(self.said(), ["First?", "Second?"])
        self.arrive()
        self.pause(first, "action_resume")
        with self.transaction() as env:
            env["mini_crm.workflow.run"]._cron_due()
        self.assertEqual(self.edges(first), ["timeout"])
        self.write("two")
        self.assertEqual(self.answer_of(second), "two")

    def test_archived_workflow_lets_others_ask_at_once(self):
        first = self.asked(self.ask("First?"))
        self.start(self.workflow(self.ask("Second?")))
        with self.transaction() as env:
            self.run_of(env, first).workflow_id.active = False
        self.assertEqual(self.edges(first), ["stopped"])
        self.assertEqual(self.said(), ["First?", "Second?"])

    def test_question_that_was_dropped_in_a_pause_leaves_when_it_is_over(self):
        self.meet()
        run_id = self.start(self.workflow(self.ask(CITY)))
        self.pause(run_id)
        with self.transaction() as env:
            message = self.run_of(env, run_id).asked_message_id
            env["mini_crm.outbox"].search([("message_id", "=", message.id)]).unlink()
            message._fail("workflow_paused")
        self.assertEqual(self.edges(run_id), [])
        self.pause(run_id, "action_resume")
        self.assertEqual(self.edges(run_id), ["not_sent"])
        self.assertIsNone(self.question(run_id))

    def test_stopped_run_says_no_more_what_it_has_queued(self):
        self.meet()
        more = {"n2": {"kind": "delay", "by": "duration", "duration": HOUR}}
        send = {"kind": "send", "text": "Welcome", "next": {"next": "n2"}}
        run_id = self.start(self.workflow(send, **more))
        with self.transaction() as env:
            self.run_of(env, run_id).with_user(env.ref("base.user_admin")).action_stop()
        states = self.rows(
            "SELECT state FROM mini_crm_message WHERE workflow_run_id = %s", run_id
        )
        self.assertEqual(states, [("cancelled",)])

    def test_two_customers_do_not_wait_for_each_other(self):
        self.asked(self.ask("First?"), chat=7)
        self.asked(self.ask("Second?"), chat=8)
        self.assertEqual(self.said(7), ["First?"])
        self.assertEqual(self.said(8), ["Second?"])

    # What ends a question

    def test_person_who_answers_takes_over(self):
        run_id = self.asked(self.ask(CITY))
        other = self.start(self.workflow(self.ask("Second?")))
        with self.transaction() as env:
            self.identity(env)._send("Let me help you.")
        self.assertEqual(self.edges(run_id), ["taken_over"])
        self.assertEqual(self.edges(other), ["taken_over"])
        self.assertEqual(self.said(), [CITY, "Let me help you."])
        self.write("Shiraz")
        self.assertIsNone(self.answer_of(run_id))

    def test_button_takes_over_once(self):
        run_id = self.asked(self.ask(CITY))
        with self.transaction() as env:
            partner = self.partner(env)
            (question,) = partner.get_reply_options()["questions"]
            self.assertEqual(question["workflow"], "Welcome")
            self.assertEqual(question["question"], CITY)
            partner.take_over_question(question["run_id"])
            self.assertEqual(partner.get_reply_options()["questions"], [])
            with self.assertRaisesRegex(UserError, "does not wait"):
                partner.take_over_question(run_id)
        self.assertEqual(self.edges(run_id), ["taken_over"])

    def test_question_that_was_not_sent_yet_is_not_sent_after_it_is_over(self):
        self.meet()
        run_id = self.start(self.workflow(self.ask(CITY)))
        with self.transaction() as env:
            self.run_of(env, run_id)._stop("by_hand")
        self.assertEqual(self.said(), [])

    def test_who_blocks_the_bot_stops_the_run(self):
        run_id = self.asked(self.ask(CITY))
        self.receive(
            {
                "update_id": 77_001,
                "my_chat_member": {
                    "date": int(self.soon(1).timestamp()),
                    "chat": {"id": 7, "type": "private"},
                    "from": {"id": 7, "is_bot": False, "first_name": "P"},
                    "new_chat_member": {"status": "kicked"},
                },
            }
        )
        with self.transaction() as env:
            run = self.run_of(env, run_id)
            self.assertEqual((run.state, run.outcome), ("stopped", "blocked"))

    def test_opt_out_entered_by_a_colleague_stops_the_run(self):
        run_id = self.asked(self.ask(CITY))
        with self.transaction() as env:
            self.partner(env).set_consent("telegram", "out", "by phone")
        with self.transaction() as env:
            run = self.run_of(env, run_id)
            self.assertEqual((run.state, run.outcome), ("stopped", "opted_out"))

    def test_question_that_the_provider_refuses_leaves_by_not_sent(self):
        self.meet()
        run_id = self.start(self.workflow(self.ask(CITY)))
        with self.transaction() as env:
            message = self.run_of(env, run_id).asked_message_id
            env["mini_crm.outbox"].search([("message_id", "=", message.id)]).unlink()
            message._fail("refused")
        self.assertEqual(self.edges(run_id), ["not_sent"])
        self.assertIsNone(self.question(run_id))

    def night(self, until=None):
        """Nothing goes out that is queued now, until a moment."""
        messages = type(self.env["mini_crm.message"])
        checks = [(1, "mini_crm.message", "_night")]
        return patch.multiple(
            messages,
            create=True,
            _gate_checks=lambda _messages: checks,
            _night=lambda *_arguments: Verdict("defer", "quiet_hours", until),
        )

    def morning_comes(self):
        with self.transaction() as env:
            env["mini_crm.outbox"].search([]).write({"deferred": False})
        self.arrive()

    def test_question_of_the_night_waits_and_is_answered_when_it_was_sent(self):
        self.meet()
        with self.night(fields.Datetime.now() + timedelta(hours=8)):
            run_id = self.start(self.workflow(self.ask(CITY)))
            self.write("Are you there?")
        self.assertEqual(self.question(run_id), "open")
        self.assertEqual(self.consumed(), [])
        self.morning_comes()
        self.write("Shiraz")
        self.assertEqual(self.answer_of(run_id), "Shiraz")

    def test_time_of_a_question_of_the_night_runs_from_the_morning(self):
        self.meet()
        morning = fields.Datetime.now().replace(microsecond=0) + timedelta(hours=8)
        with self.night(morning):
            run_id = self.start(self.workflow(self.ask(CITY, wait=HOUR)))
        self.assertEqual(self.due_at(run_id), morning + timedelta(hours=1))

    def test_question_that_waits_to_be_sent_does_not_expire(self):
        self.meet()
        with self.night():  # a broken channel: nobody knows until when
            run_id = self.start(self.workflow(self.ask(CITY, wait=HOUR)))
        self.pass_time(run_id, hours=3)
        self.pass_time(run_id, hours=3)
        self.assertEqual((self.edges(run_id), self.said()), ([], [CITY]))
        self.morning_comes()
        soon = fields.Datetime.now() + timedelta(minutes=61)
        self.assertLessEqual(self.due_at(run_id), soon)
        self.assertGreater(self.due_at(run_id), soon - timedelta(minutes=5))
        self.write("Shiraz")
        self.assertEqual(self.answer_of(run_id), "Shiraz")

    def test_question_that_is_not_sent_for_a_week_is_given_up(self):
        self.meet()
        with self.night():
            run_id = self.start(self.workflow(self.ask(CITY, wait=HOUR)))
        self.pass_time(run_id, hours=3)
        self.pass_time(run_id, days=8)
        self.assertEqual((self.edges(run_id), self.said()), (["not_sent"], []))

    def test_welcome_is_said_once_whatever_comes_twice(self):
        send = {"kind": "send", "text": "Welcome"}
        self.meet()
        run_id = self.start(self.workflow(send))
        with self.transaction() as env:
            run = self.run_of(env, run_id)
            run.write({"state": "running", "position": {"node": "n1", "visit": 1}})
            acting = run._as_actor()
            acting._deliver(acting._way(""), "Welcome")
            acting._deliver(acting._way(""), "Welcome")
        self.assertEqual(self.said(), ["Welcome"])


@tagged("post_install", "-at_install")
class TestWorkflowQuestionsInstagram(QuestionCase):
    """Instagram's window and its quick replies."""

    type = "instagram"

    def from_instagram(self, text, at=None, **message):
        number = int(self.soon().timestamp() * 1000)
        return {
            "object": "instagram",
            "entry": [
                {
                    "id": ACCOUNT,
                    "time": number,
                    "messaging": [
                        {
                            "sender": {"id": "7"},
                            "recipient": {"id": ACCOUNT},
                            "timestamp": int((at or self.soon()).timestamp() * 1000),
                            "message": {"mid": f"m{number}", "text": text} | message,
                        }
                    ],
                }
            ],
        }

    def test_closed_window_leaves_by_its_own_edge_and_sends_nothing(self):
        self.receive(self.from_instagram("Hello", at=self.soon(-25 * 3600)))
        run_id = self.start(self.workflow(self.ask(CITY)))
        self.assertEqual(self.edges(run_id), ["window_closed"])
        self.assertEqual(self.said(), [])
        self.receive(self.from_instagram("Back again"))
        self.assertEqual(self.said(), [])

    def test_choices_are_quick_replies_and_long_ones_a_list(self):
        self.receive(self.from_instagram("Hello"))
        short = [{"label": "Tea"}, {"label": "Coffee"}]
        run_id = self.start(
            self.workflow(self.ask("Drink?", answer="choice", choices=short))
        )
        self.arrive()
        self.assertEqual(list(self.buttons()), ["Tea", "Coffee"])
        payload = self.buttons()["Coffee"]
        self.receive(self.from_instagram("Coffee", quick_reply={"payload": payload}))
        self.assertEqual(self.answer_of(run_id), "Coffee")
        long = [{"label": "A very long label of a choice"}, {"label": "Short"}]
        run_id = self.start(
            self.workflow(self.ask("Which?", answer="choice", choices=long))
        )
        self.arrive()
        self.assertEqual(
            self.said()[-1], "Which?\n1. A very long label of a choice\n2. Short"
        )
        self.receive(self.from_instagram("۱"))
        self.assertEqual(self.answer_of(run_id), "A very long label of a choice")

    def test_phone_has_no_contact_button_there(self):
        self.receive(self.from_instagram("Hello"))
        self.start(self.workflow(self.ask("Number?", answer="phone")))
        self.assertEqual(self.buttons(), {})
        self.assertEqual(self.said(), ["Number?"])
