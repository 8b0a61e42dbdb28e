from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..factories import make_customer, make_identity
from .duplicate_case import DuplicateCase


@tagged("post_install", "-at_install")
class TestDuplicateRun(DuplicateCase):
    """The full run: whom it finds, whom it keeps apart, and what it leaves alone."""

    def test_a_person_typed_twice_is_found_with_reasons(self):
        one, other = self.pair_up("علي احمدي", "علی احمدی")
        other.phone = "0912 123 4568"
        batch = self.full_run()
        self.assertEqual((batch.state, batch.done), ("done", batch.total))
        pair = self.found(one, other)
        self.assertGreater(pair.score, 90)
        told = [code for code, *_bits in pair.reasons]
        self.assertEqual(told, ["name_same", "phone_slip"])

    def test_small_steps_find_the_same_as_large_ones(self):
        for number in range(6):
            self.pair_up(f"مشتری نام{number}", phone=f"+98912000{number}00{number}")
        self.full_run()
        large = self._all()
        self.pairs.search([]).unlink()
        self.full_run(limit=2)
        self.assertEqual(self._all(), large)
        self.assertEqual(len(large), 6)

    def _all(self):
        pairs = self.pairs.search([])
        return {
            (p.partner_id.id, p.other_id.id, p.score, str(p.reasons)) for p in pairs
        }

    def test_a_family_with_one_phone_does_not_wait_for_a_decision(self):
        one, other = self.pair_up("علی احمدی", "مریم احمدی", street="بهار ۱۲")
        self.full_run()
        self.assertFalse(self.waiting(one, other))

    def test_customers_of_two_companies_are_kept_apart(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        one, other = self.pair_up()
        one.company_id, other.company_id = self.company, elsewhere
        shared = make_customer(self.env, name=one.name, phone=one.phone)
        self.full_run()
        self.assertFalse(self.found(one, other))
        self.assertEqual(self.found(one, shared).company_id, self.company)
        self.assertEqual(self.found(other, shared).company_id, elsewhere)
        seen = self.pairs.with_user(self.agent).search([])
        self.assertEqual(seen, self.found(one, shared))

    def test_values_of_custom_fields_and_channels_are_compared(self):
        born = self.env["mini_crm.field"]._rules_by_slot()
        slot = next(slot for slot, rule in born.items() if rule.type == "date")
        one = make_customer(self.env, name="سارا راد", **{slot: "1990-01-02"})
        other = make_customer(self.env, name="سارا رادد", **{slot: "1990-01-02"})
        ali, bot = self.pair_up("علی", phone=False)
        make_identity(self.env, ali, username="ali_r", phone="+989357654321")
        make_identity(self.env, bot, username="Ali_R", phone="+989357654321")
        for number in range(60):
            make_customer(self.env, **{slot: f"19{30 + number}-05-06"})
        self.full_run()
        reasons = self.found(one, other).reasons
        self.assertIn(slot, [part[2] for part in reasons if part[0] == "slot_same"])
        codes = {part[0] for part in self.found(ali, bot).reasons}
        self.assertLessEqual({"handle_same", "phone_same"}, codes)

    def test_a_pair_that_is_no_longer_alike_needs_no_decision(self):
        one, other = self.pair_up()
        self.full_run()
        self.env.cr.execute("DELETE FROM mini_crm_duplicate_mark")
        other.write({"phone": "+989350000000", "name": "زهرا کمالی"})
        self.full_run()
        self.assertEqual(self.found(one, other).state, "gone")
        other.write({"phone": one.phone, "name": one.name})
        self.full_run()
        self.assertEqual(self.found(one, other).state, "open")

    def test_archived_customers_are_not_compared(self):
        one, other = self.pair_up()
        other.active = False
        self.full_run()
        self.assertFalse(self.found(one, other))

    def test_a_crowd_with_one_phone_is_no_evidence(self):
        for number in range(45):
            make_customer(self.env, name=f"نام{number}", phone="+982112345678")
        self.full_run()
        self.assertFalse(self.pairs.search([]))

    def test_one_run_at_a_time_and_by_managers_only(self):
        batches = self.env(user=self.manager)["mini_crm.batch"]
        first = batches.start_duplicates()
        self.assertEqual(batches.start_duplicates(), first)
        with self.assertRaises(AccessError):
            batches.with_user(self.agent).start_duplicates()

    def test_what_is_common_holds_until_a_new_run_has_read_everybody(self):
        for number in range(45):
            make_customer(self.env, name=f"نام{number}", phone="+982112345678")
        self.full_run()
        before = self._figures()
        self.assertTrue(before[0])
        batches = self.env(user=self.manager)["mini_crm.batch"]
        batch = self.env["mini_crm.batch"].browse(batches.start_duplicates())
        while batch.settings["phase"] != "compare" and not batch.cursor:
            batch._as_user()._step(20)
            batch.invalidate_recordset()
        batch._set_cancelled()
        self.assertEqual(self._figures(), before)
        self.full_run()
        self.assertEqual(self._figures(), before)

    def _figures(self):
        figures = self.env["mini_crm.duplicate.word"]._figures()
        return figures.crowds, figures.totals, figures.words
