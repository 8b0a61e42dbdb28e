from datetime import timedelta

from odoo.tests import tagged

from .question_case import QuestionCase

CHOICES = [{"label": "Tea", "value": "tea"}, {"label": "Coffee", "value": "coffee"}]


@tagged("post_install", "-at_install")
class TestWorkflowAnswers(QuestionCase):
    """What a customer writes while a question is open, through the inbox."""

    def test_text_is_the_answer_and_starts_nothing_else(self):
        run_id = self.asked(self.ask("Your city?"))
        self.write("Shiraz")
        self.assertEqual(self.answer_of(run_id), "Shiraz")
        self.assertEqual(self.edges(run_id), ["answered"])
        self.assertEqual(self.consumed(), ["Shiraz"])

    def test_an_answer_waits_for_nobody_but_what_was_asked_before_does(self):
        run_id = self.asked(self.ask("Your city?"))
        with self.transaction() as env:
            since = self.identity(env).waiting_since
        self.write("Shiraz")
        with self.transaction() as env:
            self.assertEqual(self.identity(env).waiting_since, since)
            self.identity(env)._need_no_answer()
        self.start(self.run_workflow(run_id))
        self.arrive()
        self.write("Tehran")
        with self.transaction() as env:
            self.assertFalse(self.identity(env).waiting_since)

    def test_who_is_handed_over_waits_for_a_person(self):
        with self.transaction() as env:
            known = env["mail.activity"].search([]).ids
        more = {"n2": {"kind": "hand_over", "next": {}}}
        self.meet()
        with self.transaction() as env:
            self.identity(env)._need_no_answer()
        self.start(self.workflow(self.ask(next={"answered": "n2"}), **more))
        self.arrive()
        self.write("0912")
        with self.transaction() as env:
            self.assertTrue(self.identity(env).waiting_since)
            env["mail.activity"].search([("id", "not in", known)]).unlink()

    def test_answer_to_a_paused_workflow_is_for_people(self):
        run_id = self.asked(self.ask("Your city?"))
        with self.transaction() as env:
            self.run_of(env, run_id).workflow_id.state = "paused"
        self.write("Shiraz")
        self.assertEqual(self.consumed(), [])
        self.assertEqual(self.late(), [])
        self.assertIsNone(self.answer_of(run_id))

    def test_words_of_who_has_left_the_audience_are_for_people(self):
        run_id = self.asked(self.ask("Your city?"))
        with self.transaction() as env:
            run = self.run_of(env, run_id)
            definition = {
                **run.version_id.definition,
                "audience": "[('city', '=', 'Nowhere')]",
                "leave": True,
            }
            run.version_id.definition = definition
        self.write("Shiraz")
        self.assertEqual(self.edges(run_id), ["stopped"])
        self.assertEqual(self.consumed(), [])

    def run_workflow(self, run_id):
        with self.transaction() as env:
            return self.run_of(env, run_id).workflow_id.id

    def test_choice_by_button(self):
        run_id = self.asked(self.ask("Drink?", answer="choice", choices=CHOICES))
        buttons = self.buttons()
        self.assertEqual(list(buttons), ["Tea", "Coffee"])
        self.assertTrue(all(len(p.encode()) <= 64 for p in buttons.values()))
        self.press("Coffee", buttons["Coffee"])
        self.assertEqual(self.answer_of(run_id), "coffee")

    def test_choice_by_number_in_persian_digits(self):
        run_id = self.asked(self.ask("Drink?", answer="choice", choices=CHOICES))
        self.write("۲")
        self.assertEqual(self.answer_of(run_id), "coffee")

    def test_yes_and_no_have_buttons_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("fa_IR")
        self.meet()
        with self.transaction() as env:
            env["res.lang"]._activate_lang("fa_IR")
            self.partner(env).lang = "fa_IR"
        run_id = self.start(self.workflow(self.ask("?", answer="yes_no")))
        self.arrive()
        self.assertEqual(list(self.buttons()), ["بله", "خیر"])
        self.press("بله", self.buttons()["بله"])
        self.assertIs(self.answer_of(run_id), True)

    def test_jalali_date(self):
        run_id = self.asked(self.ask("When?", answer="date"))
        self.write("۱۴۰۴/۱۱/۱۱")
        self.assertEqual(self.answer_of(run_id), "2026-01-31")

    def test_three_wrong_answers_are_explained_and_leave_by_invalid(self):
        run_id = self.asked(self.ask("Mail?", answer="email", attempts=3))
        for text in ("first", "second", "third"):
            self.write(text)
            self.arrive()
        self.assertEqual(self.edges(run_id), ["invalid"])
        self.assertEqual(
            [text.split(".")[0] for text in self.said()],
            ["Mail?", *["This is not an e-mail address"] * 2],
        )
        self.assertEqual(self.consumed(), ["first", "second", "third"])

    def test_own_error_text_counts_and_is_filled_in(self):
        self.asked(self.ask(answer="email", invalid_text="Once more, {first_name}."))
        self.write("?")
        self.assertEqual(self.said()[-1], "Once more, Person.")

    def test_skip_word_and_exit_word(self):
        skipped = self.asked(self.ask(answer="email", skip_words=["skip"]))
        self.write("Skip")
        self.assertEqual(self.edges(skipped), ["skipped"])
        left = self.start(self.workflow(self.ask(exit_words=["enough"])))
        self.arrive()
        self.write("enough")
        self.assertEqual(self.edges(left), ["stopped"])

    def test_opt_out_word_wins_and_nothing_more_is_sent(self):
        more = {"n2": {"kind": "send", "text": "Bye"}}
        run_id = self.asked(self.ask("?", next={"stopped": "n2"}), **more)
        other = self.start(self.workflow(self.ask("Second?")))
        self.assertEqual(self.question(other), "queued")
        self.write("لغو")
        self.assertEqual(self.edges(run_id)[0], "stopped")
        self.assertEqual(self.said(), ["?"])
        with self.transaction() as env:
            self.assertIn(self.run_of(env, other).state, ("stopped", "done"))
        self.assertIsNone(self.question(other))

    def consent(self):
        """What the customer wants, by what he has said in the chat."""
        with self.transaction() as env:
            partner = self.partner(env)
            return env["mini_crm.consent"]._states(partner.ids, "telegram")[partner.id]

    def test_word_of_both_lists_ends_what_asks_and_else_stops_all(self):
        run_id = self.asked(self.ask("Your city?"))
        self.write("انصراف")
        self.assertEqual(self.edges(run_id), ["stopped"])
        self.assertEqual(self.consumed(), ["انصراف"])
        self.assertEqual(self.consent(), "unknown")
        self.write("انصراف")
        self.assertEqual(self.consent(), "out")

    def test_word_of_both_lists_stops_all_where_it_does_not_exit(self):
        self.asked(self.ask("Your city?", exit_words=["enough"]))
        self.write("انصراف")
        self.assertEqual(self.consent(), "out")

    def test_two_quick_messages_are_one_answer(self):
        run_id = self.asked(self.ask("Your city?"))
        now = self.soon()
        self.receive(
            self.message(text="Shiraz", at=now), self.message(text="Iran", at=now)
        )
        self.assertEqual(self.answer_of(run_id), "Shiraz")
        self.assertEqual(self.consumed(), ["Shiraz"])

    def test_the_same_delivery_again_answers_once(self):
        run_id = self.asked(self.ask(answer="email", attempts=2))
        wrong = self.message(text="no address", at=self.soon())
        self.receive(wrong, wrong)
        self.receive(wrong)
        self.assertEqual(self.edges(run_id), [])
        self.assertEqual(self.question(run_id), "open")

    def test_what_was_written_before_the_question_is_no_answer(self):
        self.meet()
        run_id = self.start(self.workflow(self.ask("Your city?")))
        self.write("And one more thing")  # the question is not sent yet
        self.arrive()
        self.receive(self.message(text="An old one", number=1, at=self.soon(-5)))
        self.assertIsNone(self.answer_of(run_id))
        self.assertEqual(self.consumed(), [])

    def test_an_edit_is_no_answer(self):
        self.receive(self.message(7, "Helo", 600, at=self.soon(-60)))
        run_id = self.start(self.workflow(self.ask("Your city?")))
        self.arrive()
        self.receive(self.edit(7, 600, "Hello", at=self.soon(-60), edited=70))
        self.assertIsNone(self.answer_of(run_id))
        self.assertEqual(self.question(run_id), "open")

    def test_an_edited_answer_stays_what_it_was(self):
        run_id = self.asked(self.ask("Your city?"))
        at = self.soon()
        number = 10_000_000
        self.receive(self.message(7, "Shiraz", number, at=at))
        self.receive(self.edit(7, number, "Tehran", at=at))
        self.assertEqual(self.answer_of(run_id), "Shiraz")
        self.assertEqual(self.edges(run_id), ["answered"])

    def test_another_chat_of_his_does_not_answer(self):
        run_id = self.asked(self.ask("Your city?"))
        self.receive(self.message(8, "Hello", at=self.soon()))
        with self.transaction() as env:
            self.identity(env, 8).partner_id = self.partner(env)
        self.write("Shiraz", chat=8)
        self.assertIsNone(self.answer_of(run_id))

    def test_button_of_an_old_question_answers_no_new_one(self):
        more = {"n2": self.ask("Size?", answer="choice", choices=CHOICES)}
        node = self.ask("Drink?", answer="choice", choices=CHOICES)
        run_id = self.asked({**node, "next": {"answered": "n2"}}, **more)
        old = self.buttons()
        self.press("Tea", old["Tea"])
        self.arrive()
        self.press("Coffee", old["Coffee"])
        self.assertEqual(self.answer_of(run_id), "tea")
        self.assertIsNone(self.answer_of(run_id, "n2"))
        self.assertEqual(self.question(run_id), "open")
        self.assertEqual(self.late(), [])

    # Time

    def test_reminder_then_timeout(self):
        node = self.ask(
            "Your city?",
            wait={"amount": 2, "unit": "hours"},
            remind_after={"amount": 1, "unit": "hours"},
            remind_text="Still there?",
        )
        run_id = self.asked(node)
        self.pass_time(run_id, minutes=61)
        self.arrive()
        self.assertEqual(self.said(), ["Your city?", "Still there?"])
        self.assertEqual(self.question(run_id), "open")
        self.pass_time(run_id, minutes=61)
        self.assertEqual(self.edges(run_id), ["timeout"])
        self.assertIsNone(self.question(run_id))

    def test_answer_after_the_timeout_goes_to_people_with_a_hint(self):
        run_id = self.asked(self.ask("Your city?"))
        self.pass_time(run_id, days=2)
        self.assertEqual(self.edges(run_id), ["timeout"])
        self.write("Shiraz")
        self.write("Are you there?")
        self.assertIsNone(self.answer_of(run_id))
        self.assertEqual(self.late(), ["Shiraz"])
        self.assertEqual(self.consumed(), [])
        with self.transaction() as env:
            rows = self.partner(env).get_conversation()["rows"]
            hints = {row["body"]: row.get("late_answer_to") for row in rows}
            self.assertEqual(hints["Shiraz"], "Your city?")
            self.assertFalse(hints["Are you there?"])
            self.assertTrue(self.identity(env).waiting_since)

    def test_answer_written_in_time_counts_though_the_timer_was_first_to_be_due(self):
        run_id = self.asked(self.ask("Your city?"))
        written = self.soon()
        with self.transaction() as env:
            run = self.run_of(env, run_id)
            position = dict(run.position)
            position["asking"]["expires_at"] = (
                (written + timedelta(seconds=1)).replace(tzinfo=None).isoformat()
            )
            run.position = position
        self.receive(self.message(text="Shiraz", at=written))
        self.assertEqual(self.answer_of(run_id), "Shiraz")

    def test_answer_written_too_late_is_late_though_no_timer_has_run(self):
        run_id = self.asked(self.ask("Your city?"))
        with self.transaction() as env:
            run = self.run_of(env, run_id)
            position = dict(run.position)
            position["asking"]["expires_at"] = "2026-01-01T00:00:00"
            run.position = position
        self.write("Shiraz")
        self.assertEqual(self.edges(run_id), ["timeout"])
        self.assertEqual(self.late(), ["Shiraz"])
        self.assertEqual(self.consumed(), [])
