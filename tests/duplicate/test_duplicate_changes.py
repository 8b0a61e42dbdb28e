from odoo.tests import tagged

from ..factories import make_customer
from .duplicate_case import DuplicateCase


@tagged("post_install", "-at_install")
class TestDuplicateChanges(DuplicateCase):
    """After the full run, and before any: who changes is compared by himself."""

    def test_a_new_customer_is_compared_without_a_full_run(self):
        one, other = self.pair_up()
        self.compare_changes()
        self.assertTrue(self.waiting(one, other))

    def test_a_changed_phone_makes_and_ends_a_pair(self):
        one, other = self.pair_up(phone=False)
        self.full_run()
        self.assertFalse(self.waiting(one, other))
        one.phone = other.phone = "+989121234567"
        self.compare_changes()
        self.assertTrue(self.waiting(one, other))
        other.write({"phone": "+989350000000", "name": "زهرا کمالی"})
        self.compare_changes()
        self.assertEqual(self.found(one, other).state, "gone")

    def test_who_is_archived_leaves_the_queue_and_comes_back(self):
        one, other = self.pair_up()
        self.compare_changes()
        other.active = False
        self.compare_changes()
        self.assertEqual(self.found(one, other).state, "gone")
        other.active = True
        self.compare_changes()
        self.assertEqual(self.found(one, other).state, "open")

    def test_who_is_deleted_takes_his_pairs_along(self):
        one, other = self.pair_up()
        self.compare_changes()
        self.assertTrue(self.found(one, other))
        other_id = other.id
        other.unlink()
        self.assertFalse(self.pairs.search([("other_id", "=", other_id)]))
        self.compare_changes()

    def test_changes_find_what_a_full_run_finds(self):
        one, other = self.pair_up("سارا راد", "سارا راد")
        third = make_customer(self.env, name="سار راد", phone="+989121234568")
        self.compare_changes()
        by_changes = {(p.partner_id, p.other_id) for p in self.pairs.search([])}
        self.pairs.search([]).unlink()
        self.full_run()
        by_run = {(p.partner_id, p.other_id) for p in self.pairs.search([])}
        self.assertEqual(by_changes, by_run)
        self.assertEqual(by_run, {(one, other), (one, third), (other, third)})

    def test_marking_costs_one_statement_for_any_number_of_events(self):
        self.settle()
        marks = self.env["mini_crm.duplicate.mark"]
        before = marks.search_count([])
        customers = [make_customer(self.env) for _number in range(5)]
        self.settle()
        marked = marks.search([])[before:].mapped("partner_id")
        self.assertLessEqual({c.id for c in customers}, set(marked))
