from odoo.exceptions import AccessError
from odoo.tests import tagged

from .duplicate_case import DuplicateCase


@tagged("post_install", "-at_install")
class TestDuplicateHint(DuplicateCase):
    """Who looks like a customer that is being typed."""

    def setUp(self):
        super().setUp()
        self.one, _other = self.pair_up("علی احمدی", "زهرا کمالی")
        _other.phone = "+989350001122"
        self.compare_changes()

    def look(self, **values):
        found = self.pairs.with_user(self.agent).look_alikes(values)
        return [one["id"] for one in found]

    def test_a_phone_or_an_address_or_a_name_is_enough(self):
        self.one.email = "ali.ahmadi@example.com"
        self.compare_changes()
        self.assertEqual(self.look(name="علی", phone="0912 123 4567"), self.one.ids)
        self.assertEqual(
            self.look(name="علی احمدی", email="ALI.ahmadi@example.com"), self.one.ids
        )
        self.assertEqual(self.look(name="احمدي علي"), self.one.ids)

    def test_half_typed_values_name_nobody(self):
        for values in ({}, {"name": "ع"}, {"phone": "0912"}, {"email": "ali@"}):
            self.assertEqual(self.look(**values), [])

    def test_reasons_come_along_in_words(self):
        values = {"name": "علی احمدی", "phone": "+98 912 123 4567"}
        (found,) = self.pairs.with_user(self.agent).look_alikes(values)
        self.assertIn("same phone", found["reasons"])

    def test_customers_of_other_companies_are_not_named(self):
        self.one.company_id = self.env["res.company"].create({"name": "Elsewhere"})
        self.compare_changes()
        self.assertEqual(self.look(name="علی احمدی", phone="0912 123 4567"), [])

    def test_portal_users_learn_nothing(self):
        with self.assertRaises(AccessError):
            self.pairs.with_user(self.portal).look_alikes({"name": "علی احمدی"})

    def test_it_costs_a_few_queries(self):
        self.look(name="علی احمدی", phone="0912 123 4567")
        self.env.invalidate_all()
        with self.assertQueryCount(10):
            self.look(name="علی احمدی", phone="0912 123 4567")
