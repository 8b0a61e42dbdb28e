from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ...models.merge.mini_crm_merge_values import OWN
from ..factories import make_customer
from .merge_case import MergeCase


@tagged("post_install", "-at_install")
class TestMergeRefusals(MergeCase):
    """Who cannot be merged, in words that say what to do."""

    def assert_refused(self, words, survivor, *others):
        with self.assertRaisesRegex(UserError, words):
            self.merging.with_user(self.manager).merge(
                survivor.id, [other.id for other in others]
            )

    def test_himself_nobody_and_too_many(self):
        one = make_customer(self.env)
        many = [make_customer(self.env) for _number in range(50)]
        self.assert_refused("with himself", one, one)
        self.assert_refused("at least two", one)
        self.assert_refused("At most 50", one, *many)

    def test_contacts_that_can_log_in(self):
        one = make_customer(self.env)
        self.assert_refused("can log in", one, self.agent.partner_id)
        self.assert_refused("can log in", self.portal.partner_id, one)
        gone = new_test_user(self.env, "gone", "base.group_portal")
        gone.active = False
        self.assert_refused("can log in", one, gone.partner_id)

    def test_companies_of_the_shop_and_customers_of_two(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.manager.company_ids |= other
        one = make_customer(self.env, company_id=self.company.id)
        two = make_customer(self.env, company_id=other.id)
        merging = self.merging.with_user(self.manager)
        merging = merging.with_context(allowed_company_ids=[self.company.id, other.id])
        with self.assertRaisesRegex(UserError, "different companies"):
            merging.merge(one.id, two.ids)
        with self.assertRaisesRegex(UserError, "company of yours"):
            merging.merge(one.id, other.partner_id.ids)

    def test_a_customer_of_all_companies_and_one_of_a_single_one(self):
        one = make_customer(self.env, company_id=self.company.id)
        two = make_customer(self.env)
        self.env["res.company"].create({"name": "Other"})
        self.assert_refused("Set the same company", one, two)
        self.assert_refused("Set the same company", two, one)
        two.company_id = self.company
        self.merge(one, two)
        self.assertFalse(two.active)

    def test_who_is_in_the_bin(self):
        one, two = make_customer(self.env), make_customer(self.env)
        two.write({"active": False, "binned_at": "2026-01-01"})
        self.assert_refused("in the bin", one, two)
        self.assert_refused("in the bin", two, one)
        self.assertLessEqual({"binned_at", "bin_note", "company_id"}, OWN)

    def test_who_was_merged_stays_archived(self):
        one, two, three = (make_customer(self.env) for _number in range(3))
        batch = self.merge(one, two)
        with self.assertRaisesRegex(UserError, "Take the merge back"):
            two.with_user(self.manager).action_unarchive()
        three.active = False
        self.settle()
        bulk = self.env["mini_crm.bulk"].with_user(self.manager)
        domain = [["id", "in", (two | three).ids], ["active", "=", False]]
        shown = bulk.preview("unarchive", domain, {})
        arguments = ("unarchive", domain, {}, shown["count"], shown["hash"])
        change = self.env["mini_crm.batch"].browse(bulk.apply(*arguments))
        while change.state in ("checking", "running"):
            change._as_user()._step(100)
            self.env.flush_all()
            change.invalidate_recordset()
        self.settle()
        self.assertEqual((two.active, three.active), (False, True))
        line = change.line_ids.filtered(lambda line: line.res_id == two.id)
        self.assertIn("merged into", str(line.message))
        self.undo(batch)
        self.assertTrue(two.active)

    def test_who_was_merged_already(self):
        one, two, three = (make_customer(self.env) for _number in range(3))
        self.merge(one, two)
        self.assert_refused("already", three, two)
        self.assert_refused("already", two, three)

    def test_a_company_and_its_contact(self):
        company = make_customer(self.env, is_company=True)
        contact = make_customer(self.env, parent_id=company.id)
        self.assert_refused("its own contact", company, contact)

    def test_who_may_not_write_all_of_them(self):
        one, two = make_customer(self.env), make_customer(self.env)
        self.settle()
        with self.assertRaises(AccessError):
            self.merging.with_user(self.portal).merge(one.id, two.ids)
        stranger = new_test_user(self.env, "employee_only", "base.group_user")
        with self.assertRaises(AccessError):
            self.merging.with_user(stranger).merge(one.id, two.ids)
        other = self.env["res.company"].create({"name": "Other"})
        two.company_id = other
        with self.assertRaises(AccessError):
            self.merging.with_user(self.agent).merge(one.id, two.ids)

    def test_choices_that_make_no_sense(self):
        one, two, three = (make_customer(self.env) for _number in range(3))
        merging = self.merging.with_user(self.manager)
        for choices in ({"id": one.id}, {"name": three.id}, {"name": "x"}, ["name"]):
            with self.assertRaises(UserError):
                merging.merge(one.id, two.ids, choices)
        self.assertTrue(two.active)
