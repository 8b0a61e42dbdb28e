from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...engine.workflow import TimerDue
from ..factories import make_channel
from .run_case import RunCase


@tagged("post_install", "-at_install")
class TestWorkflowPublish(RunCase):
    """Publishing: checked by engine and database, one version after the other."""

    def problems(self, *nodes, **more):
        """(node, code) of what is wrong, as a manager is told."""
        workflow = self.draft(*nodes, **more).with_user(self.manager)
        found = workflow._problems()
        self.assertTrue(all(one["message"] for one in found))
        return [(one["node"], one["code"]) for one in found]

    def test_publishing_makes_a_version_and_lets_it_run(self):
        workflow = self.draft(
            self.put_on(), trigger={"kind": "tag_added", "tag": self.tag.id}, bulk=True
        )
        workflow.with_user(self.manager).action_publish()
        self.assertEqual((workflow.state, workflow.trigger), ("live", "tag_added"))
        self.assertTrue(workflow.trigger_bulk)
        version = workflow.version_id
        self.assertEqual((version.number, version.published_by_id), (1, self.manager))
        self.assertEqual(version.definition["nodes"]["n1"]["kind"], "add_tag")
        workflow.with_user(self.manager).action_publish()
        self.assertEqual(workflow.version_id.number, 2)

    def test_who_has_begun_finishes_with_his_version(self):
        workflow = self.live(self.wait(), self.put_on())
        customer, late = self.customer(), self.customer()
        run = workflow._start(customer)
        workflow.definition = self.definition(self.put_on(self.other_tag))
        workflow.with_user(self.manager)._publish()
        workflow._start(late)
        self.assertEqual(late.category_id, self.other_tag)
        with freeze_time(fields.Datetime.now() + timedelta(hours=25)):
            run._advance(TimerDue())
        self.assertEqual(customer.category_id, self.tag)
        self.assertEqual(run.state, "done")

    def test_what_is_wrong_is_told_at_its_place_and_nothing_is_published(self):
        workflow = self.draft({"kind": "add_tag"}, trigger={})
        with self.assertRaises(UserError) as caught:
            workflow.with_user(self.manager).action_publish()
        self.assertIn("Nothing starts it yet", str(caught.exception))
        self.assertIn("Step n1: “tag” is missing", str(caught.exception))
        self.assertEqual((workflow.state, len(workflow.version_ids)), ("draft", 0))

    def test_a_draft_without_definition_is_refused(self):
        workflow = self.env["mini_crm.workflow"].create({"name": "Empty"})
        with self.assertRaises(UserError):
            workflow._publish()

    def test_records_have_to_be_there_and_of_this_company(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        segment = self.env["mini_crm.segment"].create(
            {"name": "Theirs", "company_id": elsewhere.id}
        )
        gone = self.env["res.partner.category"].create({"name": "Gone"})
        node = {"kind": "add_tag", "tag": gone.id}
        gone.unlink()
        task = {"kind": "create_task", "summary": "Call"}
        self.assertEqual(
            self.problems(
                node,
                {"kind": "add_to_segment", "segment": segment.id},
                {**task, "user": self.portal.id},
                {**task, "user": self.agent.id},
            ),
            [("n1", "record_gone"), ("n2", "record_gone"), ("n3", "record_gone")],
        )

    def test_fields_have_to_be_there_and_of_a_type_that_fits(self):
        ask = {"kind": "ask", "text": "When?"}
        until = {"kind": "delay", "by": "date"}
        self.assertEqual(
            self.problems(
                {**ask, "answer": "number", "save_to": "birth_date"},
                {**ask, "answer": "date", "save_to": "birth_date"},
                {**ask, "answer": "email", "save_to": "email"},
                {**ask, "save_to": "nobody_knows"},
                {**until, "date": "name"},
                {**until, "date": "last_purchase_at"},
                trigger={"kind": "field_updated", "fields": ["city_of_birth"]},
            ),
            [
                ("", "field_gone"),
                ("n1", "field_unfit"),
                ("n4", "field_gone"),
                ("n5", "field_no_date"),
            ],
        )

    def test_conditions_have_to_be_sound(self):
        self.assertEqual(
            self.problems(
                {"kind": "condition", "domain": "[('password', '=', 1)]"},
                audience="[('crm_score', 'like', 3)]",
            ),
            [("n1", "condition"), ("", "condition")],
        )

    def test_a_channel_has_to_be_connected(self):
        node = {"kind": "send", "text": "Hello", "channel": "telegram"}
        self.env["mini_crm.channel"].search([]).state = "draft"
        self.assertEqual(self.problems(node), [("n1", "channel_missing")])
        make_channel(self.env)
        self.assertEqual(self.problems(node), [])

    def test_only_managers_publish_and_pause(self):
        workflow = self.live()
        for action in ("action_publish", "action_pause", "action_stop_all"):
            with self.subTest(action), self.assertRaises(AccessError):
                getattr(workflow.with_user(self.agent), action)()

    def test_the_state_is_not_written_by_hand(self):
        workflow = self.draft().with_user(self.manager)
        for values in ({"state": "live"}, {"trigger": "by_hand"}, {"due_at": False}):
            with self.subTest(values), self.assertRaises(UserError):
                workflow.write(values)
        with self.assertRaises(UserError):
            workflow.create({"name": "At once", "state": "live"})

    def test_no_default_value_makes_a_workflow_run(self):
        theirs = self.draft(company=self.env["res.company"].create({"name": "Theirs"}))
        theirs._publish()
        drafts = self.env["mini_crm.workflow"].with_user(self.manager)
        self.env["ir.default"].with_user(self.manager).set(
            drafts._name, "trigger", "by_hand", user_id=True
        )
        draft = drafts.with_context(
            default_state="live",
            default_version_id=theirs.version_id.id,
            default_due_at="2020-01-01 00:00:00",
            default_name="From a column",
        ).create({})
        self.assertEqual(draft.name, "From a column")
        self.assertEqual((draft.state, draft.version_id.id), ("draft", False))
        self.assertEqual((draft.trigger, draft.due_at), (False, False))
        with self.assertRaisesRegex(UserError, "does not run"):
            draft.start_customers([("id", "=", self.customer().id)])

    def test_a_copy_is_a_draft(self):
        copy = self.live().copy()
        self.assertEqual((copy.state, copy.version_id.id), ("draft", False))
        self.assertEqual(copy.definition["first"], "n1")

    def test_a_published_workflow_stays_in_its_company(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        workflow = self.live()
        with self.assertRaises(UserError):
            workflow.company_id = elsewhere
        draft = self.draft()
        draft.company_id = elsewhere
        self.assertEqual(draft.company_id, elsewhere)

    def test_managers_of_other_companies_do_not_see_it(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        workflow = self.draft(company=elsewhere)
        seen = self.env["mini_crm.workflow"].with_user(self.manager).search([])
        self.assertNotIn(workflow, seen)

    # What uses a tag, a segment, a field

    def test_fields_segments_and_tags_know_the_workflows_that_name_them(self):
        segment = self.env["mini_crm.segment"].create({"name": "Named"})
        field = self.env.ref("mini_crm.mini_crm_field_birth_date")
        workflow = self.live(
            {"kind": "add_to_segment", "segment": segment.id},
            {"kind": "delay", "by": "date", "date": field.key},
            self.put_on(),
        )
        row = {
            "kind": "Workflow",
            "name": "Welcome",
            "model": "mini_crm.workflow",
            "id": workflow.id,
        }
        self.assertIn(row, segment._usages())
        self.assertIn(row, field._field_usages())
        with self.assertRaises(UserError):
            segment.unlink()
        with self.assertRaises(UserError) as caught:
            self.tag.unlink()
        self.assertIn("Welcome", str(caught.exception))

    def test_what_only_an_old_version_names_counts_while_somebody_follows_it(self):
        workflow = self.live(self.wait(), self.put_on())
        run = workflow._start(self.customer())
        workflow.definition = self.definition(self.put_on(self.other_tag))
        workflow._publish()
        names = self.env["mini_crm.workflow"]._that_name
        self.assertEqual(names(self.tag._name, self.tag.id), workflow)
        run._stop("by_hand")
        self.assertFalse(names(self.tag._name, self.tag.id))
        self.tag.unlink()

    def test_a_column_in_a_condition_is_a_use_of_its_field(self):
        field = self.env.ref("mini_crm.mini_crm_field_birth_date")
        workflow = self.live(audience=f"[('{field.slot}', '!=', False)]")
        self.assertIn(workflow.id, [use["id"] for use in field._field_usages()])

    def test_only_a_change_is_there_to_publish(self):
        workflow = self.draft(self.put_on()).with_user(self.manager)
        self.assertTrue(workflow.get_editor_data()["unpublished"])
        workflow.action_publish()
        data = workflow.get_editor_data()
        self.assertFalse(data["unpublished"])
        changed = self.definition(self.put_on(self.other_tag))
        told = []
        for drawn in (changed, data["definition"]):
            saved = workflow.save_definition(drawn, workflow.revision)
            told.append(saved["unpublished"])
        self.assertEqual(told, [True, False])
