from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ...engine.workflow import TimerDue
from ...models.workflow.workflow_texts import reason_text
from ..factories import make_channel, make_identity, make_message, make_purchase
from .run_case import RunCase


@tagged("post_install", "-at_install")
class TestWorkflowAct(RunCase):
    """What nodes do to customers, by the rooms' own ways."""

    def segment(self, **values):
        return self.env["mini_crm.segment"].create(
            {"name": "Chosen", "company_id": self.company.id, **values}
        )

    def members(self, segment):
        self.settle()
        self.env["mini_crm.rule"]._run_all()
        return segment.member_ids.partner_id

    def test_tags_are_put_on_and_taken_off_as_by_a_person(self):
        rule = self.env["mini_crm.tag.rule"].create(
            {
                "name": "In Qom",
                "category_id": self.tag.id,
                "domain": "[('city', '=', 'Qom')]",
            }
        )
        self.env["mini_crm.rule"]._run_all()
        customer = self.customer(city="Qom")
        self.assertEqual(customer.category_id, self.tag)
        self.live(self.put_on())._start(customer)
        origin = self.env["mini_crm.tag.origin"].search(
            [("rule_id", "=", rule.id), ("partner_id", "=", customer.id)]
        )
        self.assertTrue(origin.by_hand)
        self.live({"kind": "remove_tag", "tag": self.tag.id})._start(customer)
        self.env.invalidate_all()
        self.assertFalse(customer.category_id)
        self.assertTrue(origin.declined)

    def test_a_customer_is_put_into_a_list_and_taken_off_it(self):
        segment = self.segment(kind="static")
        customer = self.customer()
        self.live({"kind": "add_to_segment", "segment": segment.id})._start(customer)
        self.assertEqual(self.members(segment), customer)
        self.assertEqual(segment.member_ids.reason, "hand")
        remove = self.live({"kind": "remove_from_segment", "segment": segment.id})
        remove._start(customer)
        self.assertFalse(self.members(segment))
        pins = self.env["mini_crm.segment.pin"]
        self.assertFalse(pins.search([("segment_id", "=", segment.id)]))

    def test_taken_out_of_a_segment_by_condition_he_stays_out(self):
        segment = self.segment(domain="[('city', '=', 'Qom')]")
        customer = self.customer(city="Qom")
        self.assertEqual(self.members(segment), customer)
        remove = self.live({"kind": "remove_from_segment", "segment": segment.id})
        run = remove._start(customer)
        self.assertEqual(run.state, "done")
        self.assertFalse(self.members(segment))
        pin = self.env["mini_crm.segment.pin"].search([("segment_id", "=", segment.id)])
        self.assertEqual((pin.side, pin.author_id), ("out", self.actor))

    def test_what_is_gone_fails_the_run_with_its_name(self):
        segment = self.segment()
        workflow = self.live(
            self.wait(), {"kind": "add_to_segment", "segment": segment.id}
        )
        run = workflow._start(self.customer())
        self.env.cr.execute("DELETE FROM mini_crm_segment WHERE id = %s", [segment.id])
        self.env.invalidate_all()
        with freeze_time(fields.Datetime.now() + timedelta(hours=25)):
            run._advance(TimerDue())
        self.assertEqual((run.state, run.outcome), ("failed", "refused"))
        self.assertIn("Segment", run.step_ids[0].reason)

    def test_a_task_is_for_the_owner_else_the_named_else_the_publisher(self):
        task = {
            "kind": "create_task",
            "summary": "Call {first_name} in {city}",
            "note": "He is <new>",
            "days": 2,
        }
        owned = self.customer(name="Sara Karimi", user_id=self.agent.id, city="Qom")
        free = self.customer()
        self.live({**task, "user": self.admin.id})._start(owned | free)
        self.live(task)._start(free)
        activity = owned.activity_ids
        self.assertEqual(activity.user_id, self.agent)
        self.assertEqual(activity.summary, "Call Sara in Qom")
        self.assertIn("He is &lt;new&gt;", activity.note)
        self.assertEqual(
            activity.date_deadline, self.company._today() + timedelta(days=2)
        )
        self.assertEqual(activity.create_uid, self.actor)
        self.assertEqual(
            free.activity_ids.sorted("id").user_id, self.admin | self.manager
        )

    def test_a_task_is_for_nobody_who_has_left(self):
        customer = self.customer(user_id=self.agent.id)
        workflow = self.live({"kind": "create_task", "summary": "Call"})
        self.agent.active = False
        workflow._start(customer)
        self.assertEqual(customer.activity_ids.user_id, self.manager)

    def test_a_task_that_is_for_nobody_goes_to_a_manager_and_the_log_says_so(self):
        workflow = self.live({"kind": "create_task", "summary": "Call"})
        workflow.version_id.published_by_id = self.agent
        self.agent.active = False
        customer = self.customer()
        run = workflow._start(customer)
        self.assertIn(customer.activity_ids.user_id, workflow._managers())
        self.assertEqual(run.step_ids.reason, "task_for_manager")
        self.assertIn("A manager", reason_text(self.env, run.step_ids.reason))

    def test_a_task_that_nobody_could_do_fails_the_run(self):
        workflow = self.live({"kind": "hand_over"})
        workflow._managers().active = False
        customer = self.customer()
        run = workflow._start(customer)
        self.assertEqual((run.state, run.outcome), ("failed", "refused"))
        self.assertIn("Nobody in", run.step_ids.reason)
        self.assertFalse(customer.activity_ids)

    def test_a_type_of_task_that_is_used_is_not_deleted(self):
        kind = self.env["mail.activity.type"].create({"name": "Visit"})
        task = {"kind": "create_task", "summary": "Go", "activity_type": kind.id}
        workflow = self.live(task)
        with self.assertRaisesRegex(UserError, "Visit is used by: “Welcome”"):
            kind.unlink()
        workflow.unlink()
        kind.unlink()

    def test_a_type_of_task_that_is_gone_is_told_in_the_log(self):
        kind = self.env["mail.activity.type"].create({"name": "Visit"})
        task = {"kind": "create_task", "summary": "Go", "activity_type": kind.id}
        workflow = self.live(task)
        # as an add-on that brought it takes it away again
        self.env.cr.execute("DELETE FROM mail_activity_type WHERE id = %s", [kind.id])
        self.env.invalidate_all()
        customer = self.customer()
        run = workflow._start(customer)
        self.assertEqual(
            customer.activity_ids.activity_type_id,
            self.env.ref("mail.mail_activity_data_todo"),
        )
        self.assertEqual(run.step_ids.reason, "task_type_gone")
        self.assertIn("type of the task", reason_text(self.env, "task_type_gone"))

    def test_a_field_that_is_told_to_be_empty_is_emptied(self):
        customer = self.customer(phone="+989121234567", email="a@example.com")
        for field in ("phone", "email"):
            workflow = self.live({"kind": "set_field", "field": field, "value": ""})
            run = workflow._start(customer)
            self.assertFalse(customer[field])
            self.assertEqual(self.steps(run), [("n1", 1, "next")])
            self.assertIsNone(run.step_ids.data["saved"]["new"])
        self.assertFalse(customer.phone_sanitized or customer.email_normalized)

    def test_a_text_that_comes_to_nothing_takes_away_neither_phone_nor_mail(self):
        customer = self.customer(phone="+989121234567", email="a@example.com")
        before = customer.phone
        for field in ("phone", "email"):
            node = {"kind": "set_field", "field": field, "value": "{answer:n9}"}
            run = self.live(node)._start(customer)
            self.assertEqual(self.steps(run), [("n1", 1, "invalid")])
        self.assertEqual((customer.phone, customer.email), (before, "a@example.com"))

    def test_what_a_customer_wrote_is_no_template(self):
        customer = self.customer(name="{city} {email}", city="Qom")
        self.live({"kind": "create_task", "summary": "{name}"})._start(customer)
        self.assertEqual(customer.activity_ids.summary, "{city} {email}")

    def test_handed_over_a_person_has_a_task_and_the_conversation_waits(self):
        customer = self.customer(user_id=self.agent.id)
        identity = make_identity(
            self.env, customer, last_message_at=fields.Datetime.now()
        )
        workflow = self.live(
            {"kind": "hand_over", "user": self.admin.id, "note": "Ask {name}"},
            self.put_on(),
        )
        run = workflow._start(customer)
        self.assertEqual(run.state, "done")
        self.assertEqual(customer.category_id, self.tag)
        self.assertEqual(customer.activity_ids.user_id, self.admin)
        self.assertIn(customer.name, customer.activity_ids.note)
        self.assertTrue(identity.waiting_since)

    def test_channel_that_works_is_taken_before_one_that_is_broken(self):
        broken, works = make_channel(self.env), make_channel(self.env)
        customer = self.customer()
        wrote = make_identity(self.env, customer, broken)
        other = make_identity(self.env, customer, works)
        make_message(wrote)
        broken.state = "broken"
        node = {"kind": "send", "text": "Hi"}
        run = self.live(node)._start(customer)
        sent = self.env["mini_crm.message"].search([("workflow_run_id", "=", run.id)])
        self.assertEqual(sent.identity_id, other)
        works.state = "broken"
        run = self.live(node)._start(customer)
        sent = self.env["mini_crm.message"].search([("workflow_run_id", "=", run.id)])
        self.assertEqual((sent.identity_id, sent.state), (wrote, "queued"))

    def test_a_date_of_the_customer_is_waited_for(self):
        with freeze_time("2026-03-01 09:00:00"):
            customer = self.customer()
            make_purchase(self.env, customer, date="2026-03-01 08:00:00")
            self.settle()
            node = {"kind": "delay", "by": "date", "days": 3, "at": "10:00"}
            workflow = self.live({**node, "date": "last_purchase_at"}, self.put_on())
            run = workflow._start(customer)
        self.assertEqual(run.due_at, self.utc("2026-03-04 10:00:00"))

    def test_a_date_that_is_missing_has_a_way_of_its_own(self):
        workflow = self.live(
            {
                "kind": "delay",
                "by": "date",
                "date": "birth_date",
                "next": {"missing": "n2"},
            },
            self.put_on(),
        )
        customer = self.customer()
        run = workflow._start(customer)
        self.assertEqual(self.steps(run)[0], ("n1", 1, "missing"))
        self.assertEqual(customer.category_id, self.tag)
