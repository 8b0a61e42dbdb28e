import os

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..factories import PIXEL, make_customer, make_purchase
from .merge_case import MergeCase

PAIRS = 200 if os.environ.get("MINI_CRM_FULL") else 12
EXTRAS = (
    *("message", "purchase", "tag", "pin", "run", "child", "consent", "photo"),
    *("note", "task", "referral", "follower", "archived", "blacklist"),
)


@tagged("post_install", "-at_install")
class TestMergeUndo(MergeCase):
    """A merge that is undone has never been."""

    maxDiff = None

    def test_undo_brings_back_every_row_of_every_table(self):
        workflow = self.live(self.wait())
        one, two, three = (self.rich(workflow, n) for n in (1, 2, 3))
        before = self.photograph()
        batch = self.merge(one, two, three)
        self.assertEqual(batch.state, "done")
        self.assertFalse((two | three).filtered("active"))
        self.assertEqual(self.undo(batch), 0)
        self.assertEqual(batch.state, "undone")
        self.assert_same(before, self.photograph())
        self.assert_counts_right()

    def test_conditions_name_the_survivor_until_the_undo(self):
        one, two, other = (make_customer(self.env, name=f"C{n}") for n in range(3))
        text = f"[('referred_by_id', 'in', [{two.id}, {other.id}])]"
        segment = self.env["mini_crm.segment"].create(
            {"name": "Brought", "domain": text}
        )
        saved = self.env["ir.filters"].create(
            [
                {"name": "One", "model_id": "res.partner", "domain": domain}
                for domain in (
                    f"[('id', '=', {two.id})]",
                    f"[('color', '=', {two.id})]",
                    f"[('user_id', '=', uid), ('id', '=', {two.id})]",
                )
            ]
        )
        before = saved.mapped("domain")
        batch = self.merge(one, two)
        self.assertEqual(
            segment.domain, f"[('referred_by_id', 'in', [{one.id}, {other.id}])]"
        )
        self.assertEqual(
            saved.mapped("domain"), [f"[('id', '=', {one.id})]", *before[1:]]
        )
        self.assertEqual(self.undo(batch), 0)
        self.assertEqual(segment.domain, text)
        self.assertEqual(saved.mapped("domain"), before)

    def test_whom_the_survivor_has_brought_follow_a_condition_to_him(self):
        one, two = (make_customer(self.env, name=f"C{n}") for n in range(2))
        brought, other = (
            make_customer(self.env, name=f"Brought {n}", referred_by_id=who.id)
            for n, who in enumerate((one, two))
        )
        segment = self.env["mini_crm.segment"].create(
            {"name": "Brought", "domain": f"[('referred_by_id', '=', {two.id})]"}
        )
        self.follow(segment, other)
        batch = self.merge(one, two)
        self.follow(segment, brought + other)
        self.assertEqual(self.undo(batch), 0)
        self.follow(segment, other)

    def follow(self, segment, members):
        """Let the workers look, then require who is in a segment."""
        self.settle()
        self.env["mini_crm.rule"]._run_all()
        self.env.invalidate_all()
        self.assertEqual(segment.member_ids.partner_id, members)

    def test_undo_by_the_worker_is_the_same(self):
        workflow = self.live(self.wait())
        one, two = (self.rich(workflow, n) for n in (1, 2))
        before = self.photograph()
        batch = self.merge(one, two)
        batch.with_user(self.manager).undo()
        while batch.state == "undoing":
            batch._as_user()._step(5000)
            self.settle()
        self.assert_same(before, self.photograph())

    def test_random_pairs_are_as_before(self):
        workflow = self.live(self.wait())
        part = st.sets(st.sampled_from(EXTRAS))

        @settings(
            max_examples=PAIRS,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        )
        @given(st.tuples(part, part), st.booleans())
        def pairs(extras, other_way):
            savepoint = self.env.cr.savepoint(flush=False)
            try:
                people = [self.person(workflow, n, extras[n]) for n in (0, 1)]
                if other_way:
                    people.reverse()
                before = self.photograph()
                batch = self.merge(*people)
                self.assertEqual(self.undo(batch), 0)
                self.assert_same(before, self.photograph())
                self.assert_counts_right()
            finally:
                savepoint.rollback()
                savepoint.close()
                self.env.invalidate_all(flush=False)
                self.env.cr.precommit.clear()

        pairs()

    def person(self, workflow, number, extras):
        customer = make_customer(
            self.env,
            email=f"p{number}@example.com",
            city="Shiraz" if number else "Yazd",
        )
        self.settle()
        for extra in sorted(extras):
            getattr(self, f"_add_{extra}")(customer, workflow, number)
        self.settle()
        return customer

    def _add_message(self, customer, _workflow, number):
        self.talk(customer, number)

    def _add_purchase(self, customer, _workflow, number):
        make_purchase(self.env, customer, 100 + number)

    def _add_tag(self, customer, _workflow, _number):
        customer.category_id |= self.tag | self.other_tag

    def _add_pin(self, customer, _workflow, number):
        self.guests.pin(customer.ids, "in")
        self.segment.pin(customer.ids, "out" if number else "in")

    def _add_run(self, customer, workflow, _number):
        workflow._start(customer)

    def _add_child(self, customer, workflow, number):
        self.write_rows(customer, workflow, number)

    def _add_consent(self, customer, _workflow, number):
        customer._set_consent("telegram", "out" if number else "in", source="person")

    def _add_photo(self, customer, _workflow, _number):
        customer.image_1920 = PIXEL

    def _add_note(self, customer, _workflow, _number):
        customer.message_post(body="Note", message_type="comment")

    def _add_task(self, customer, _workflow, _number):
        customer.activity_schedule("mail.mail_activity_data_todo", summary="Call")

    def _add_referral(self, customer, _workflow, _number):
        make_customer(self.env, referred_by_id=customer.id)

    def _add_follower(self, customer, _workflow, _number):
        self.manager.partner_id.message_subscribe(customer.ids)

    def _add_archived(self, customer, _workflow, _number):
        customer.active = False

    def _add_blacklist(self, customer, _workflow, _number):
        self.env["mail.blacklist"]._add(customer.email)

    # What was changed since

    def test_what_was_changed_since_stays_and_is_listed(self):
        one = make_customer(self.env, name="One", email="one@example.com")
        two = make_customer(self.env, name="Two", phone="+989125550001")
        batch = self.merge(one, two)
        self.assertEqual(
            one.phone, "+98 912 555 0001" if " " in one.phone else one.phone
        )
        self.assertTrue(one.phone)
        one.phone = "+989125559999"
        kept = self.undo(batch)
        self.assertTrue(kept)
        self.assertIn("9999", one.phone)
        line = batch.line_ids.filtered(lambda line: line.res_id == one.id)
        self.assertEqual(line.state, "kept")
        self.assertIn("Phone", line.message)
        self.assertTrue(two.active)

    def test_what_came_since_stays_with_the_survivor(self):
        one, two = make_customer(self.env), make_customer(self.env)
        batch = self.merge(one, two)
        purchase = make_purchase(self.env, one, 50)
        self.settle()
        self.assertEqual(self.undo(batch), 0)
        self.assertEqual(purchase.partner_id, one)
        self.assertEqual(one.total_purchases, 1)
        self.assertEqual(two.total_purchases, 0)

    def test_chains_are_undone_backwards(self):
        one, two, three = (make_customer(self.env) for _n in range(3))
        first = self.merge(one, two)
        second = self.merge(three, one)
        redirects = self.env["mini_crm.redirect"]
        self.assertEqual(
            redirects._survivors([one.id, two.id]), {one.id: three.id, two.id: three.id}
        )
        with self.assertRaisesRegex(UserError, "undo .* first"):
            self.undo(first)
        self.undo(second)
        self.assertEqual(redirects._survivors([one.id, two.id]), {two.id: one.id})
        self.undo(first)
        self.assertFalse(redirects._survivors([one.id, two.id]))

    def test_agents_undo_their_own_merges_only(self):
        one, two, three = (make_customer(self.env) for _n in range(3))
        self.settle()
        mine = self.merging.with_user(self.agent).merge(one.id, two.ids)
        self.settle()
        self.merging.with_user(self.agent).undo(mine)
        self.assertTrue(two.active)
        others = self.merge(one, three)
        with self.assertRaises(AccessError):
            self.merging.with_user(self.agent).undo(others.id)

    def test_the_page_of_who_was_merged_takes_the_merge_back(self):
        one, two, three = (make_customer(self.env) for _n in range(3))
        self.settle()
        self.merging.with_user(self.agent).merge(one.id, two.ids)
        self.settle()
        self.assertEqual(two.with_user(self.agent).action_undo_merge(), 0)
        self.assertTrue(two.active)
        self.merge(one, three)
        with self.assertRaises(AccessError):
            three.with_user(self.agent).action_undo_merge()
        with self.assertRaises(UserError):
            two.with_user(self.agent).action_undo_merge()

    def test_a_message_that_the_merge_cancelled_waits_again(self):
        workflow = self.live(self.wait())
        one, two = (self.rich(workflow, n) for n in (1, 2))
        run = two._active_runs()
        message = self.env["mini_crm.message"].search(
            [("partner_id", "=", two.id), ("state", "=", "queued")]
        )
        message.workflow_run_id = run
        batch = self.merge(one, two)
        self.assertEqual(message.state, "cancelled")
        self.assertEqual(run.state, "stopped")
        self.undo(batch)
        self.assertEqual(message.state, "queued")
        self.assertEqual(run.state, "waiting")
        self.assertTrue(
            self.env["mini_crm.outbox"].search([("message_id", "=", message.id)])
        )
