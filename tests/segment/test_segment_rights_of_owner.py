from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..factories import make_customer
from .test_segment_difference import SegmentCase

CITY = "[('city', '=', 'Yazd')]"


@tagged("post_install", "-at_install")
class TestSegmentWhoseRights(SegmentCase):
    """With whose rights a segment is evaluated, and who says so."""

    def shops(self, domain="[]"):
        """A segment of the shop's own, as a manager has it."""
        return self.segment(domain, user_id=SUPERUSER_ID).with_user(self.manager)

    def test_managers_make_segments_of_their_own_only(self):
        segments = self.env["mini_crm.segment"].with_user(self.manager)
        self.assertEqual(segments.create({"name": "Own"}).user_id, self.manager)
        for owner in (SUPERUSER_ID, self.admin.id, False):
            with self.subTest(owner), self.assertRaisesRegex(AccessError, "Not mine"):
                segments.create({"name": "Not mine", "user_id": owner})
        with self.assertRaises(AccessError):
            segments.with_context(default_user_id=SUPERUSER_ID).create({"name": "X"})

    def test_managers_take_a_segment_over_but_do_not_give_it_away(self):
        segment = self.segment("[]", user_id=self.admin.id).with_user(self.manager)
        segment.user_id = self.manager
        with self.assertRaises(AccessError):
            segment.user_id = self.admin
        segment.with_user(self.admin).user_id = self.agent

    def test_a_manager_who_changes_what_the_shop_asks_for_becomes_the_owner(self):
        segment, other = self.shops(), self.shops(CITY)
        segment.name = "Renamed"
        self.assertEqual(segment.user_id.id, SUPERUSER_ID)
        both = segment | other
        both.domain = CITY
        self.assertEqual(segment.user_id, self.manager)
        self.assertEqual(other.user_id.id, SUPERUSER_ID)
        self.assertEqual(segment.domain, CITY)

    def test_the_condition_and_an_owner_cannot_be_smuggled_in_together(self):
        segment = self.shops()
        with self.assertRaises(AccessError):
            segment.write({"domain": CITY, "user_id": SUPERUSER_ID})

    def test_an_administrator_changes_what_the_shop_asks_for(self):
        segment = self.shops().with_user(self.admin)
        segment.domain = CITY
        self.assertEqual(segment.user_id.id, SUPERUSER_ID)

    def test_a_copy_belongs_to_who_makes_it(self):
        self.assertEqual(self.shops().copy().user_id, self.manager)

    def test_a_segment_that_is_brought_back_is_the_shops_own_again(self):
        segment = self.env["mini_crm.segment"].with_context(active_test=False)
        segment = segment.search([("key", "=", "vip")], limit=1)
        shipped = segment.domain
        segment.with_user(self.manager).domain = "[]"
        self.assertEqual(segment.user_id, self.manager)
        segment.with_user(self.manager).restore()
        self.assertEqual((segment.domain, segment.active), (shipped, True))
        self.assertEqual(segment.user_id.id, SUPERUSER_ID)
        with self.assertRaises(AccessError):
            segment.with_user(self.agent).restore()

    def test_the_shops_own_segment_does_not_read_events_of_other_companies(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        customer = make_customer(self.env)
        segment = self.built(
            "[('event_ids', 'any', [('type', '=', 'call_logged')])]",
            user_id=SUPERUSER_ID,
        )
        customer.with_company(other)._log("call_logged", company_id=other.id)
        self.settle()
        self.assertFalse(segment.member_ids)
        customer._log("call_logged")
        self.settle()
        self.assertEqual(segment.member_ids.partner_id, customer)

    def test_an_owner_who_may_see_less_holds_less(self):
        group = self.env["res.groups"].create({"name": "Own customers only"})
        self.env["ir.rule"].create(
            {
                "name": "Own customers only",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": "[('user_id', '=', user.id)]",
                "groups": [(4, group.id)],
            }
        )
        mine = make_customer(self.env, city="Yazd", user_id=self.manager.id)
        other = make_customer(self.env, city="Yazd")
        segment = self.built(CITY, user_id=self.manager.id)
        self.assertEqual(segment.member_ids.partner_id, mine | other)
        self.manager.group_ids |= group
        self.run_rules()
        self.assertEqual(segment.member_ids.partner_id, mine)
        self.manager.group_ids -= group
        self.run_rules()
        self.assertEqual(segment.member_ids.partner_id, mine | other)

    def test_an_owner_who_leaves_a_company_is_told_and_may_come_back(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.manager.company_ids |= other
        segment = self.built("[]", user_id=self.manager.id, company_id=other.id)
        self.assertEqual(segment.status, "ready")
        self.manager.company_ids -= other
        self.run_rules()
        self.assertEqual(segment.status, "broken")
        self.manager.company_ids |= other
        self.run_rules()
        self.assertEqual(segment.status, "ready")
