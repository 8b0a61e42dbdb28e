from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL

from ...models.condition import mini_crm_rule_preview
from ..factories import make_customer
from .test_segment_difference import SegmentCase


@tagged("post_install", "-at_install")
class TestSegmentPreview(SegmentCase):
    """Who would come in and go out, told before a condition is saved."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.near, cls.far, cls.kept, cls.held = (
            make_customer(cls.env, city=city)
            for city in ("Shiraz", "Tabriz", "Tabriz", "Shiraz")
        )
        cls.segment = cls.env["mini_crm.segment"].create(
            {"name": "Near", "domain": "[('city', '=', 'Shiraz')]"}
        )
        cls.env.cr.flush()
        cls.env["mini_crm.rule"]._run_all()
        cls.segment.pin(cls.kept.ids, "out")
        cls.segment.pin(cls.held.ids, "in")
        cls.asked = cls.segment.with_user(cls.manager)

    def test_it_tells_what_saving_then_does(self):
        answer = self.asked.preview("[('city', '=', 'Tabriz')]")
        # who is kept out by hand does not come in, who is held does not go out
        self.assertEqual((answer["enter"], answer["leave"]), (1, 1))
        self.assertEqual(
            {(one["id"], one["name"], one["change"]) for one in answer["samples"]},
            {
                (self.far.id, self.far.name, "enter"),
                (self.near.id, self.near.name, "leave"),
            },
        )
        before = self.segment.member_ids.partner_id
        self.asked.domain = "[('city', '=', 'Tabriz')]"
        self.run_rules()
        after = self.segment.member_ids.partner_id
        self.assertEqual(after - before, self.far)
        self.assertEqual(before - after, self.near)

    def test_its_own_condition_changes_nothing(self):
        answer = self.asked.preview()
        self.assertEqual((answer["enter"], answer["leave"]), (0, 0))

    def test_of_a_new_segment_all_come_in(self):
        answer = self.asked.browse().preview("[('city', '=', 'Tabriz')]")
        self.assertEqual((answer["enter"], answer["leave"]), (2, 0))

    def test_a_wrong_condition_is_told_not_raised(self):
        answer = self.asked.preview("[('crm_score', '>=', 'many')]")
        self.assertEqual((answer["enter"], answer["leave"]), (0, 0))
        self.assertIn("many", answer["problems"][0])

    def test_who_asks_for_too_much_is_told_and_can_go_on(self):
        slow = "SELECT pg_sleep(1)"
        limit = self.env.execute_query(SQL("SHOW statement_timeout"))
        with (
            patch.object(mini_crm_rule_preview, "TIMEOUT", 20),
            patch.object(type(self.segment), "_preview_query", lambda *_: slow),
        ):
            answer = self.asked.preview("[]")
        self.assertIn("Counting took longer", answer["problems"][0])
        self.assertEqual(self.env.execute_query(SQL("SHOW statement_timeout")), limit)

    def test_agents_preview_nothing(self):
        with self.assertRaises(AccessError):
            self.segment.with_user(self.agent).preview("[]")

    def test_the_form_tells_what_uses_it_to_managers_only(self):
        outer = self.segment.create(
            {"name": "Outer", "domain": f"[('segment_ids', 'in', {self.segment.ids})]"}
        )
        self.assertEqual(
            self.asked.used_by,
            [
                {
                    "kind": "Segment",
                    "name": "Outer",
                    "model": "mini_crm.segment",
                    "id": outer.id,
                }
            ],
        )
        with self.assertRaises(AccessError):
            self.segment.with_user(self.agent).read(["used_by"])
