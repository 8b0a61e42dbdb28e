from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import MiniCrmCase
from ..factories import make_customer


@tagged("post_install", "-at_install")
class TestSegmentLook(MiniCrmCase):
    """What a segment's card and form show, and what its buttons open."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = make_customer(cls.env, city="Shiraz")
        cls.env.cr.flush()
        cls.segment = cls.env["mini_crm.segment"].create(
            {"name": "Near", "domain": "[('city', '=', 'Shiraz')]"}
        )
        cls.env["mini_crm.rule"]._run_all()

    def _size(self, days_ago, members):
        day = fields.Date.context_today(self.segment) - timedelta(days=days_ago)
        self.env.cr.execute(
            "INSERT INTO mini_crm_segment_size (segment_id, date, members)"
            " VALUES (%s, %s, %s) ON CONFLICT (segment_id, date)"
            " DO UPDATE SET members = EXCLUDED.members",
            (self.segment.id, day, members),
        )
        return str(day)

    def test_sizes_are_those_of_90_days_and_tell_the_week(self):
        self._size(91, 500)
        days = [self._size(ago, members) for ago, members in ((30, 9), (8, 4), (2, 3))]
        self.segment.invalidate_recordset()
        self.assertEqual(
            [point for point in self.segment.sizes if point[0] in days],
            [[days[0], 9], [days[1], 4], [days[2], 3]],
        )
        self.assertNotIn(500, [members for _day, members in self.segment.sizes])
        self.assertEqual(self.segment.week_change, self.segment.member_count - 4)

    def test_a_young_segment_tells_no_week(self):
        self._size(2, 3)
        self.segment.invalidate_recordset()
        self.assertEqual(self.segment.week_change, 0)

    def test_a_card_opens_its_customers_in_their_own_views(self):
        action = self.segment.with_user(self.agent).action_open_customers()
        found = self.env["res.partner"].with_user(self.agent).search(action["domain"])
        self.assertEqual(found, self.customer)
        view = self.env.ref("mini_crm.mini_crm_customer_view_list")
        self.assertIn((view.id, "list"), [tuple(pair) for pair in action["views"]])

    def test_the_timeline_names_it_as_the_reader_does(self):
        self.env["res.lang"]._activate_lang("fa_IR")
        self.segment.with_context(lang="fa_IR").name = "نزدیک"
        self.settle()
        reader = self.customer.with_user(self.agent)

        def told(lang):
            page = reader.with_context(lang=lang).get_timeline(
                types=["segment_changed"]
            )
            return [
                event["data"]["name"]
                for event in page["events"]
                if event["data"]["segment_id"] == self.segment.id
            ]

        self.assertEqual(told("fa_IR"), ["نزدیک"])
        self.assertEqual(told("en_US"), ["Near"])
        self.segment.active = False
        self.assertEqual(told("fa_IR"), ["نزدیک"])
        segment_id = self.segment.id
        self.segment.unlink()
        self.assertFalse(self.env["mini_crm.segment"].browse(segment_id).exists())
        self.segment = self.env["mini_crm.segment"].browse(segment_id)
        self.assertEqual(told("fa_IR"), ["Near"])

    def test_one_picked_by_hand_speaks_of_no_condition(self):
        picked = self.segment.create({"name": "Picked", "kind": "static"})
        action = picked.action_open_members()
        self.assertNotIn("condition", action["help"])
        self.assertEqual(action["context"]["segment_kind"], "static")
        action = self.segment.action_open_members()
        self.assertIn("condition", action["help"])
        self.assertEqual(action["context"]["segment_company_id"], self.company.id)

    def test_customers_are_searched_and_grouped_by_segment(self):
        partners = self.env["res.partner"].with_user(self.agent)
        self.assertIn(self.customer, partners.search([("segment_ids", "=", "Near")]))
        groups = partners.formatted_read_group(
            [("journey_stage", "!=", False), ("segment_ids", "=", self.segment.id)],
            ["segment_ids"],
            ["__count"],
        )
        counts = {group["segment_ids"][0]: group["__count"] for group in groups}
        self.assertEqual(counts[self.segment.id], 1)

    def test_a_segment_that_another_asks_for_is_not_deleted(self):
        self.env["mini_crm.segment"].create(
            {
                "name": "Both",
                "domain": f"[('segment_ids', 'in', [{self.segment.id}])]",
            }
        )
        self.assertEqual(
            [(use["kind"], use["name"]) for use in self.segment.usages()],
            [("Segment", "Both")],
        )
        with self.assertRaisesRegex(UserError, "Near is used by: Segment “Both”"):
            self.segment.unlink()

    def test_a_segment_that_nothing_uses_is_deleted(self):
        self.assertEqual(self.segment.usages(), [])
        self.segment.unlink()
        self.assertFalse(self.segment.exists())
