from unittest.mock import patch

from odoo.tests import tagged

from ...engine.duplicates import CROWD
from ...models.duplicate import mini_crm_duplicate_compare, mini_crm_duplicate_mark
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

    def test_a_crowd_that_came_without_a_full_run_is_not_looked_into(self):
        for number in range(CROWD + 5):
            make_customer(self.env, name=f"نام{number}", email="none@example.com")
        judge = mini_crm_duplicate_compare.judge
        with patch.object(
            mini_crm_duplicate_compare, "judge", side_effect=judge
        ) as judged:
            self.compare_changes()
        self.assertLess(judged.call_count, CROWD)
        one, other = self.pair_up()
        self.compare_changes()
        self.assertTrue(self.waiting(one, other))

    def test_a_step_ends_in_time_and_who_is_left_stays_marked(self):
        pairs = [self.pair_up(f"نام{n} راد", phone=f"+98912000100{n}") for n in (1, 2)]
        self.settle()
        marks = self.env["mini_crm.duplicate.mark"]
        with (
            patch.object(mini_crm_duplicate_mark, "SECONDS", 0),
            patch.object(mini_crm_duplicate_mark, "PORTION", 1),
        ):
            before = marks._waiting()
            done = marks._step()
            self.assertLess(done, before)
            self.assertGreaterEqual(marks._waiting(), 3)
            self.compare_changes()
        self.assertFalse(marks._waiting())
        self.assertTrue(all(self.waiting(*pair) for pair in pairs))

    def test_a_changed_vat_number_is_compared(self):
        for number in range(30):
            make_customer(self.env, name=f"نام{number}", vat=f"101034567{number}")
        one, other = self.pair_up("سارا راد", phone=False)
        self.full_run()
        self.assertFalse(self.found(one, other))
        one.vat = other.vat = "20311000000"
        self.compare_changes()
        self.assertIn("vat", [part[-1] for part in self.found(one, other).reasons])
