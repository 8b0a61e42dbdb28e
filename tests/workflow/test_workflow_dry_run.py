from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from ..factories import make_channel, make_identity, make_message
from .run_case import RunCase

NOON = fields.Datetime.to_datetime("2026-03-02 12:00:00")


@tagged("post_install", "-at_install")
class TestWorkflowDryRun(RunCase):
    """Test runs on a real customer: the path, the texts and the times, nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.telegram = make_channel(cls.env)

    def setUp(self):
        super().setUp()
        self.sara = self.customer(name="Sara Ahmadi", phone="+989121111111")
        make_identity(self.env, self.sara, self.telegram)
        self.patch(fields.Datetime, "now", lambda *_args: NOON)

    def _try(self, workflow, customer=None, user=None, **more):
        workflow = workflow.with_user(user or self.agent)
        return workflow.get_dry_run((customer or self.sara).id, **more)

    def _path(self, rows):
        return [(row["node"], row["edge"]) for row in rows if row["node"]]

    def ask(self, **config):
        return {"kind": "ask", "text": "Your number?", **config}

    # What is told

    def test_path_texts_and_times_are_told(self):
        workflow = self.draft(
            {"kind": "send", "text": "Hello {first_name}"},
            {"kind": "delay", "duration": {"amount": 2, "unit": "days"}},
            {"kind": "send", "text": "Are you there, {name}?"},
        )
        start, hello, delay, again = self._try(workflow)
        self.assertEqual((start["node"], start["at"]), ("", "2026-03-02 12:00:00"))
        self.assertEqual(hello["text"], "Hello Sara")
        self.assertIn("Telegram", hello["reason"])
        self.assertEqual(delay["at"], "2026-03-04 12:00:00")
        self.assertEqual((again["edge"], again["at"]), ("next", "2026-03-04 12:00:00"))
        self.assertEqual(again["text"], "Are you there, Sara Ahmadi?")

    def test_questions_of_every_type_are_answered_by_something_that_fits(self):
        for answer in (
            *("text", "number", "email", "phone", "date", "datetime"),
            *("yes_no", "choice", "file"),
        ):
            with self.subTest(answer=answer):
                choices = [{"label": "Blue"}] if answer == "choice" else []
                workflow = self.draft(self.ask(answer=answer, choices=choices))
                rows = self._try(workflow)
                self.assertEqual(self._path(rows), [("n1", "answered")])
                self.assertTrue(rows[1]["reason"])

    def test_answer_fits_the_rules_of_its_field(self):
        self.env["mini_crm.field"].create(
            {
                "name": "Shoe size",
                "key": "shoe_size",
                "type": "number",
                "rules": {"minimum": 35, "maximum": 47},
            }
        )
        workflow = self.draft(self.ask(answer="number", save_to="shoe_size"))
        (_start, row) = self._try(workflow)
        self.assertEqual(row["edge"], "answered")
        self.assertIn("35", row["reason"])
        self.assertIn("Shoe size", row["reason"])

    def test_later_texts_and_conditions_know_the_answers(self):
        workflow = self.draft(
            self.ask(answer="choice", choices=[{"label": "Red"}, {"label": "Blue"}]),
            {"kind": "condition", "answers": [{"label": "n1", "value": "Blue"}]},
            {"kind": "send", "text": "You like {answer:n1}."},
        )
        rows = self._try(workflow, answers={"n1": "blue"})
        self.assertEqual(
            self._path(rows), [("n1", "answered"), ("n2", "yes"), ("n3", "next")]
        )
        self.assertEqual(rows[-1]["text"], "You like Blue.")

    def test_wrong_answers_and_silence_can_be_tried(self):
        workflow = self.draft(self.ask(answer="phone", attempts=2))
        rows = self._try(workflow, answers={"n1": "what?"})
        self.assertEqual(self._path(rows), [("n1", "invalid")])
        self.assertIn("not a phone number", rows[1]["reason"])
        rows = self._try(workflow, answers={"n1": None})
        self.assertEqual(self._path(rows), [("n1", "timeout")])
        self.assertEqual(rows[-1]["at"], "2026-03-02 12:00:00")

    # The gate

    def test_customer_without_a_channel_takes_the_other_way(self):
        nobody = self.customer(name="Nobody")
        workflow = self.draft(
            {"kind": "send", "text": "Hi", "next": {"not_sent": "n2"}},
            {"kind": "create_task", "summary": "Call {name}"},
        )
        rows = self._try(workflow, nobody)
        self.assertEqual(self._path(rows), [("n1", "not_sent"), ("n2", "next")])
        self.assertIn("no channel", rows[1]["reason"])
        self.assertEqual(rows[2]["text"], "Call Nobody")

    def test_channel_that_works_is_shown_before_one_that_is_broken(self):
        customer = self.customer(name="Mina")
        broken = make_channel(self.env, "instagram")
        open_now = {"window_opened_at": NOON, "last_message_at": NOON}
        make_message(make_identity(self.env, customer, broken, **open_now))
        make_identity(self.env, customer, self.telegram)
        workflow = self.draft({"kind": "send", "text": "Hi"})
        self.assertIn("By Instagram.", str(self._try(workflow, customer)))
        broken.state = "broken"
        self.assertIn("By Telegram.", str(self._try(workflow, customer)))

    def test_instagram_is_open_for_a_day_after_an_answer(self):
        customer = self.customer(name="Mina")
        make_identity(
            self.env,
            customer,
            make_channel(self.env, "instagram"),
            window_opened_at=NOON - timedelta(hours=20),
        )
        hours = {"kind": "delay", "duration": {"amount": 10, "unit": "hours"}}
        send = {"kind": "send", "text": "Hi"}
        rows = self._try(self.draft(hours, send), customer)
        self.assertEqual(self._path(rows)[-1], ("n2", "not_sent"))
        rows = self._try(self.draft(self.ask(), hours, send), customer)
        self.assertEqual(self._path(rows)[-1], ("n3", "next"))
        rows = self._try(self.draft(hours, self.ask()), customer)
        self.assertEqual(self._path(rows)[-1], ("n2", "window_closed"))

    def test_quiet_hours_show_when_it_would_go(self):
        self.company.write({"mini_crm_quiet_hours": True, "mini_crm_tz": "UTC"})
        evening = {"kind": "delay", "duration": {"amount": 10, "unit": "hours"}}
        rows = self._try(self.draft(evening, {"kind": "send", "text": "Hi"}))
        self.assertEqual(rows[-1]["at"], "2026-03-03 09:00:00")
        self.assertIn("By Telegram.", rows[-1]["reason"])

    # Who enters

    def test_who_does_not_fit_would_not_enter(self):
        workflow = self.draft(audience="[('name', '=', 'Somebody else')]")
        self.assertEqual(self._try(workflow), [])
        workflow = self.draft(audience="[('name', '=', 'Sara Ahmadi')]")
        self.assertTrue(self._try(workflow))

    def test_colleague_is_no_customer(self):
        self.assertEqual(self._try(self.draft(), self.manager.partner_id), [])

    def test_draft_that_is_not_finished_says_what_is_missing(self):
        with self.assertRaises(UserError) as refused:
            self._try(self.draft({"kind": "send", "text": ""}))
        self.assertIn("n1", str(refused.exception))

    def test_what_goes_round_is_cut_off(self):
        workflow = self.draft({**self.wait(), "next": {"next": "n1"}})
        rows = self._try(workflow)
        self.assertLessEqual(len(rows), 101)
        self.assertIn("like this", rows[-1]["reason"])

    # Rights

    def test_user_of_another_company_sees_nothing(self):
        other = self.env["res.company"].create({"name": "Other shop"})
        stranger = new_test_user(
            self.env,
            "stranger",
            "mini_crm.mini_crm_group_agent",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        workflow = self.draft()
        with self.assertRaises(AccessError):
            self._try(workflow, user=stranger)
        theirs = self.draft(company=other)
        self.sara.company_id = self.company
        with self.assertRaises(AccessError):
            self._try(theirs, user=stranger)

    # Nothing is done

    def _database(self):
        """How many rows each table has, and where each sequence stands."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = current_schema"
        )
        tables = sorted(row[0] for row in self.env.cr.fetchall())
        counts = {}
        for table in tables:
            rows = self.env.execute_query(
                SQL("SELECT count(*) FROM %s", SQL.identifier(table))
            )
            counts[table] = rows[0][0]
        self.env.cr.execute("SELECT sequencename, last_value FROM pg_sequences")
        return counts, dict(self.env.cr.fetchall())

    def test_nothing_is_sent_saved_or_noted(self):
        segment = self.env["mini_crm.segment"].create({"name": "Any", "kind": "static"})
        self.sara.email = "sara@example.com"
        workflow = self.draft(
            {"kind": "send", "text": "Hi {name}"},
            {"kind": "send", "text": "Hi", "channel": "email"},
            self.ask(answer="phone", save_to="phone"),
            self.ask(channel="email"),
            {"kind": "set_field", "field": "name", "value": "Changed"},
            self.put_on(),
            {"kind": "remove_tag", "tag": self.tag.id},
            {"kind": "add_to_segment", "segment": segment.id},
            {"kind": "remove_from_segment", "segment": segment.id},
            {"kind": "create_task", "summary": "Call"},
            {"kind": "webhook", "url": "https://example.com/hook"},
            {"kind": "condition", "domain": "[('name', '=', 'Sara Ahmadi')]"},
            {"kind": "split", "next": {"b": "n14"}},
            {"kind": "hand_over"},
        )
        self.settle()
        before, written = self._database(), self.sara.write_date
        rows = self._try(workflow)
        self.assertEqual(rows[-1]["node"], "n14")
        self.settle()
        self.assertEqual(self._database(), before)
        self.assertEqual(self.sara.name, "Sara Ahmadi")
        self.assertEqual(self.sara.write_date, written)
