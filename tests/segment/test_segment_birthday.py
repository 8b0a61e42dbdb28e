from odoo import fields
from odoo.tests import tagged

from ..factories import make_customer
from .test_segment_difference import SegmentCase


@tagged("post_install", "-at_install")
class TestSegmentBirthday(SegmentCase):
    """Which field is the birthday changes who is in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.born = fields.Date.subtract(cls.company._today(), years=30)
        cls.first = cls.env.ref("mini_crm.mini_crm_field_birth_date")

    def field(self, **values):
        return self.env["mini_crm.field"].create(
            {"name": "Born", "key": "born", "type": "date", **values}
        )

    def test_a_segment_follows_the_birthday_to_another_field(self):
        other = self.field()
        one = make_customer(self.env, **{self.first.slot: self.born})
        two = make_customer(self.env, **{other.slot: self.born})
        segment = self.built("[('birthday_period', 'in', ['today', 'next_7'])]")
        self.assertEqual(segment.member_ids.partner_id, one)
        self.first.role = False
        other.role = "birthday"
        self.run_rules()
        self.assertEqual(segment.member_ids.partner_id, two)

    def test_a_segment_without_a_birthday_breaks_and_heals_with_a_new_field(self):
        segment = self.built("[('birthday_period', 'in', ['today', 'next_7'])]")
        self.first.role = False
        self.run_rules()
        self.assertEqual(segment.status, "broken")
        self.field(role="birthday")
        self.run_rules()
        self.assertEqual((segment.status, segment.problem), ("ready", False))
