from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import MiniCrmCase
from ..factories import make_customer


@tagged("post_install", "-at_install")
class TestSegmentHand(MiniCrmCase):
    """Customers put in or kept out by hand, and how that is undone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.near, cls.far = (
            make_customer(cls.env, city=c) for c in ("Shiraz", "Rasht")
        )
        cls.env.cr.flush()
        cls.segment = (
            cls.env["mini_crm.segment"]
            .with_user(cls.manager)
            .create({"name": "Near", "domain": "[('city', '=', 'Shiraz')]"})
        )
        cls.env["mini_crm.rule"]._run_all()

    def _members(self):
        members = self.env["mini_crm.segment.member"].search(
            [("segment_id", "=", self.segment.id)]
        )
        return {member.partner_id: member.reason for member in members}

    def test_who_is_put_in_stays_until_the_condition_may_decide(self):
        self.assertEqual(self._members(), {self.near: "condition"})
        self.segment.pin(self.far.ids, "in")
        self.assertEqual(self._members(), {self.near: "condition", self.far: "hand"})
        self.assertEqual((self.segment.member_count, self.segment.pin_count), (2, 1))
        self.segment.unpin(self.far.ids)
        self.assertEqual(self._members(), {self.near: "condition"})
        self.assertEqual((self.segment.member_count, self.segment.pin_count), (1, 0))

    def test_who_is_kept_out_is_no_member_although_the_condition_holds(self):
        self.segment.pin(self.near.ids, "out")
        self.assertEqual(self._members(), {})

    def test_undo_puts_back_what_was_there(self):
        self.segment.pin(self.far.ids, "out")
        before = self.segment.pin([self.near.id, self.far.id], "in")
        self.assertEqual(before, [[self.near.id, False], [self.far.id, "out"]])
        self.segment.put_back(before)
        self.assertEqual(self._members(), {self.near: "condition"})
        pins = self.env["mini_crm.segment.pin"].search(
            [("segment_id", "=", self.segment.id)]
        )
        self.assertEqual(
            [(pin.partner_id, pin.side) for pin in pins], [(self.far, "out")]
        )
        self.assertEqual(pins.author_id, self.manager)

    def test_entering_by_hand_is_in_the_timeline(self):
        self.segment.pin(self.far.ids, "in")
        self.settle()
        told = [
            event.data
            for event in self.events(self.far, "segment_changed")
            if event.data["segment_id"] == self.segment.id
        ]
        self.assertEqual([(one["to"], one["reason"]) for one in told], [("in", "hand")])

    def test_a_segment_picked_by_hand_holds_who_was_put_in(self):
        picked = self.segment.create({"name": "Picked", "kind": "static"})
        picked.pin(self.far.ids, "in")
        self.assertEqual(picked.member_ids.partner_id, self.far)
        self.assertEqual(picked.sentence, "Picked by hand")

    def test_agents_pin_nobody(self):
        for method in (
            lambda one: one.pin(self.far.ids, "in"),
            lambda one: one.unpin(self.far.ids),
            lambda one: one.put_back([[self.far.id, "in"]]),
        ):
            with self.assertRaises(AccessError):
                method(self.segment.with_user(self.agent))

    def test_what_cannot_be_pinned_is_refused_whole(self):
        contact = self.env["res.partner"].create({"name": "Street", "type": "delivery"})
        for partner_ids, side, message in (
            ([self.far.id, contact.id], "in", "1 of them are no customers"),
            ([self.far.id], "aside", 'pinned "in" or "out"'),
            (
                [self.far.id, *range(10**6, 10**6 + 10_001)],
                "in",
                "At most 10,000",
            ),
        ):
            with self.assertRaisesRegex(UserError, message):
                self.segment.pin(partner_ids, side)
        for nonsense in ("text", [[1]], [[self.far.id, "aside"]], [["x", "in"]]):
            with self.assertRaisesRegex(UserError, "nothing was undone"):
                self.segment.put_back(nonsense)
        self.assertFalse(self.segment.pin_count)

    def test_customers_of_another_company_are_refused(self):
        other = self.env["res.company"].create({"name": "Second shop"})
        theirs = make_customer(self.env, company_id=other.id)
        self.env.cr.flush()
        with self.assertRaisesRegex(UserError, "no customers of this company"):
            self.segment.pin(theirs.ids, "in")

    def test_who_has_moved_to_another_company_can_be_let_go(self):
        other = self.env["res.company"].create({"name": "Second shop"})
        self.segment.pin([self.near.id, self.far.id], "in")
        self.far.company_id = other
        self.env.cr.flush()
        self.segment.unpin(self.far.ids)
        self.assertEqual(self.segment.pin_count, 1)
        self.assertEqual(self._members(), {self.near: "hand"})

    def test_who_is_gone_does_not_keep_the_others_from_being_put_back(self):
        other = self.env["res.company"].create({"name": "Second shop"})
        gone, moved = make_customer(self.env), make_customer(self.env)
        self.env.cr.flush()
        self.segment.pin([gone.id, moved.id, self.far.id], "in")
        before = self.segment.unpin([gone.id, moved.id, self.far.id])
        gone_id = gone.id
        gone.unlink()
        moved.company_id = other
        self.env.cr.flush()
        self.segment.put_back(before)
        self.assertEqual(self._members(), {self.near: "condition", self.far: "hand"})
        self.segment.put_back([[gone_id, False], [self.far.id, False]])
        self.assertEqual(self._members(), {self.near: "condition"})

    def test_undo_of_more_than_can_be_pinned_is_refused(self):
        with self.assertRaisesRegex(UserError, "At most 10,000"):
            self.segment.put_back([[one, "in"] for one in range(1, 10_002)])

    def test_pins_of_a_segment_that_is_not_kept_up_to_date_wait(self):
        self.segment.active = False
        self.segment.with_user(self.admin).pin(self.far.ids, "in")
        self.assertNotIn(self.far, self._members())
        self.env["mini_crm.rule"]._run_all()
        self.assertEqual(self._members(), {})
        self.segment.active = True
        self.env["mini_crm.rule"]._run_all()
        self.assertEqual(self._members(), {self.near: "condition", self.far: "hand"})
        self.manager.active = False
        self.assertEqual(self.segment.status, "paused")
        segment = self.segment.with_user(self.admin)
        segment.unpin(self.far.ids)
        self.assertIn(self.far, self._members())
        segment.user_id = self.admin
        self.env["mini_crm.rule"]._run_all()
        self.assertEqual(self._members(), {self.near: "condition"})

    def test_nothing_is_evaluated_without_an_owner(self):
        nobody = self.env["res.users"]
        with self.assertRaisesRegex(UserError, "Nobody owns"):
            self.env["mini_crm.condition"]._query("[]", nobody, self.company)
