from types import SimpleNamespace
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ...models.condition import mini_crm_rule_rebuild
from ..common import MiniCrmCase
from ..factories import make_customer, make_purchase

EVALUATION = "odoo.addons.mini_crm.models.condition.mini_crm_rule_evaluation"


class SegmentCase(MiniCrmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # what ships is none of these tests' business
        cls.env["mini_crm.segment"].search([]).active = False
        cls.env["mini_crm.tag.rule"].search([]).active = False

    def segment(self, domain, **values):
        return self.env["mini_crm.segment"].create(
            {"name": "Test", "domain": domain, **values}
        )

    def built(self, domain, **values):
        segment = self.segment(domain, **values)
        self.run_rules()
        return segment

    def run_rules(self):
        self.settle()
        self.env["mini_crm.rule"]._run_all()
        self.settle()

    def moves(self, customer, segment=None):
        """Sides of the customer's moves, oldest first."""
        events = self.events(customer, "segment_changed").sorted("id")
        return [
            event.data["to"]
            for event in events
            if not segment or event.data["segment_id"] == segment.id
        ]


@tagged("post_install", "-at_install")
class TestSegmentDifference(SegmentCase):
    def test_a_build_takes_in_those_for_whom_the_condition_holds(self):
        inside = make_customer(self.env, city="Shiraz")
        outside = make_customer(self.env, city="Tabriz")
        self.settle()
        segment = self.built("[('city', '=', 'Shiraz')]")
        members = segment.member_ids.partner_id
        self.assertIn(inside, members)
        self.assertNotIn(outside, members)
        self.assertEqual(segment.status, "ready")
        self.assertEqual(segment.member_count, len(members))
        event = self.events(inside, "segment_changed")
        self.assertEqual(
            event.data,
            {
                "segment_id": segment.id,
                "name": "Test",
                "to": "in",
                "reason": "condition",
                "bulk": True,
            },
        )

    def test_a_change_moves_only_in_the_segments_that_it_concerns(self):
        customer = make_customer(self.env, city="Shiraz")
        stays, enters, leaves = (
            self.built(f"[('city', 'in', {cities})]")
            for cities in (["Shiraz", "Tabriz"], ["Tabriz"], ["Shiraz"])
        )
        written, segments = [], type(stays)
        apply = segments._apply_differences

        def watched(rules, *arguments):
            written.append(rules)
            return apply(rules, *arguments)

        with patch.object(segments, "_apply_differences", watched):
            customer.city = "Tabriz"
            self.settle()
            customer.street = "Another one"
            self.settle()
        self.assertEqual(written, [enters | leaves])
        self.assertEqual(customer.segment_ids, stays | enters)
        self.assertEqual(self.moves(customer, stays), ["in"])
        self.assertEqual(self.moves(customer, leaves), ["in", "out"])

    def test_a_second_build_of_the_same_changes_nothing_and_logs_nothing(self):
        customer = make_customer(self.env, city="Shiraz")
        segment = self.built("[('city', '=', 'Shiraz')]")
        since = segment.member_ids.filtered(lambda m: m.partner_id == customer).since
        segment._rebuild()
        self.run_rules()
        member = segment.member_ids.filtered(lambda m: m.partner_id == customer)
        self.assertEqual(member.since, since)
        self.assertEqual(self.moves(customer), ["in"])

    def test_a_change_moves_the_customer_at_once_with_one_event_each(self):
        customer = make_customer(self.env, city="Tabriz")
        segment = self.built("[('city', '=', 'Shiraz')]")
        self.assertEqual(self.moves(customer), [])
        customer.city = "Shiraz"
        self.settle()
        self.assertEqual(segment.member_ids.partner_id, customer)
        self.assertEqual(segment.member_count, 1)
        event = self.events(customer, "segment_changed")
        self.assertNotIn("bulk", event.data)
        self.assertEqual(event.cause_id.type, "field_updated")
        customer.city = "Rasht"
        self.settle()
        self.assertFalse(segment.member_ids)
        self.assertEqual(segment.member_count, 0)
        self.assertEqual(self.moves(customer), ["in", "out"])

    def test_only_rules_that_read_the_change_are_looked_at(self):
        customer = make_customer(self.env)
        segment = self.built("[('city', '=', 'Shiraz')]")
        with patch.object(type(segment), "_evaluate", autospec=True) as evaluate:
            customer.street = "Hafez 1"
            self.settle()
            evaluate.assert_not_called()
            customer.city = "Yazd"
            self.settle()
            evaluate.assert_called_once()
        self.assertEqual(evaluate.call_args.args[1], [customer.id])

    def test_the_new_score_of_a_merged_customer_is_not_looked_at_again(self):
        customer = make_customer(self.env)
        segment = self.built("[('total_purchases', '>', 0)]")
        real = type(segment)._evaluate
        with patch.object(
            type(segment), "_evaluate", autospec=True, side_effect=real
        ) as evaluate:
            make_purchase(self.env, customer, 100)
            customer._log("customers_merged", data={"sources": []})
            self.settle()
        self.assertTrue(self.events(customer, "score_changed"))
        self.assertEqual(segment.member_ids.partner_id, customer)
        evaluate.assert_called_once()

    def test_an_archived_customer_is_nowhere_until_he_is_back(self):
        customer = make_customer(self.env, city="Shiraz")
        segment = self.built("[('city', '=', 'Shiraz')]")
        static = self.segment("[]", kind="static")
        static.pin([customer.id], "in")
        self.settle()
        self.assertEqual(static.member_count, 1)
        customer.action_archive()
        self.settle()
        self.assertEqual((segment.member_count, static.member_count), (0, 0))
        customer.action_unarchive()
        self.settle()
        self.assertEqual((segment.member_count, static.member_count), (1, 1))
        self.assertEqual(self.moves(customer, segment), ["in", "out", "in"])

    def test_pins_outweigh_the_condition(self):
        inside = make_customer(self.env, city="Shiraz")
        outside = make_customer(self.env, city="Tabriz")
        segment = self.built("[('city', '=', 'Shiraz')]")
        segment.pin([outside.id], "in")
        segment.pin([inside.id], "out")
        self.run_rules()
        segment._rebuild()
        self.run_rules()
        self.assertEqual(segment.member_ids.partner_id, outside)
        self.assertEqual(segment.member_ids.reason, "hand")
        self.assertEqual(self.moves(inside), ["in", "out"])
        self.assertEqual(
            self.events(inside, "segment_changed").sorted("id")[-1].data["reason"],
            "hand",
        )
        segment.unpin([inside.id, outside.id])
        self.settle()
        self.assertEqual(segment.member_ids.partner_id, inside)

    def test_a_deleted_customer_is_counted_no_more(self):
        customer = make_customer(self.env, city="Shiraz")
        segment = self.built("[('city', '=', 'Shiraz')]")
        self.assertEqual(segment.member_count, 1)
        customer.unlink()
        self.settle()
        self.assertEqual(segment.member_count, 0)

    def test_a_build_in_steps_ends_as_one_in_one(self):
        customers = [make_customer(self.env, city="Shiraz") for _ in range(5)]
        segment = self.segment("[('city', '=', 'Shiraz')]")
        with patch.object(mini_crm_rule_rebuild, "RANGE", 2):
            self.run_rules()
        self.assertEqual(segment.member_count, 5)
        self.assertEqual(set(segment.member_ids.partner_id), set(customers))

    def test_an_edited_condition_keeps_its_members_until_it_is_built_anew(self):
        old = make_customer(self.env, city="Shiraz")
        new = make_customer(self.env, city="Tabriz")
        segment = self.built("[('city', '=', 'Shiraz')]")
        generation = segment.generation
        segment.domain = "[('city', '=', 'Tabriz')]"
        self.assertEqual(segment.status, "waiting")
        self.assertEqual(segment.generation, generation + 1)
        self.assertEqual(segment.member_ids.partner_id, old)
        self.run_rules()
        self.assertEqual(segment.member_ids.partner_id, new)
        self.assertEqual(segment.built_generation, segment.generation)

    def test_an_edit_makes_a_running_build_begin_anew(self):
        for _ in range(3):
            make_customer(self.env, city="Tabriz")
        self.settle()
        segment = self.segment("[('city', '=', 'Shiraz')]")
        segment._step(1)
        self.assertTrue(segment.next_id)
        segment.domain = "[('city', '=', 'Tabriz')]"
        self.assertFalse(segment.next_id)
        self.run_rules()
        self.assertEqual(segment.member_count, 3)

    def test_conditions_that_count_from_now_are_compiled_once_a_minute(self):
        customer = make_customer(self.env)
        segment = self.built("[('last_contacted_at', '>=', '-3H')]")
        with (
            freeze_time("2026-03-10 12:00:10") as clock,
            patch.object(type(segment), "_query_among", autospec=True) as wanted,
        ):
            wanted.side_effect = lambda rule, chosen: SimpleNamespace(
                select=lambda: chosen(SQL("id"))
            )
            for seconds in (0, 20, 40):
                clock.tick(seconds)
                segment._wanted_among([customer.id])
        self.assertEqual(wanted.call_count, 2, "at 12:00 and at 12:01")

    def marks(self, customer):
        mark = self.env["mini_crm.rule.mark"].search([("id", "=", customer.id)])
        mark.invalidate_recordset()
        return mark.revision

    def test_members_of_a_deleted_segment_are_marked_only_where_rules_ask_for_it(self):
        customer = make_customer(self.env, city="Shiraz")
        domain = "[('city', '=', 'Shiraz')]"
        one, two = self.built(domain), self.built(domain)
        before = self.marks(customer)
        one.unlink()
        self.assertEqual(self.marks(customer), before)
        third = self.segment("[]", name="Third")
        self.segment(f"[('segment_ids', 'in', [{third.id}])]", name="Fourth")
        two.unlink()
        self.assertEqual(self.marks(customer), before + 1)

    def test_an_archived_segment_lets_go_without_events(self):
        customer = make_customer(self.env, city="Shiraz")
        segment = self.built("[('city', '=', 'Shiraz')]")
        segment.active = False
        self.run_rules()
        self.assertFalse(segment.member_ids)
        self.assertEqual(segment.status, "ready")
        self.assertEqual(self.moves(customer), ["in"])
        segment.active = True
        self.run_rules()
        self.assertEqual(segment.member_ids.partner_id, customer)

    @mute_logger(EVALUATION)
    def test_a_bad_rule_breaks_alone_and_the_others_run(self):
        customer = make_customer(self.env, city="Tabriz")
        good = self.built("[('city', '=', 'Shiraz')]")
        bad = self.built("[('city', '=', 'Shiraz')]", name="Bad")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mini_crm_segment SET domain = %s WHERE id = %s",
            ["[('no_such_field', '=', 1)]", bad.id],
        )
        self.env.invalidate_all()
        customer.city = "Shiraz"
        self.settle()
        self.assertEqual(good.member_ids.partner_id, customer)
        self.assertEqual(bad.status, "broken")
        self.assertIn("no_such_field", bad.problem)
        self.assertEqual(good.status, "ready")
        bad.domain = "[('city', '=', 'Shiraz')]"
        self.run_rules()
        self.assertEqual((bad.status, bad.problem), ("ready", False))
        self.assertEqual(bad.member_ids.partner_id, customer)

    @mute_logger(EVALUATION)
    def test_rules_that_fail_while_they_run_break_alone(self):
        customer = make_customer(self.env, city="Tabriz")
        good = self.built("[('city', '=', 'Shiraz')]")
        bad, worse = (
            self.built("[('city', '=', 'Shiraz')]", name=name)
            for name in ("Bad", "Worse")
        )
        kind = type(good)
        compiled = kind._wanted_among

        def dividing(rule, ids):
            if rule in bad | worse:
                return mini_crm_rule_rebuild.SQL("SELECT 1 / 0")
            return compiled(rule, ids)

        with patch.object(kind, "_wanted_among", dividing), mute_logger("odoo.sql_db"):
            customer.city = "Shiraz"
            self.settle()
        self.assertEqual(good.member_ids.partner_id, customer)
        self.env.invalidate_all()
        self.assertEqual((bad.status, worse.status), ("broken", "broken"))

    def test_the_size_of_the_day_is_noted_by_the_company(self):
        self.company.mini_crm_tz = "Pacific/Kiritimati"  # 14 hours ahead
        make_customer(self.env, city="Shiraz")
        segment = self.built("[('city', '=', 'Shiraz')]")
        with freeze_time("2026-03-01 09:59:00"):
            self.env["mini_crm.segment.count"]._cron_sizes()
        with freeze_time("2026-03-01 10:01:00"):
            self.env["mini_crm.segment.count"]._cron_sizes()
        self.assertEqual(
            [(str(size.date), size.members) for size in segment.size_ids],
            [("2026-03-02", 1), ("2026-03-01", 1)],
        )
        self.assertEqual(segment.member_count, 1)

    def test_a_daily_run_of_scores_has_rules_that_read_figures_compared(self):
        figures = self.built("[('crm_score', '>=', 101)]")
        other = self.built("[('city', '=', 'Shiraz')]")
        self.env["mini_crm.rule"]._rebuild_all({"profile"})
        self.assertTrue(figures.due_at)
        self.assertFalse(other.due_at)
        run = self.env["mini_crm.score.run"].create({"kind": "age"})
        while run.state != "done":
            run._step()
        self.assertTrue(other.due_at)


@tagged("post_install", "-at_install")
class TestSegmentNesting(SegmentCase):
    def test_a_segment_follows_the_one_it_names(self):
        customer = make_customer(self.env, city="Tabriz")
        inner = self.built("[('city', '=', 'Shiraz')]")
        outer = self.built(f"[('segment_ids', 'in', [{inner.id}])]", name="Outer")
        customer.city = "Shiraz"
        self.settle()
        self.assertEqual(outer.member_ids.partner_id, customer)
        inner.active = False
        self.run_rules()
        self.assertFalse(outer.member_ids)

    def test_a_build_is_heard_by_those_who_ask_for_segments_and_by_nobody_else(self):
        customer = make_customer(self.env, city="Shiraz")
        inner = self.built("[('city', '=', 'Tabriz')]")
        self.settle()
        queue = self.env["mini_crm.queue"]
        inner.domain = "[('city', '=', 'Shiraz')]"
        self.env["mini_crm.rule"]._run_all()
        self.assertIn(customer, inner.member_ids.partner_id)
        self.assertFalse(queue.search([("type", "=", "segment_changed")]))
        outer = self.built(f"[('segment_ids', 'in', [{inner.id}])]", name="Outer")
        inner.domain = "[('city', '=', 'Tabriz')]"
        self.run_rules()
        self.assertNotIn(customer, outer.member_ids.partner_id)

    def test_a_segment_cannot_contain_itself_by_another(self):
        inner = self.segment("[('city', '=', 'Shiraz')]", name="Inner")
        outer = self.segment(f"[('segment_ids', 'in', [{inner.id}])]", name="Outer")
        with self.assertRaisesRegex(ValidationError, "Inner > Outer > Inner"):
            inner.domain = f"[('segment_ids', 'in', [{outer.id}])]"

    def test_four_levels_are_the_most(self):
        inner = self.segment("[('city', '=', 'Shiraz')]")
        for _ in range(3):
            inner = self.segment(f"[('segment_ids', 'in', [{inner.id}])]")
        with self.assertRaisesRegex(ValidationError, "4"):
            self.segment(f"[('segment_ids', 'in', [{inner.id}])]")


@tagged("post_install", "-at_install")
class TestSegmentCompanies(SegmentCase):
    def test_a_company_finds_its_own_and_shared_customers_only(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.env["mini_crm.segment"].search([]).active = False
        own = make_customer(self.env, city="Shiraz", company_id=self.company.id)
        shared = make_customer(self.env, city="Shiraz", company_id=False)
        foreign = make_customer(self.env, city="Shiraz", company_id=other.id)
        ours = self.built("[('city', '=', 'Shiraz')]")
        theirs = self.built("[('city', '=', 'Shiraz')]", company_id=other.id)
        self.assertEqual(ours.member_ids.partner_id, own + shared)
        self.assertEqual(theirs.member_ids.partner_id, shared + foreign)
        own.company_id = other
        self.settle()
        self.assertEqual(ours.member_ids.partner_id, shared)
        self.assertIn(own, theirs.member_ids.partner_id)
        events = self.events(shared, "segment_changed")
        self.assertEqual(events.company_id, self.company + other)
