from odoo.tests import tagged

from ..common import MiniCrmCase
from ..factories import make_customer, make_purchase


@tagged("post_install", "-at_install")
class TestSegmentMerge(MiniCrmCase):
    """Odoo's own merge wizard and the segments of both contacts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        segments = cls.env["mini_crm.segment"]
        cls.buyers = segments.create(
            {"name": "Buyers", "domain": "[('total_purchases', '>=', 2)]"}
        )
        cls.talkers = segments.create(
            {"name": "Asked", "domain": "[('total_interactions', '>=', 1)]"}
        )
        cls.guests = segments.create({"name": "Guests", "kind": "static"})
        cls.first, cls.second = make_customer(cls.env), make_customer(cls.env)
        for customer in (cls.first, cls.second):
            make_purchase(cls.env, customer, 10)
            customer._log("message_received")

    def merge(self):
        self.settle()
        self.env["mini_crm.rule"]._run_all()
        self.settle()
        self.assertEqual(self.members(self.talkers), self.first | self.second)
        self.assertFalse(self.members(self.buyers))
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge((self.first | self.second).ids, self.first)
        self.settle()

    def members(self, segment):
        return segment.member_ids.partner_id & (self.first | self.second).exists()

    def test_survivor_is_in_the_segments_of_what_both_have_done(self):
        self.merge()
        self.assertEqual(self.members(self.talkers), self.first)
        self.assertEqual(self.members(self.buyers), self.first)

    def test_pins_of_the_survivor_outweigh_those_of_the_source(self):
        self.guests.pin(self.second.ids, "in")
        self.buyers.pin(self.first.ids, "out")
        self.buyers.pin(self.second.ids, "out")
        self.talkers.pin(self.first.ids, "in")
        self.talkers.pin(self.second.ids, "out")
        self.talkers.put_back([[self.second.id, False]])
        self.talkers.pin(self.second.ids, "in")
        self.merge()
        self.assertEqual(self.members(self.guests), self.first)
        self.assertFalse(self.members(self.buyers))
        self.assertEqual(self.members(self.talkers), self.first)
        pins = self.env["mini_crm.segment.pin"].search([])
        self.assertEqual(pins.partner_id, self.first)
        self.assertEqual(len(pins), 3)
