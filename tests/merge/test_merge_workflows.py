from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from ...engine.workflow_events import TimerDue
from ..factories import make_customer
from .merge_case import MergeCase


@tagged("post_install", "-at_install")
class TestMergeWorkflows(MergeCase):
    """Conditions of workflows that name a customer by id name the survivor."""

    def setUp(self):
        super().setUp()
        self.one, self.two = (make_customer(self.env, name=name) for name in "AB")
        self.friend, self.other = (
            make_customer(self.env, name=name, referred_by_id=self.two.id)
            for name in "CD"
        )
        self.text = f"[('referred_by_id', 'in', [{self.two.id}])]"
        self.workflow = self.live(
            self.wait(),
            {"kind": "condition", "domain": self.text},
            self.put_on(),
            audience=self.text,
        )
        self.settle()

    def definitions(self):
        """What is edited and what is followed."""
        self.env.invalidate_all()
        return [self.workflow.definition, self.workflow.version_id.definition]

    def test_what_is_edited_and_followed_names_the_survivor_until_the_undo(self):
        before, revision = self.definitions(), self.workflow.revision
        self.assertFalse(self.workflow._unpublished())
        batch = self.merge(self.one, self.two)
        new = self.text.replace(str(self.two.id), str(self.one.id))
        for definition in self.definitions():
            self.assertEqual(definition["audience"], new)
            self.assertEqual(definition["nodes"]["n2"]["domain"], new)
        self.assertFalse(self.workflow._unpublished())
        self.assertGreater(self.workflow.revision, revision)
        self.assertEqual(self.undo(batch), 0)
        self.assertEqual(self.definitions(), before)
        self.assertEqual(self.workflow.revision, revision)

    def test_who_is_under_way_goes_on_by_the_survivor(self):
        run = self.workflow._start(self.friend)
        self.settle()
        self.merge(self.one, self.two)
        self.assertEqual(self.friend.referred_by_id, self.one)
        with freeze_time(fields.Datetime.now() + timedelta(hours=25)):
            run._advance(TimerDue())
        self.assertIn(self.tag, self.friend.category_id)
        self.workflow._start(self.other)
        self.assertIn(self.other, self.workflow.run_ids.partner_id)

    def test_a_draft_that_was_edited_since_stays_and_is_told(self):
        draft = self.draft(audience=self.text)
        self.settle()
        batch = self.merge(self.one, self.two)
        draft.definition = self.definition(audience="[('city', '=', 'Yazd')]")
        self.settle()
        self.assertGreater(self.undo(batch), 0)
        self.env.invalidate_all()
        self.assertEqual(draft.definition["audience"], "[('city', '=', 'Yazd')]")
        kept = batch.line_ids.filtered(lambda line: line.state == "kept")
        self.assertIn("Workflow", " ".join(kept.mapped("message")))
