from odoo import fields
from odoo.tests import tagged

from ..factories import make_customer
from .test_segment_difference import SegmentCase


@tagged("post_install", "-at_install")
class TestSegmentOwner(SegmentCase):
    def test_a_segment_pauses_with_its_owner_and_goes_on_with_him(self):
        customer = make_customer(self.env, city="Tabriz")
        segment = self.built("[('city', '=', 'Shiraz')]", user_id=self.manager.id)
        before = self.notices()
        self.manager.active = False
        self.assertEqual(segment.status, "paused")
        self.assertEqual(self.notices() - before, 1)
        customer.city = "Shiraz"
        self.run_rules()
        self.assertFalse(segment.member_ids)
        self.manager.active = True
        self.assertEqual(segment.status, "waiting")
        self.run_rules()
        self.assertEqual(segment.member_ids.partner_id, customer)

    def test_another_owner_sets_a_paused_segment_going_again(self):
        segment = self.built("[]", user_id=self.manager.id)
        self.manager.active = False
        segment.user_id = self.admin
        self.run_rules()
        self.assertEqual(segment.status, "ready")

    def test_of_an_archived_segment_of_a_leaving_owner_nobody_is_told(self):
        customer = make_customer(self.env, city="Shiraz")
        segment = self.built("[('city', '=', 'Shiraz')]", user_id=self.manager.id)
        segment.active = False
        self.run_rules()
        before = self.notices()
        self.manager.active = False
        self.assertEqual(self.notices(), before)
        segment.active = True
        self.assertEqual(segment.status, "paused")
        self.run_rules()
        self.assertFalse(segment.member_ids)
        self.manager.active = True
        self.run_rules()
        self.assertEqual(segment.member_ids.partner_id, customer)

    def test_a_segment_whose_owner_is_deleted_pauses(self):
        owner = self.manager.copy({"login": "leaving"})
        segment = self.built("[]", user_id=owner.id)
        owner.unlink()
        self.assertEqual(segment.status, "paused")

    def test_another_time_zone_of_the_shop_has_its_rules_compared(self):
        segment = self.built("[('last_contacted_at', '<', 'today -1d')]")
        self.company.mini_crm_tz = "Pacific/Kiritimati"
        self.assertLessEqual(segment.due_at, fields.Datetime.now())

    def test_who_is_no_customer_any_more_leaves(self):
        customer = make_customer(self.env, city="Shiraz")
        segment = self.built("[('city', '=', 'Shiraz')]")
        customer.parent_id = make_customer(self.env)
        self.assertFalse(customer.journey_stage)
        self.run_rules()
        self.assertNotIn(customer, segment.member_ids.partner_id)

    def notices(self):
        return self.env["mail.message"].search_count(
            [("subject", "ilike", "is paused")]
        )
